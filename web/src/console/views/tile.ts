/** One picture with the truth about it. */

import { html, nothing, type TemplateResult } from "lit-html";

import { fixAge, freshnessOf } from "../../map/freshness";
import type { SessionSummary, StillView } from "../../signalling/messages";
import type { Desk } from "../desk";
import { pictureDelay } from "../picturedelay";
import { isDegraded, isWithoutVideo, rungPhrase, rungWord } from "../rungs";
import { incidentName, isBlurred, isByOrder, otherWatchers, sharerTitle, sharerWord, shortName } from "../select";
import { duration } from "../times";
import { tileTruth, type TileTruth } from "../tiletruth";
import { withPin, type TileSize } from "../wallplaces";
import { blurView } from "./blur";
import { sightView } from "./flight";
import { icon } from "./icons";

/** Where a picture stands, and how large it is there. */
export interface TilePlace {
  isOnWall: boolean;
  size: TileSize;
  /** Whether Tab comes to it; the arrows lead to the others. */
  isTabStop?: boolean;
  /** All pictures are of one incident: what tells them apart is who films. */
  isOfIncident?: boolean;
}

/** What is drawn of a picture. */
interface Shown {
  video: HTMLVideoElement | null;
  /** What stands for the video on a bad line. */
  still: StillView | null;
  hasPicture: boolean;
  blurs: boolean;
}

/** A picture, alone or on the wall. */
export function tileView(desk: Desk, session: SessionSummary, place: TilePlace): TemplateResult {
  const streamId = session.stream?.id ?? null;
  const shown = shownOf(desk, session, streamId);
  const truth = truthOf(desk, session);
  const open = (): void => { if (place.isOnWall) desk.acts.choose(session.id); };
  return html`<article class=${tileClasses(place, truth, shown)} data-testid="tile" data-session-id=${session.id} data-truth=${truth.label}
    data-size=${place.size} tabindex=${place.isTabStop === false ? "-1" : "0"} aria-label=${`${tileName(session, incidentName(session))}: ${truth.label}`}
    @click=${(event: Event) => { if (!isOnControl(event)) open(); }}
    @keydown=${(event: KeyboardEvent) => { if (event.key === "Enter" && !isOnControl(event)) open(); }}>
    ${shown.video ?? nothing}
    ${shown.still === null ? nothing : html`<img class="tile-still" data-testid="still" src=${shown.still.url} alt="Still of the ${sharerWord(session)}’s camera">`}
    <div class="tile-top">
      <span class="truth truth-${truth.tone}" data-testid="truth">${truth.label}</span>
      ${place.isOnWall ? html`<span class="tile-name" title=${incidentName(session)}>${place.isOfIncident === true ? sharerTitle(session) : tileName(session, shortName(session))}</span>` : nothing}
      ${recBadge(session)}
      ${truth.tone === "live" ? rungBadge(session) : nothing}
      <span class="spacer"></span>
      ${watchers(desk, session, place.isOnWall)}
    </div>
    ${shown.hasPicture ? [overlay(truth), shown.blurs ? blurView(desk, session) : nothing] : centre(truth)}
    ${sightView(desk, session, place, shown)}
    ${tapButton(desk, streamId)}
    <div class="tile-bottom">
      ${place.isOnWall ? positionAge(desk, session) : nothing}
      ${shown.hasPicture && shown.still === null ? delayBadge(desk, session) : nothing}
      <span class="spacer"></span>
      ${tileButtons(desk, session, place, shown)}
    </div>
  </article>`;
}

/** The incident, and of an officer's picture or a drone's who films. */
function tileName(session: SessionSummary, incident: string): string {
  return isByOrder(session) ? `${incident} · ${sharerTitle(session)}` : incident;
}

function shownOf(desk: Desk, session: SessionSummary, streamId: string | null): Shown {
  const video = streamId === null ? null : desk.pool.videoOf(streamId);
  const still = isWithoutVideo(session) ? (desk.state.ladderStills[session.id] ?? null) : null;
  const hasFrames = video !== null && streamId !== null && desk.pool.statusOf(streamId)?.lastFrameAt != null;
  return { video, still, hasPicture: still !== null || hasFrames, blurs: isBlurred(desk.state, session.id) };
}

function tileClasses(place: TilePlace, truth: TileTruth, { hasPicture, blurs }: Shown): string {
  const wall = place.isOnWall ? "is-on-wall" : "";
  return `tile tile-${place.size} tone-${truth.tone} ${wall} ${hasPicture ? "has-picture" : ""} ${blurs ? "is-blurred" : ""}`;
}

/** The truth about a session's picture on this page, now. */
export function truthOf(desk: Desk, session: SessionSummary): TileTruth {
  const { state } = desk;
  const watch = session.stream === null ? null : desk.pool.statusOf(session.stream.id);
  return tileTruth({
    session, watch, still: state.ladderStills[session.id] ?? null, isSynced: state.isSynced, now: desk.at, clockOffset: state.clockOffset, shownSince: desk.shownSince,
  });
}

function isOnControl(event: Event): boolean {
  return event.target instanceof Element && event.target.closest("button, a") !== null;
}

