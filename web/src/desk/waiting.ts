/** The waiting room at the desk: who waits, with what can be known of them, and what can be done. The longest wait is on top. */

import { html, nothing, type TemplateResult } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";

import { languageWord } from "../console/languages";
import { clock, duration, secondsSince } from "../console/times";
import { LEGS } from "../signalling/meetingshapes";
import type { CheckView, WaitingView } from "../signalling/deskmessages";
import type { DeskActs } from "./acts";
import { LEG_WORDS, MARK_WORDS, REMOVAL_REASONS, roleOf, SEND_AWAY } from "./words";

/** What is asked before an act on somebody: a message for who is sent away, and once more for who is removed. */
export interface Asking {
  id: string;
  what: "send_away" | "remove";
  text: string;
}

/** What the list is drawn with. */
export interface WaitingScreen {
  waiting: readonly WaitingView[];
  acts: DeskActs;
  /** Whether this officer is in the call: only then anybody may be let in. */
  isInside: boolean;
  isLeader: boolean;
  isLocked: boolean;
  asking: Asking | null;
  readonly ask: (asking: Asking | null) => void;
  now: number;
}

/** The list. */
export function waitingView(screen: WaitingScreen): TemplateResult {
  const waits = screen.waiting.filter((one) => one.state === "waiting");
  const others = screen.waiting.filter((one) => one.state !== "waiting");
  return html`<section class="waiting-list" aria-labelledby="waiting-title" data-testid="waiting-list">
    <h2 id="waiting-title">Waiting <span class="count">${waits.length}</span></h2>
    ${screen.isLocked ? html`<p class="warning-text">The room is locked: nobody can be admitted.</p>` : nothing}
    ${waits.length === 0 ? html`<p class="none">Nobody waits</p>` : nothing}
    <ul>${repeat([...waits, ...others], (person) => person.id, (person) => personView(screen, person))}</ul></section>`;
}

function personView(screen: WaitingScreen, person: WaitingView): TemplateResult {
  const { acts, asking } = screen;
  const waited = secondsSince(person.waiting_since, screen.now);
  const failure = acts.failureOf(person.id);
  return html`<li class="waits ${person.signal_at === null ? "" : "has-signal"} ${person.is_here ? "" : "is-gone"}" data-testid="waits" data-id=${person.id} data-state=${person.state}>
    <p class="waits-head"><b><bdi>${person.name}</bdi></b> <span class="tag">${roleOf(person.role)}</span> <span class="tag">${languageWord(person.language)}</span></p>
    <p class="waits-facts">${person.state !== "waiting" || waited === null ? nothing : html`<b data-testid="waited">${duration(waited)}</b>`}
      ${person.state === "sent_away" ? html`<span class="warning-text">Sent away: <bdi>${person.told?.text ?? ""}</bdi></span>` : nothing}
      ${person.is_here ? nothing : html`<span class="warning-text">Not on the page now</span>`}
      ${person.is_private ? html`<span class="private-mark">In a private talk</span>` : nothing}
      ${person.signal_at === null ? nothing : html`<strong class="signal-mark">Silent signal ${clock(person.signal_at)}</strong>`}</p>
    ${aloneView(person)} ${checkView(person.check)}
    ${failure === undefined ? nothing : html`<p class="failure" role="alert" data-testid="act-failure">${failure}</p>`}
    ${asking?.id === person.id ? askingView(screen, person, asking) : actsView(screen, person)}
  </li>`;
}

/** Only officers see it; "rather not say" may say something, too. */
function aloneView({ alone, role }: WaitingView): TemplateResult | typeof nothing {
  if (alone === "" || role === "officer" || role === "supervisor") return nothing;
  const words = { yes: "Says: alone", no: "Says: not alone", unsaid: "Would rather not say whether alone" } as const;
  return html`<p class="alone alone-${alone}" data-testid="alone">${words[alone]}</p>`;
}

