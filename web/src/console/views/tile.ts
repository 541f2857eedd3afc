/** One picture with the truth about it. */

import { html, nothing, type TemplateResult } from "lit-html";

import type { SessionSummary } from "../../signalling/messages";
import type { Desk } from "../desk";
import { incidentName, otherWatchers } from "../select";
import { tileTruth, type TileTruth } from "../tiletruth";
import { icon } from "./icons";

/** A picture, large or on the wall. */
export function tileView(desk: Desk, session: SessionSummary, size: "large" | "wall"): TemplateResult {
  const streamId = session.stream?.id ?? null;
  const video = streamId === null ? null : desk.pool.videoOf(streamId);
  const truth = truthOf(desk, session);
  const hasPicture = video !== null && (desk.pool.statusOf(streamId ?? "")?.lastFrameAt ?? null) !== null;
  return html`<div class="tile tile-${size} tone-${truth.tone} ${hasPicture ? "has-picture" : ""}" data-testid="tile"
    data-session-id=${session.id} data-truth=${truth.label}>
    ${video ?? nothing}
    <div class="tile-top">
      <span class="truth truth-${truth.tone}" data-testid="truth">${truth.label}</span>
      ${size === "wall" ? html`<span class="tile-name">${incidentName(session)}</span>` : nothing}
      ${recBadge(session)}
      <span class="spacer"></span>
      ${watchers(desk, session, size)}
    </div>
    ${hasPicture ? overlay(truth) : centre(truth)}
    ${tapButton(desk, streamId)}
    <div class="tile-bottom">
      ${size === "wall"
        ? html`<button type="button" class="button small" @click=${() => desk.acts.choose(session.id)}>Open</button>`
        : nothing}
      ${video === null ? nothing : html`<button type="button" class="icon-button dark" aria-label="Full screen" title="Full screen"
        data-testid="full-screen" @click=${toggleFullScreen}>${icon("expand")}</button>`}
    </div>
  </div>`;
}

/** The truth about a session's picture on this page, now. */
export function truthOf(desk: Desk, session: SessionSummary): TileTruth {
  const { state } = desk;
  const watch = session.stream === null ? null : desk.pool.statusOf(session.stream.id);
  return tileTruth({
    session, watch, isSynced: state.isSynced, now: desk.at, clockOffset: state.clockOffset, shownSince: desk.shownSince,
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
