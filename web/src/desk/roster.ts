/** Everybody who was invited: how their link stands, and what can be done for them; and who is in the call. */

import { html, nothing, type TemplateResult } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";

import { clockWithDay } from "../console/times";
import type { ParticipantLine, PersonView, RoomState } from "../signalling/deskmessages";
import type { DeskActs } from "./acts";
import { PERSON_STATES, roleOf } from "./words";

/** A person's link that is shown: for reading out, or as a code for a phone. */
export interface ShownLink {
  personId: string;
  url: string;
  qr_svg: string;
}

/** What the list is drawn with. */
export interface RosterScreen {
  people: readonly ParticipantLine[];
  room: RoomState | null;
  acts: DeskActs;
  isInside: boolean;
  isLeader: boolean;
  isOver: boolean;
  link: ShownLink | null;
  failure: string | null;
  now: number;
  removing: string | null;
  readonly askRemoval: (id: string | null) => void;
  readonly resend: (id: string) => void;
  readonly rearm: (id: string) => void;
  readonly showLink: (id: string | null) => void;
  readonly withdraw: (id: string) => void;
}

/** The card. */
export function rosterView(screen: RosterScreen): TemplateResult {
  return html`<section class="card card-people" aria-labelledby="people-title" data-testid="roster"><h2 id="people-title">People</h2>
    ${screen.failure === null ? nothing : html`<p class="failure" role="alert">${screen.failure}</p>`}
    <ul>${repeat(screen.people, (person) => person.id, (person) => personView(screen, person))}</ul></section>`;
}

function personView(screen: RosterScreen, person: ParticipantLine): TemplateResult {
  const inside = screen.room?.people.find((one) => one.id === person.id && one.state !== "coming");
  const failure = screen.acts.failureOf(person.id);
  return html`<li data-testid="roster-person" data-id=${person.id} data-state=${person.state}>
    <p><b><bdi>${person.shown_name === "" ? person.name : person.shown_name}</bdi></b> <span class="tag">${roleOf(person.role)}</span>
      <span class="chip">${PERSON_STATES[person.state]}</span>${person.safe_mode ? html` <span class="tag tag-warning">Safe mode</span>` : nothing}</p>
    ${person.side === "police" ? nothing : html`<p class="quiet-text">${person.contact} · ${messageWords(person, screen.now)}</p>`}
    ${failure === undefined ? nothing : html`<p class="failure" role="alert">${failure}</p>`}
    ${screen.isOver ? nothing : inside === undefined ? outsideActs(screen, person) : insideActs(screen, person, inside)}
    ${linkView(screen, person)}</li>`;
}

function messageWords({ message, link_opened_at }: ParticipantLine, now: number): string {
  if (link_opened_at !== null) return `link opened ${clockWithDay(link_opened_at, now)}`;
  if (message === null) return "no message";
  const states: Readonly<Record<string, string>> = { held: "message waits for its time", queued: "message on its way", sending: "message on its way", sent: "message sent", delivered: "message delivered", dropped: "message not sent", failed: "message failed" };
  return `${states[message.state] ?? message.state}${message.at === null ? "" : ` ${clockWithDay(message.at, now)}`}`;
}

function outsideActs(screen: RosterScreen, person: ParticipantLine): TemplateResult | typeof nothing {
  const isGone = person.state === "removed" || person.state === "withdrawn" || person.state === "over";
  if (person.side === "police" || isGone) return nothing;
  const isShown = screen.link?.personId === person.id;
  return html`<div class="card-acts">
    <button type="button" class="button small" data-testid="show-link" aria-expanded=${isShown} @click=${() => screen.showLink(isShown ? null : person.id)}>${isShown ? "Hide the link" : "Link"}</button>
    <button type="button" class="button small" data-testid="resend" @click=${() => screen.resend(person.id)}>Send again</button>
    <button type="button" class="button small" data-testid="rearm" title="For another phone or browser; they wait again" @click=${() => screen.rearm(person.id)}>Other phone</button>
    ${person.state === "waiting" ? nothing : html`<button type="button" class="button small danger-quiet" data-testid="withdraw" @click=${() => screen.withdraw(person.id)}>Withdraw</button>`}</div>`;
}

function insideActs(screen: RosterScreen, person: ParticipantLine, inside: PersonView): TemplateResult {
  const { acts, isInside, isLeader, removing } = screen;
  const isBusy = acts.isBusy(person.id);
  if (removing === person.id) {
    return html`<div class="card-acts" role="group" aria-label="Remove for good" data-testid="removing"><p>Removed people cannot come back by any link.</p>
      <button type="button" class="button danger" data-testid="remove-yes" @click=${() => { acts.remove(person, "officer"); screen.askRemoval(null); }}>Remove for good</button>
      <button type="button" class="button" @click=${() => screen.askRemoval(null)}>Back</button></div>`;
  }
  const isPolice = person.side === "police";
  return html`<div class="card-acts">
    ${inside.is_muted || isPolice ? nothing : html`<button type="button" class="button small" data-testid="ask-mute" ?disabled=${isBusy || !isInside} @click=${() => acts.askToMute(person.id)}>Ask to mute</button>`}
    ${inside.hand_at === null ? nothing : html`<button type="button" class="button small" data-testid="lower-hand" ?disabled=${isBusy || !isLeader} @click=${() => acts.lowerHand(person.id)}>Lower hand</button>`}
    ${inside.is_leader ? nothing : html`<button type="button" class="button small" data-testid="put-back" ?disabled=${isBusy || !isInside} @click=${() => acts.putBack(person)}>Back to waiting</button>
      <button type="button" class="button small danger-quiet" data-testid="remove-inside" ?disabled=${isBusy || !isLeader} @click=${() => screen.askRemoval(person.id)}>Remove</button>`}</div>`;
}

/** The code is a whole SVG document: shown as an image only, never as part of the page. */
function linkView({ link }: RosterScreen, person: ParticipantLine): TemplateResult | typeof nothing {
  if (link?.personId !== person.id) return nothing;
  return html`<div class="shown-link" data-testid="shown-link"><p class="mono">${link.url}</p>
    <img width="180" height="180" alt="The link as a code for a phone’s camera" src="data:image/svg+xml,${encodeURIComponent(link.qr_svg)}">
    <p class="quiet-text">Each look is in the audit.</p></div>`;
}