function tileButtons(
  desk: Desk, session: SessionSummary, place: TilePlace, { video, hasPicture, blurs }: Shown,
): (TemplateResult | typeof nothing)[] {
  const { pinned } = desk.state.preferences.wall;
  const isPinned = pinned.includes(session.id);
  return [
    soundButton(desk, session, place, video),
    hasPicture && !blurs
      ? html`<button type="button" class="icon-button dark" aria-label="Blur the picture" title="Blur the picture (Alt+B)" data-testid="blur"
          @click=${() => desk.acts.showPicture(session.id, false)}>${icon("blur")}</button>`
      : nothing,
    place.isOnWall
      ? html`<button type="button" class="icon-button dark ${isPinned ? "is-on" : ""}" aria-pressed=${isPinned} data-testid="pin"
          aria-label="Keep in its place" title="Keep in its place" @click=${() => desk.acts.arrangeWall({ pinned: withPin(pinned, session.id) })}>${icon("pin")}</button>
        <button type="button" class="button small" data-testid="open-tile" aria-label=${`Open ${incidentName(session)}`}
          @click=${() => desk.acts.choose(session.id)}>Open</button>`
      : nothing,
    hasPicture
      ? html`<button type="button" class="icon-button dark" aria-label="Full screen" title="Full screen"
          data-testid="full-screen" @click=${toggleFullScreen}>${icon("expand")}</button>`
      : nothing,
  ];
}

/** An officer's picture, or a drone's, may bring sound: one is heard at a time, on the large tile, and only when it is asked for. */
function soundButton(desk: Desk, session: SessionSummary, place: TilePlace, video: HTMLVideoElement | null): TemplateResult | typeof nothing {
  if (!isByOrder(session) || place.isOnWall || video === null) return nothing;
  const toggle = (): void => {
    video.muted = !video.muted;
    desk.acts.local({});
  };
  const label = video.muted ? `Listen to the ${session.kind === "flight" ? "drone" : "officer’s phone"}` : "Stop listening";
  return html`<button type="button" class="icon-button dark ${video.muted ? "" : "is-on"}" aria-pressed=${!video.muted} data-testid="listen"
    aria-label=${label} title=${label} @click=${toggle}>${icon(video.muted ? "mute" : "sound")}</button>`;
}

/** Without a picture: the label in the middle, large and calm. */
function centre(truth: TileTruth): TemplateResult {
  return html`<div class="tile-centre"><strong>${truth.label}</strong><span data-testid="truth-detail">${truth.detail}</span></div>`;
}

/** With a picture: the sentence across it, only when something is wrong. */
function overlay(truth: TileTruth): TemplateResult | typeof nothing {
  if (truth.detail === "") return nothing;
  return html`<div class="tile-warning">${icon("warning")}<span data-testid="truth-detail">${truth.detail}</span></div>`;
}

/** How old the picture is when it is seen here; it says so when that cannot be known. */
function delayBadge(desk: Desk, session: SessionSummary): TemplateResult {
  const watch = session.stream === null ? null : desk.pool.statusOf(session.stream.id);
  const { text, isLate, ms } = pictureDelay({
    sending: desk.state.sendingDelays[session.id], watch, now: desk.now, limit: desk.state.latePicture_ms, isDrone: session.kind === "flight",
  });
  return html`<span class="tile-fact ${isLate ? "is-late" : ""} ${ms === null ? "is-unknown" : ""}" data-testid="delay" data-ms=${ms ?? ""}
    title="From the camera of the ${session.kind === "flight" ? "drone" : "phone"} to this screen, as both ends measure it">${text}</span>`;
}

function positionAge(desk: Desk, session: SessionSummary): TemplateResult {
  const fix = session.last_position;
  if (fix === null) return html`<span class="tile-fact is-unknown">no position</span>`;
  const age = fixAge(fix, desk.now);
  return html`<span class="tile-fact fix-${freshnessOf(age)}" data-testid="tile-fix-age" title="Age of the last position"><span class="fact-more">±${Math.round(fix.accuracy_m)} m, </span>${age < 2 ? "now" : `${duration(age)} ago`}</span>`;
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
function watchers(desk: Desk, session: SessionSummary, isOnWall: boolean): TemplateResult | typeof nothing {
  const others = otherWatchers(session, desk.state.me.name);
  if (others.length === 0) return nothing;
  const names = others.join(", ");
  return html`<span class="tile-watchers" data-testid="watchers" title="Also watching: ${names}">
    ${icon("eye")}${isOnWall ? others.length : names}</span>`;
}

function tapButton(desk: Desk, streamId: string | null): TemplateResult | typeof nothing {
  if (streamId === null || desk.pool.statusOf(streamId)?.needsTap !== true) return nothing;
  return html`<button type="button" class="button primary tile-tap" @click=${() => desk.acts.resumeVideo(streamId)}>
    ${icon("play")}Play the picture</button>`;
}

/** Shows a picture over the whole screen, or no longer. */
export function toggleFullScreen(event: Event): void {
  const tile = (event.currentTarget as HTMLElement).closest(".tile");
  if (document.fullscreenElement === null) void tile?.requestFullscreen();
  else void document.exitFullscreen();
}
