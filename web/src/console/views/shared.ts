/** What another force shares with us: marked as theirs wherever it is shown, and never more than they show. */

import { html, nothing, type TemplateResult } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";

import type { SharedMsg } from "../../signalling/messages";
import type { Desk } from "../desk";
import { isBlurred } from "../select";
import { chosenShared, listedShared, partnerName, type Shared } from "../sharedstate";
import { fromOutside, tileTruth, type TileTruth } from "../tiletruth";
import { clock } from "../times";
import { icon } from "./icons";
import { panel } from "./pieces";
import { pastWords, recordingsPanel, recordingsStage } from "./sharedrecordings";
import { mapBox } from "./stage";
import { toggleFullScreen } from "./tile";

const ENDS: Record<string, string> = {
  revoked: "was ended by",
  expired: "had its time at",
  session_over: "ended with the session of",
  no_consent: "ended: the caller withdrew consent at",
  erased: "ended: nothing of it is kept any more at",
};

/** Whose it is, what for and until when: in these words everywhere. */
export function sharedBy({ force, purpose, ends_at }: Shared): string {
  return `Shared by ${force.name}: ${purpose}, until ${clock(ends_at)}`;
}

/** "Sharing was ended by Hertfordshire Constabulary at 14:05:00". */
export function endWords({ force, end }: Shared): string {
  if (end === null) return "";
  const what = `Sharing ${ENDS[end.reason] ?? "was ended by"} ${force.name}`;
  return end.at === null ? what : `${what} at ${clock(end.at)}`;
}

/** In the list: what is shared with us, first of all; nothing where nothing is. */
export function sharedGroupView(desk: Desk): TemplateResult | typeof nothing {
  const { shared } = desk.state;
  const listed = listedShared(shared);
  if (listed.length === 0 && shared.missing.length === 0) return nothing;
  return html`<section class="group group-shared" data-testid="group-shared">
    <h2>Shared with us<span class="count">${listed.length}</span></h2>
    <ul>${repeat(listed, (one) => one.id, (one) => html`<li>${row(desk, one)}</li>`)}</ul>
    ${shared.missing.map((schema) => html`<p class="quiet-text" data-testid="shared-missing">What ${partnerName(shared, schema)} shares cannot be shown now</p>`)}
  </section>`;
}

function row(desk: Desk, shared: Shared): TemplateResult {
  const isChosen = desk.state.shared.chosenId === shared.id;
  return html`<button type="button" class="row tone-${rowTone(shared)}" data-testid="shared-row" data-share-id=${shared.id}
    aria-current=${isChosen ? "true" : "false"} @click=${() => desk.acts.chooseShared(shared.id)}>
    <span class="row-top"><b>${shared.reference}</b><span class="row-time">until ${clock(shared.ends_at)}</span></span>
    <span class="row-type">${rowWords(shared)}</span>
    <span class="row-facts"><span class="tag">${shared.force.name}</span></span>
  </button>`;
}

function rowWords(shared: Shared): string {
  if (shared.end !== null) return endWords(shared);
  return shared.ended_at === null ? sharedBy(shared) : pastWords(shared);
}

function rowTone({ end, ended_at, stream }: Shared): string {
  if (end !== null || ended_at !== null) return "off";
  return stream?.state === "live" ? "good" : "info";
}

/** The middle: their picture and its place. */
export function sharedStageView(desk: Desk): TemplateResult {
  const shared = chosenShared(desk.state.shared);
  if (shared === null) return html`<main class="stage" id="stage" tabindex="-1" data-testid="stage"></main>`;
  const isPast = shared.end === null && shared.ended_at !== null;
  const placed = shared.end === null && !isPast ? ({ state: "live", kind: shared.kind, last_position: shared.position } as const) : null;
  return html`<main class="stage" id="stage" tabindex="-1" data-testid="stage" data-share-id=${shared.id}>
    <div class="stage-head"><div class="stage-title">
      <h1 data-testid="stage-reference">${shared.reference}</h1>
      <p class="shared-by" data-testid="shared-by">${sharedBy(shared)}</p>
      ${isPast ? html`<span class="quiet-text" data-testid="shared-past">${pastWords(shared)}</span>` : nothing}
    </div></div>
    <div class="stage-body">${isPast ? recordingsStage(desk, shared) : tile(desk, shared)}${mapBox(desk, placed)}</div>
  </main>`;
}

/** The truth about their picture on this page, now; that sharing has ended comes before all else. */
export function sharedTruth(desk: Desk, shared: Shared): TileTruth {
  if (shared.end !== null) return { tone: "off", label: "SHARING ENDED", detail: endWords(shared) };
  const { state } = desk;
  return tileTruth({
    session: fromOutside(shared), isFromOutside: true,
    watch: shared.stream === null ? null : desk.pool.statusOf(shared.stream.id),
    still: null, isSynced: state.isSynced, now: desk.at, clockOffset: state.clockOffset, shownSince: desk.shownSince,
  });
}