function checkView(check: CheckView | null): TemplateResult {
  if (check === null) return html`<p class="quiet-text" data-testid="no-check">No line check</p>`;
  const numbers = [
    check.rtt_ms === null ? "" : `${check.rtt_ms} ms`, check.up_kbit_s === null ? "" : `${check.up_kbit_s} kbit/s up`, check.loss_pct === null ? "" : `${check.loss_pct} % lost`,
  ].filter((part) => part !== "");
  return html`<ul class="marks" aria-label="Line check at ${clock(check.at)}" data-testid="check-marks">${LEGS.map((leg) => html`<li class="mark mark-${check[leg]}">
    ${LEG_WORDS[leg]} <span>${MARK_WORDS[check[leg]]}</span></li>`)}</ul>
    ${numbers.length === 0 ? nothing : html`<p class="quiet-text">${numbers.join(", ")}</p>`}`;
}

function actsView({ acts, ask, isInside, isLeader, isLocked }: WaitingScreen, person: WaitingView): TemplateResult | typeof nothing {
  const isBusy = acts.isBusy(person.id);
  if (person.state !== "waiting") return nothing;
  const isMember = person.role !== "officer" && person.role !== "supervisor";
  return html`<div class="waits-acts">
    <button type="button" class="button primary large" data-testid="admit" ?disabled=${isBusy || !isInside || isLocked || person.is_private} @click=${() => acts.admit(person)}>Admit</button>
    ${isMember ? html`<button type="button" class="button" data-testid="speak-private" ?disabled=${isBusy || !isInside || person.is_private} @click=${() => acts.speakInPrivate(person.id)}>Speak in private</button>` : nothing}
    <button type="button" class="button" data-testid="send-away" ?disabled=${isBusy || !isInside} @click=${() => ask({ id: person.id, what: "send_away", text: SEND_AWAY[0] ?? "" })}>Send away</button>
    <button type="button" class="button danger-quiet" data-testid="remove" ?disabled=${isBusy || !isLeader} @click=${() => ask({ id: person.id, what: "remove", text: "" })}>Remove</button>
    ${isInside ? nothing : html`<p class="quiet-text">Go in first: only an officer in the call lets people in.</p>`}</div>`;
}

function askingView({ acts, ask }: WaitingScreen, person: WaitingView, asking: Asking): TemplateResult {
  const isRemoval = asking.what === "remove";
  const label = isRemoval ? "Remove for good" : "Send away";
  const write = (text: string): void => ask({ ...asking, text });
  const done = (): void => {
    if (isRemoval) acts.remove(person, asking.text.trim());
    else acts.sendAway(person, asking.text.trim());
    ask(null);
  };
  return html`<div class="asking" role="group" aria-label=${label} data-testid="asking">
    <p>${isRemoval ? "Removed people cannot come back by any link. Why?" : "They read this:"}</p>
    ${isRemoval ? reasonsView(asking.text, write) : messageView(asking.text, write)}
    <div class="waits-acts">
      <button type="button" class="button ${isRemoval ? "danger" : "primary"}" data-testid="asking-go" ?disabled=${asking.text.trim() === ""} @click=${done}>${label}</button>
      <button type="button" class="button" data-testid="asking-back" @click=${() => ask(null)}>Back</button></div></div>`;
}

function reasonsView(chosen: string, write: (code: string) => void): TemplateResult {
  return html`<ul class="sentences">${Object.entries(REMOVAL_REASONS).map(([code, words]) => html`<li><label class="tick">
    <input type="radio" name="removal" value=${code} data-testid="removal-${code}" .checked=${chosen === code} @change=${() => write(code)}><span>${words}</span></label></li>`)}</ul>`;
}

function messageView(text: string, write: (text: string) => void): TemplateResult {
  return html`<ul class="sentences">${SEND_AWAY.map((sentence) => html`<li>
      <button type="button" class="button small" @click=${() => write(sentence)}>${sentence}</button></li>`)}</ul>
    <textarea rows="2" maxlength="300" aria-label="Message" data-testid="asking-text" .value=${text}
      @input=${(event: Event) => write((event.target as HTMLTextAreaElement).value)}></textarea>`;
}
