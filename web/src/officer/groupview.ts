/** The group text as it is drawn: the newest line over the controls, and all of them on a sheet of their own. */

import { html, nothing, type TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { repeat } from "lit-html/directives/repeat.js";

import type { Group, IncidentMsg } from "../signalling/messages";
import { ANSWERS, groupOf, unanswered, writer, type Saying } from "./group";
import type { Drawing } from "./view";

const CLOCK = new Intl.DateTimeFormat("en-GB", { timeZone: "Europe/London", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

/** Above the controls: the line that waits for an answer with the answers of one tap, else the way to all lines. */
export function groupCard(drawing: Drawing): TemplateResult | typeof nothing {
  const { page } = drawing;
  const group = groupOf(page.server);
  if (group === null) return nothing;
  const waiting = unanswered(group, page.server?.me.id ?? "");
  const failed = page.sayings.some((saying) => saying.failure !== null);
  const count = group.messages.length;
  return html`<section class="group-card ${waiting === null ? "" : "is-waiting"}" aria-label="Group text" data-testid="group-card">
    ${failed ? openButton(drawing, "A message was not sent", true) : nothing}
    ${waiting === null && !failed ? openButton(drawing, count === 0 ? "Write to the incident" : `All messages (${count})`, false) : nothing}
    ${waiting === null ? nothing : newestButton(drawing, waiting, count)}
    ${waiting === null ? nothing : html`<div class="answers">${answerButtons(drawing)}</div>`}
  </section>`;
}

function openButton({ acts }: Drawing, words: string, isBad: boolean): TemplateResult {
  return html`<button type="button" class="tool group-open ${isBad ? "is-failed" : ""}" data-testid="open-group" @click=${() => acts.group.open(true)}>${words}</button>`;
}

/** The line that waits; a tap on it shows them all. */
function newestButton({ acts }: Drawing, line: IncidentMsg, count: number): TemplateResult {
  return html`<button type="button" class="group-line" data-testid="open-group" @click=${() => acts.group.open(true)}>
    <span class="group-meta"><b data-testid="group-writer">${writer(line, "")}</b><span>${count === 1 ? "Open" : `All ${count}`}</span></span>
    <span role="status" data-testid="group-newest" dir="auto">${line.text}</span></button>`;
}

/** Every line, and what can be said: by one tap, or typed. */
export function groupSheet(drawing: Drawing): TemplateResult | typeof nothing {
  const { page, acts } = drawing;
  const group = groupOf(page.server);
  if (!page.isGroupOpen || group === null) return nothing;
  const { incident } = group;
  return html`<section class="group-sheet" aria-label="Messages of the incident" data-testid="group-sheet">
    <header><h2>${incident.external_reference === "" ? incident.reference : incident.external_reference}</h2>
      <button type="button" class="small" data-testid="close-group" @click=${() => acts.group.open(false)}>Close</button></header>
    <div class="group-lines" role="log" tabindex="0" aria-label="Messages"><div>
      ${group.messages.length + page.sayings.length === 0 ? html`<p class="none">Nothing written yet. The control room and every officer on the incident read it.</p>` : nothing}
      ${linesView(group, page.server?.me.id ?? "")}
      ${repeat(page.sayings, (saying) => saying.clientId, (saying) => sayingView(drawing, saying))}
    </div></div>
    <div class="answers">${answerButtons(drawing)}</div>
    ${typingView(drawing)}
  </section>`;
}

function linesView({ messages }: Group, myId: string): unknown {
  return repeat(messages, (line) => line.id, (line) => html`<p class="group-line ${line.sender_id === myId ? "is-mine" : ""}" data-testid="group-message" data-sender=${line.sender}>
    <b>${writer(line, myId)} · <time datetime=${line.sent_at}>${timeOf(line)}</time></b> <span dir="auto">${line.text}</span></p>`);
}

function timeOf({ sent_at }: IncidentMsg): string {
  return CLOCK.format(Date.parse(sent_at));
}

function sayingView({ acts }: Drawing, saying: Saying): TemplateResult {
  return html`<p class="group-line is-mine is-pending" data-testid="group-pending"><b>${saying.failure ?? "Sending…"}</b> ${saying.text}
    ${saying.failure === null ? nothing : html`<button type="button" class="small" @click=${() => acts.group.sayAgain(saying.clientId)}>Send again</button>`}</p>`;
}

function answerButtons({ acts }: Drawing): TemplateResult[] {
  return ANSWERS.map((answer) => html`<button type="button" class="tool answer" data-testid="answer" @click=${() => acts.group.say(answer)}>${answer}</button>`);
}

function typingView({ page, acts }: Drawing): TemplateResult {
  const text = page.groupDraft;
  const send = (event: Event): void => {
    event.preventDefault();
    if (text.trim() !== "") acts.group.say(text.trim());
  };
  return html`<form class="group-form" @submit=${send}>
    <label class="visually-hidden" for="group-input">Message to everybody on the incident</label>
    <input id="group-input" type="text" maxlength="1000" autocomplete="off" enterkeyhint="send" placeholder="Message" data-testid="group-input"
      .value=${live(text)} @input=${(event: Event) => acts.group.draft((event.target as HTMLInputElement).value)} />
    <button type="submit" class="act go" data-testid="group-send" ?disabled=${text.trim() === ""}>Send</button>
  </form>`;
}
