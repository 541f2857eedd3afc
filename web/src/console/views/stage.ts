/** The middle: the chosen session's picture and map. */

import { html, nothing, type TemplateResult } from "lit-html";

import type { SessionSummary } from "../../signalling/messages";
import type { Desk } from "../desk";
import { chosenSession, hasEnded, incidentName, isByOrder, linkKindWord, sharerName, sharerWord } from "../select";
import { may } from "../state";
import { clock, counter, secondsSince } from "../times";
import { flightBoardView } from "./flightboard";
import { boardView } from "./funnel";
import { icon } from "./icons";
import { itemsStage } from "./items";
import { landingButton } from "./landing";
import { officersButton, officersView } from "./officers";
import { failureLine, isBusy, sharerTag, stateChip } from "./pieces";
import { readoutView, type Placed } from "./readout";
import { riskView } from "./risk";
import { talkView } from "./talk";
import { tileView } from "./tile";

/** The chosen session, or an invitation to choose one. */
export function stageView(desk: Desk): TemplateResult {
  const session = chosenSession(desk.state);
  if (session === null) return emptyStage(desk);
  return html`<main class="stage" id="stage" tabindex="-1" data-testid="stage" data-session-id=${session.id}>
    ${stageHead(desk, session)}
    ${session.kind === "flight" && session.state === "draft" ? plannedBody(desk, session) : stageBody(desk, session)}
  </main>`;
}

/** A flight that was not launched: what stands between it and the air. */
function plannedBody(desk: Desk, session: SessionSummary): TemplateResult {
  return html`<div class="stage-body with-board">${flightBoardView(desk, session)}${mapBox(desk, session)}</div>`;
}

/** Above the map stands what matters in this state: the decision, the way, the picture, or what was recorded. */
function stageBody(desk: Desk, session: SessionSummary): TemplateResult {
  const isOnItsWay = !hasEnded(session) && session.state !== "live";
  // A picture that is about to arrive has its place already: a video off the page presents nothing.
  const hasVideo = session.stream !== null && desk.pool.videoOf(session.stream.id) !== null;
  const isExpected = hasVideo || isByOrder(session) || desk.state.ladderStills[session.id] !== undefined;
  if (isOnItsWay && !isExpected) {
    const board = session.invitation === null ? riskView(desk, session) : boardView(desk, session);
    return html`<div class="stage-body with-board">${board}${mapBox(desk, session)}</div>`;
  }
  if (!hasEnded(session) && session.link_kind === "location_video") {
    return html`<div class="stage-body">${tileView(desk, session, { isOnWall: false, size: "large" })}${mapBox(desk, session)}</div>`;
  }
  const items = desk.fetched.items[session.id] ?? [];
  if (hasEnded(session) && items.length > 0) {
    return html`<div class="stage-body">${itemsStage(desk, session, items)}${mapBox(desk, session)}</div>`;
  }
  return html`<div class="stage-body no-picture">${mapBox(desk, session)}</div>`;
}

function emptyStage(desk: Desk): TemplateResult {
  return html`<main class="stage" id="stage" tabindex="-1" data-testid="stage">
    <div class="stage-head"><h1>All sessions</h1><span class="quiet-text">Choose a session on the left, or on the map</span></div>
    <div class="stage-body no-picture">${mapBox(desk, null)}</div>
  </main>`;
}

function stageHead(desk: Desk, session: SessionSummary): TemplateResult {
  const { incident } = session;
  const other = incident.external_reference === "" ? "" : incident.reference;
  return html`<div class="stage-head">
    <div class="stage-title">
      <h1 data-testid="stage-reference">${incidentName(session)}</h1>
      ${other === "" ? nothing : html`<span class="quiet-text mono">${other}</span>`}
      ${session.state === "live" ? liveChip(desk, session) : stateChip(session)}
      <span class="stage-type">${incident.type_label}</span>
      ${sharerTag(session)} ${whoOrWhat(session)}
    </div>
    <div class="stage-acts">
      ${recordingSwitch(desk, session)} ${endButton(desk, session)}
    </div>
    ${talkView(desk, session)}
    ${failureLine(desk, `end:${session.id}`)} ${failureLine(desk, `recording:${session.id}`)}
  </div>`;
}

