/** A drone's flight: what it says beside the picture, and what is asked of the picture by a click. */

import { html, nothing, type TemplateResult } from "lit-html";

import { percentOf, placeAt, type PicturePlace, type Size } from "../../map/pictureplace";
import type { SessionSummary } from "../../signalling/messages";
import type { Desk } from "../desk";
import { basisWords } from "../flightphrases";
import { doubtfulWords, flightFacts } from "../flightwords";
import { pictureTime } from "../picturedelay";
import { hasEnded, isBlurred } from "../select";
import type { Asked, Taken } from "../sky";
import { clockWithDay, duration, secondsSince } from "../times";
import { icon } from "./icons";
import { copyButton, panel } from "./pieces";
import { sharesView } from "./share";

/** Telemetry that is older than this, in seconds, is said to be. */
const QUIET_S = 5;

/** What films, how it flies and where its camera looks; `pictureRows` are those of every session. */
export function droneView(desk: Desk, session: SessionSummary, pictureRows: TemplateResult): TemplateResult {
  const flight = desk.sky.newest(session.id);
  const doubt = doubtfulWords(desk.sky.doubtsOf(session.id));
  return panel("Drone", html`<dl class="facts">
    <dt>Aircraft</dt><dd data-testid="drone-name">${session.source?.name ?? ""}</dd>
    <dt>In the air</dt><dd data-testid="drone-launched">${session.consented_at === null ? "not launched" : `since ${clockWithDay(session.consented_at, desk.now)}`}</dd>
    ${plannedRows(desk, session)}
    <dt>First picture</dt><dd data-testid="first-picture">${session.live_at === null ? "none so far" : clockWithDay(session.live_at, desk.now)}</dd>
    ${flight === null ? nothing : flightFacts(flight).map(([name, words]) => html`<dt>${name}</dt><dd data-testid="flight-fact">${words}</dd>`)}
    ${hasEnded(session) ? nothing : html`<dt>Telemetry</dt>${telemetryAge(desk, flight?.fixed_at ?? null)}`}
    ${pictureRows}
  </dl>
  ${doubt === "" ? nothing : html`<p class="warning-text" role="status" data-testid="flight-doubt">${doubt}</p>`}
  ${flight === null ? nothing : askButtons(desk, session)}${sharesView(desk, session)}`);
}

/** Who flies it, and why. */
function plannedRows(desk: Desk, session: SessionSummary): TemplateResult | typeof nothing {
  const flight = desk.fleet.flightOf(session.id);
  if (flight === undefined) return nothing;
  return html`<dt>Pilot</dt><dd data-testid="flight-pilot-name">${flight.pilot.name}</dd>
    <dt>Purpose</dt><dd data-testid="flight-purpose-words">${flight.purpose}</dd>
    <dt>Basis</dt><dd>${basisWords(flight)}</dd>`;
}

function telemetryAge(desk: Desk, fixedAt: string | null): TemplateResult {
  if (fixedAt === null) return html`<dd data-testid="telemetry-age">none</dd>`;
  const age = secondsSince(fixedAt, desk.now) ?? 0;
  return html`<dd class=${age > QUIET_S ? "warning-text" : ""} data-testid="telemetry-age">${age < 2 ? "now" : `${duration(age)} ago`}</dd>`;
}

/** What a click asks, for whoever uses the keyboard: about the middle of the picture, and of the map. */
function askButtons(desk: Desk, session: SessionSummary): TemplateResult {
  return html`<div class="button-row">
    <button type="button" class="button small" data-testid="ask-ground" title="Or click on the picture"
      @click=${() => void desk.sky.askGround(session.id, { across: 0.5, down: 0.5 }, takenAt(desk, session))}>Grid of the picture’s middle</button>
    <button type="button" class="button small" data-testid="ask-in-view" title="Or click on the map"
      @click=${() => void desk.sky.askMiddle(session.id, takenAt(desk, session))}>Is the map’s middle in view?</button>
  </div>
  ${answerBeside(desk, session)}`;
}

/** The answer, where no picture is there over which it could stand. */
function answerBeside(desk: Desk, session: SessionSummary): TemplateResult | typeof nothing {
  const { asked } = desk.sky;
  const hasPicture = session.stream !== null && desk.pool.statusOf(session.stream.id)?.lastFrameAt != null && !isBlurred(desk.state, session.id);
  if (asked?.sessionId !== session.id || hasPicture) return nothing;
  return html`<p role="status" data-testid="sight-words">${asked.words}</p>`;
}

/** Over the large picture: takes the click, and shows what came of it. */
export function sightView(
  desk: Desk, session: SessionSummary, { isOnWall }: { isOnWall: boolean },
  { video, hasPicture, blurs }: { video: HTMLVideoElement | null; hasPicture: boolean; blurs: boolean },
): TemplateResult | typeof nothing {
  if (session.kind !== "flight" || isOnWall || !hasPicture || blurs || video === null) return nothing;
  const asked = desk.sky.asked?.sessionId === session.id ? desk.sky.asked : null;
  return html`<div class="tile-sight" data-testid="sight" title="Click: the grid reference of the ground there"
      @click=${(event: MouseEvent) => clicked(desk, session, video, event)}>
      ${asked?.place == null ? nothing : markView(asked.place, video)}
    </div>
    ${asked === null ? nothing : answerView(desk, asked)}`;
}

function clicked(desk: Desk, session: SessionSummary, video: HTMLVideoElement, event: MouseEvent): void {
  const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
  const place = placeAt(event.clientX - box.left, event.clientY - box.top, box, sizeOf(video));
  if (place !== null) void desk.sky.askGround(session.id, place, takenAt(desk, session));
}

function markView(place: PicturePlace, video: HTMLVideoElement): TemplateResult | typeof nothing {
  const at = percentOf(place, { width: video.clientWidth, height: video.clientHeight }, sizeOf(video));
  return at === null ? nothing : html`<span class="sight-mark" data-testid="sight-mark" style="left:${at.left}%;top:${at.top}%"></span>`;
}

function answerView(desk: Desk, { words, copies }: Asked): TemplateResult {
  return html`<div class="sight-answer" role="status" data-testid="sight-answer"><span>${words}</span>
    ${copies === "" ? nothing : copyButton(desk, copies, "Copy the place", "copy-ground")}
    <button type="button" class="icon-button dark" aria-label="Close the answer" data-testid="close-sight" @click=${() => desk.sky.close()}>${icon("close")}</button></div>`;
}

function sizeOf({ videoWidth, videoHeight }: HTMLVideoElement): Size {
  return { width: videoWidth, height: videoHeight };
}

/** When the picture on the screen was taken, as well as that is known. */
export function takenAt(desk: Pick<Desk, "state" | "pool" | "now">, session: SessionSummary): Taken {
  const watch = session.stream === null ? null : desk.pool.statusOf(session.stream.id);
  return pictureTime(desk.state.sendingDelays[session.id], watch, desk.now);
}