function tile(desk: Desk, shared: Shared): TemplateResult {
  const truth = sharedTruth(desk, shared);
  const streamId = shared.stream?.id ?? "";
  const video = shared.end === null ? desk.pool.videoOf(streamId) : null;
  const hasPicture = video !== null && desk.pool.statusOf(streamId)?.lastFrameAt != null;
  const blurs = isBlurred(desk.state, shared.id);
  return html`<article class="tile tile-large tone-${truth.tone} ${hasPicture ? "has-picture" : ""} ${blurs ? "is-blurred" : ""}" tabindex="0"
    data-testid="tile" data-share-id=${shared.id} data-truth=${truth.label} aria-label=${`${shared.reference}, shared by ${shared.force.name}: ${truth.label}`}>
    ${video ?? nothing}
    <div class="tile-top"><span class="truth truth-${truth.tone}" data-testid="truth">${truth.label}</span>
      <span class="tile-name">Shared by ${shared.force.name}</span></div>
    ${hasPicture ? pictureParts(desk, shared, truth, blurs) : html`<div class="tile-centre" role="status"><strong>${truth.label}</strong><span data-testid="truth-detail">${truth.detail}</span></div>`}
    ${desk.pool.statusOf(streamId)?.needsTap === true
      ? html`<button type="button" class="button primary tile-tap" @click=${() => desk.acts.resumeVideo(streamId)}>${icon("play")}Play the picture</button>`
      : nothing}
  </article>`;
}

function pictureParts(desk: Desk, shared: Shared, truth: TileTruth, blurs: boolean): TemplateResult {
  return html`${truth.detail === "" ? nothing : html`<div class="tile-warning">${icon("warning")}<span data-testid="truth-detail">${truth.detail}</span></div>`}
    ${blurs ? html`<div class="tile-blur" data-testid="blurred">
      <div class="tile-blur-words"><strong>${shared.reference}</strong><p class="tile-blur-risk">${sharedBy(shared)}</p></div>
      <button type="button" class="button primary" data-testid="show-picture" @click=${() => desk.acts.showPicture(shared.id, true)}>Show picture</button>
    </div>` : nothing}
    <div class="tile-bottom"><span class="spacer"></span>
      ${blurs ? nothing : html`<button type="button" class="icon-button dark" aria-label="Blur the picture" title="Blur the picture" data-testid="blur"
        @click=${() => desk.acts.showPicture(shared.id, false)}>${icon("blur")}</button>`}
      <button type="button" class="icon-button dark" aria-label="Full screen" title="Full screen" data-testid="full-screen" @click=${toggleFullScreen}>${icon("expand")}</button>
    </div>`;
}

/** The right column: what is known of it, and the messages where they are shown. */
export function sharedDetailsView(desk: Desk): TemplateResult {
  const shared = chosenShared(desk.state.shared);
  if (shared === null) return html`<aside class="details details-empty"></aside>`;
  return html`<aside class="details" aria-label="Details" data-testid="details">
    <h2 class="visually-hidden">Details</h2>
    <div class="details-scroll">${panel("Shared with us", html`<dl class="facts">
      <dt>By</dt><dd>${shared.force.name}</dd>
      <dt>Reference</dt><dd class="mono">${shared.reference}</dd>
      <dt>Purpose</dt><dd>${shared.purpose}</dd>
      <dt>Until</dt><dd>${clock(shared.ends_at)}</dd>
      <dt>Shown</dt><dd data-testid="shared-what">${shared.recording ? "live and the recording" : "live only"}</dd>
      <dt>Messages</dt><dd>${shared.chat ? "shown, to read" : "not shared"}</dd>
      ${shared.end === null ? nothing : html`<dt>Ended</dt><dd class="warning-text" data-testid="shared-end">${endWords(shared)}</dd>`}
    </dl><p class="quiet-text">Each look is in the audits of both forces.</p>`)}${recordingsPanel(desk, shared)}</div>
    ${shared.chat && shared.end === null && shared.ended_at === null ? messagesView(shared) : nothing}
  </aside>`;
}

function messagesView({ messages }: Shared): TemplateResult {
  return html`<section class="chat" aria-label="Messages of the caller and the other force" data-testid="chat">
    <header class="panel-head"><h3>Chat</h3><span class="quiet-text">to read only</span></header>
    <div class="chat-log" role="log" tabindex="0" data-testid="chat-log"><div class="chat-lines">
      ${messages.length === 0 ? html`<p class="none">Nothing written yet</p>` : nothing}
      ${repeat(messages, (message) => message.id, messageView)}
    </div></div></section>`;
}

function messageView(message: SharedMsg): TemplateResult {
  return html`<p class="bubble bubble-${message.sender}" data-testid="chat-message" data-sender=${message.sender}>
    <span class="bubble-meta">${message.sender === "caller" ? "Caller" : message.sender_name} · ${clock(message.sent_at)}</span>
    <span class="bubble-text" dir="auto">${message.sender === "caller" ? message.shown_text : message.text}</span></p>`;
}