/** Of an officer's session, or a drone's: whose it is. Of a caller's that is not live: what the link asks for. */
function whoOrWhat(session: SessionSummary): TemplateResult | typeof nothing {
  if (isByOrder(session)) return html`<span data-testid="stage-officer">${sharerName(session)}</span>`;
  return session.state === "live" ? nothing : html`<span class="quiet-text">${linkKindWord(session.link_kind)}</span>`;
}

function liveChip(desk: Desk, session: SessionSummary): TemplateResult {
  return html`<span class="chip chip-good" data-state="live">Live ${counter(secondsSince(session.live_at, desk.now) ?? 0)}</span>`;
}

/** Recording on or off. It says what is so, not what was asked for. */
function recordingSwitch(desk: Desk, session: SessionSummary): TemplateResult | typeof nothing {
  if (hasEnded(session) || session.link_kind !== "location_video") return nothing;
  const { state, wanted, since } = session.recording;
  const consents = session.consent === null || session.consent.scopes.includes("recording");
  if (!consents) return html`<span class="rec-none" data-testid="recording-state">No consent to record</span>`;
  const words = { off: wanted ? "Records once live" : "Not recording", starting: "Recording starts", recording: `Recording since ${clock(since)}`, alarm: "NOT RECORDING" };
  return html`<button type="button" class="switch rec-switch rec-${state}" role="switch" aria-checked=${wanted}
    data-testid="recording-toggle" ?disabled=${!desk.state.isSynced || isBusy(desk, `recording:${session.id}`)}
    title=${state === "alarm" ? session.recording.alarm_reason : wanted ? "Stop recording" : "Start recording"}
    @click=${() => desk.acts.setRecording(session.id, !wanted)}>
    <span class="switch-knob"></span><span data-testid="recording-state">${words[state]}</span></button>`;
}

/** Ending takes two clicks, and the second button is not where the first was. */
function endButton(desk: Desk, session: SessionSummary): TemplateResult | typeof nothing {
  if (hasEnded(session)) return nothing;
  if (session.kind === "flight" && may(desk.state, "flight.control")) return landingButton(desk, session);
  const isAsking = desk.local.endingId === session.id;
  if (!isAsking) {
    return html`<button type="button" class="button danger-quiet" data-testid="end-session"
      ?disabled=${!desk.state.isSynced} @click=${() => desk.acts.local({ endingId: session.id })}>End session</button>`;
  }
  return html`<div class="confirm" role="group" aria-label="End this session?">
    <button type="button" class="button danger" data-testid="end-confirm" @click=${() => desk.acts.endSession(session.id)}>
      End now</button>
    <button type="button" class="button" data-testid="end-cancel" @click=${() => desk.acts.local({ endingId: null })}>Keep</button>
  </div>`;
}

/** The map with its read-out and controls; with no session chosen it shows all of them. */
export function mapBox(desk: Desk, session: Placed | null): TemplateResult {
  return html`<section class="map-box ${desk.officers.isShown ? "with-officers" : ""}" aria-label="Map">
    ${officersView(desk)}
    ${session === null ? nothing : readoutView(desk, session)}
    <div class="map-frame">
      ${desk.mapElement}
      <div class="map-controls">
        ${officersButton(desk)}
        ${session === null ? nothing : followButton(desk, session)}
        <button type="button" class="icon-button over-map" aria-label="Show all positions" title="Show all positions"
          @click=${() => desk.acts.fitMap()}>${icon("fit")}</button>
        <button type="button" class="icon-button over-map" aria-label="Zoom in" title="Zoom in" @click=${() => desk.acts.zoomMap(1)}>${icon("plus")}</button>
        <button type="button" class="icon-button over-map" aria-label="Zoom out" title="Zoom out" @click=${() => desk.acts.zoomMap(-1)}>${icon("minus")}</button>
      </div>
      ${desk.state.tilesFailed
        ? html`<p class="map-note" role="status">Map tiles are not loading. The grid is still right.</p>`
        : nothing}
    </div>
  </section>`;
}

function followButton(desk: Desk, session: Placed): TemplateResult {
  const isOn = desk.state.isFollowing;
  const who = sharerWord(session);
  return html`<button type="button" class="icon-button over-map ${isOn ? "is-on" : ""}" aria-pressed=${isOn}
    aria-label="Follow the ${who}" title="${isOn ? "Following" : "Follow"} the ${who}" data-testid="follow"
    @click=${() => desk.acts.setFollow(!isOn)}>${icon("aim")}</button>`;
}
