/** One picture with the truth about it. */

import { html, nothing, type TemplateResult } from "lit-html";

import type { SessionSummary, StillView } from "../../signalling/messages";
import type { Desk } from "../desk";
import { incidentName, otherWatchers } from "../select";
import { isDegraded, isWithoutVideo, rungPhrase, rungWord } from "../rungs";
import { tileTruth, type TileTruth } from "../tiletruth";
import { icon } from "./icons";

/** A picture, large or on the wall. */
export function tileView(desk: Desk, session: SessionSummary, size: "large" | "wall"): TemplateResult {
  const truth = truthOf(desk, session);
  const still = stillOf(desk, session);
  const hasPicture = still !== null || hasFrames(desk, session);
  return html`<div class="tile tile-${size} tone-${truth.tone} ${hasPicture ? "has-picture" : ""}" data-testid="tile"
    data-session-id=${session.id} data-truth=${truth.label}>
    ${videoOf(desk, session) ?? nothing}
    ${still === null ? nothing : html`<img class="tile-still" data-testid="still" src=${still.url} alt="Still of the caller’s camera">`}
    <div class="tile-top">
      <span class="truth truth-${truth.tone}" data-testid="truth">${truth.label}</span>
      ${size === "wall" ? html`<span class="tile-name">${incidentName(session)}</span>` : nothing}
      ${recBadge(session)}
      ${truth.tone === "live" ? rungBadge(session) : nothing}
      <span class="spacer"></span>
      ${watchers(desk, session, size)}
    </div>
    ${hasPicture ? overlay(truth) : centre(truth)}
    ${tapButton(desk, session.stream?.id ?? null)}
    ${tileBottom(desk, session, size)}
  </div>`;
}

function tileBottom(desk: Desk, session: SessionSummary, size: "large" | "wall"): TemplateResult {
  return html`<div class="tile-bottom">
    ${size === "wall"
      ? html`<button type="button" class="button small" @click=${() => desk.acts.choose(session.id)}>Open</button>`
      : nothing}
    ${videoOf(desk, session) === null ? nothing : html`<button type="button" class="icon-button dark" aria-label="Full screen" title="Full screen"
      data-testid="full-screen" @click=${toggleFullScreen}>${icon("expand")}</button>`}
  </div>`;
}

function videoOf(desk: Desk, session: SessionSummary): HTMLVideoElement | null {
  return session.stream === null ? null : desk.pool.videoOf(session.stream.id);
}

/** Whether a picture of the video was presented here, be it old. */
function hasFrames(desk: Desk, session: SessionSummary): boolean {
  if (session.stream === null || videoOf(desk, session) === null) return false;
  return desk.pool.statusOf(session.stream.id)?.lastFrameAt != null;
}

/** The still that stands for the video. */
function stillOf(desk: Desk, session: SessionSummary): StillView | null {
  return isWithoutVideo(session) ? (desk.state.ladderStills[session.id] ?? null) : null;
}

/** The truth about a session's picture on this page, now. */
export function truthOf(desk: Desk, session: SessionSummary): TileTruth {
  const { state } = desk;
  const watch = session.stream === null ? null : desk.pool.statusOf(session.stream.id);
  return tileTruth({
    session, watch, still: state.ladderStills[session.id] ?? null, isSynced: state.isSynced, now: desk.at, clockOffset: state.clockOffset, shownSince: desk.shownSince,
  });
}

/** Without a picture: the label in the middle, large and calm. */
function centre(truth: TileTruth): TemplateResult {
  return html`<div class="tile-centre"><strong>${truth.label}</strong><span data-testid="truth-detail">${truth.detail}</span></div>`;
}

/** With a picture: the sentence across it, only when something is wrong. */
function overlay(truth: TileTruth): TemplateResult | typeof nothing {
  if (truth.detail === "") return nothing;
  return html`<div class="tile-warning" role="status">${icon("warning")}<span data-testid="truth-detail">${truth.detail}</span></div>`;
}

/** A live picture that is smaller than it could be. */
function rungBadge(session: SessionSummary): TemplateResult | typeof nothing {
  if (!isDegraded(session) || session.rung === null) return nothing;
  return html`<span class="tile-rung" data-testid="rung" title=${rungPhrase(session.rung)}>${rungWord(session.rung.rung)} · slow connection</span>`;
}

function recBadge(session: SessionSummary): TemplateResult | typeof nothing {
  const { state } = session.recording;
  if (state === "off") return nothing;
  const words = { starting: "REC starting", recording: "REC", alarm: "NOT RECORDING" };
  return html`<span class="rec rec-${state}">${words[state]}</span>`;
}

/** Who else watches: by name on the large picture, by number on the wall. */
function watchers(desk: Desk, session: SessionSummary, size: "large" | "wall"): TemplateResult | typeof nothing {
  const others = otherWatchers(session, desk.state.me.name);
  if (others.length === 0) return nothing;
  const names = others.join(", ");
  return html`<span class="tile-watchers" data-testid="watchers" title="Also watching: ${names}">
    ${icon("eye")}${size === "large" ? names : others.length}</span>`;
}

function tapButton(desk: Desk, streamId: string | null): TemplateResult | typeof nothing {
  if (streamId === null || desk.pool.statusOf(streamId)?.needsTap !== true) return nothing;
  return html`<button type="button" class="button primary tile-tap" @click=${() => desk.acts.resumeVideo(streamId)}>
    ${icon("play")}Show the picture</button>`;
}

function toggleFullScreen(event: Event): void {
  const tile = (event.currentTarget as HTMLElement).closest(".tile");
  if (document.fullscreenElement === null) void tile?.requestFullscreen();
  else void document.exitFullscreen();
}
