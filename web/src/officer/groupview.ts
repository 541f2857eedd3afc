/** The group text as it is drawn: the newest line over the controls, and all of them on a sheet of their own. */

import { html, nothing, type TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { repeat } from "lit-html/directives/repeat.js";

import type { Group, IncidentMsg } from "../signalling/messages";
import { ANSWERS, groupOf, nameOf, unanswered, writer, type Saying } from "./group";
import type { GroupTalk } from "./grouptalk";

const CLOCK = new Intl.DateTimeFormat("en-GB", { timeZone: "Europe/London", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

/** Above the controls, for each incident that the officer is on: the line that waits for an answer, else the way to all lines. */
export function groupCards(talk: GroupTalk): TemplateResult | typeof nothing {
  const groups = talk.server?.groups ?? [];
  return groups.length === 0 ? nothing : html`${repeat(groups, ({ incident }) => incident.id, (group) => groupCard(talk, group))}`;
}

/** One incident's card, with its name and the answers of one tap. */
function groupCard(talk: GroupTalk, group: Group): TemplateResult {
  const waiting = unanswered(group, talk.server?.me.id ?? "");
  const failed = sayingsOf(talk, group).some((saying) => saying.failure !== null);
  const count = group.messages.length;
  return html`<section class="group-card ${waiting === null ? "" : "is-waiting"}" aria-label=${`Group text of ${nameOf(group)}`} data-testid="group-card">
    <p class="group-name" data-testid="group-name">${nameOf(group)}</p>
    ${failed ? openButton(talk, group, "A message was not sent", true) : nothing}
    ${waiting === null && !failed ? openButton(talk, group, count === 0 ? "Write to the incident" : `All messages (${count})`, false) : nothing}
    ${waiting === null ? nothing : newestButton(talk, group, waiting)}
    ${waiting === null ? nothing : html`<div class="answers">${answerButtons(talk, group)}</div>`}
  </section>`;
}

function sayingsOf(talk: GroupTalk, { incident }: Group): Saying[] {
  return talk.sayings.filter((saying) => saying.incidentId === incident.id);
}

function openButton(talk: GroupTalk, { incident }: Group, words: string, isBad: boolean): TemplateResult {
  return html`<button type="button" class="tool group-open ${isBad ? "is-failed" : ""}" data-testid="open-group" @click=${() => talk.open(incident.id)}>${words}</button>`;
}

/** The line that waits; a tap on it shows them all. */
function newestButton(talk: GroupTalk, { incident, messages: { length: count } }: Group, line: IncidentMsg): TemplateResult {
  return html`<button type="button" class="group-line" data-testid="open-group" @click=${() => talk.open(incident.id)}>
    <span class="group-meta"><b data-testid="group-writer">${writer(line, "")}</b><span>${count === 1 ? "Open" : `All ${count}`}</span></span>
    <span role="status" data-testid="group-newest" dir="auto">${line.text}</span></button>`;
}

/** Every line, and what can be said: by one tap, or typed. */
export function groupSheet(talk: GroupTalk): TemplateResult | typeof nothing {
  const { server } = talk;
  const group = groupOf(server, talk.shownId);
  if (!talk.isOpen || group === null) return nothing;
  const sayings = sayingsOf(talk, group);
  return html`<section class="group-sheet" aria-label="Messages of the incident" data-testid="group-sheet">
    <header><h2>${nameOf(group)}</h2>
      <button type="button" class="small" data-testid="close-group" @click=${() => talk.open(null)}>Close</button></header>
    <div class="group-lines" role="log" tabindex="0" aria-label="Messages"><div>
      ${group.messages.length + sayings.length === 0 ? html`<p class="none">Nothing written yet. The control room and every officer on the incident read it.</p>` : nothing}
      ${linesView(group, server?.me.id ?? "")}
      ${repeat(sayings, (saying) => saying.clientId, (saying) => sayingView(talk, saying))}
    </div></div>
    <div class="answers">${answerButtons(talk, group)}</div>
    ${typingView(talk)}
  </section>`;
}

function linesView({ messages }: Group, myId: string): unknown {
  return repeat(messages, (line) => line.id, (line) => html`<p class="group-line ${line.sender_id === myId ? "is-mine" : ""}" data-testid="group-message" data-sender=${line.sender}>
    <b>${writer(line, myId)} · <time datetime=${line.sent_at}>${timeOf(line)}</time></b> <span dir="auto">${line.text}</span></p>`);
}

function timeOf({ sent_at }: IncidentMsg): string {
  return CLOCK.format(Date.parse(sent_at));
}

function sayingView(talk: GroupTalk, saying: Saying): TemplateResult {
  return html`<p class="group-line is-mine is-pending" data-testid="group-pending"><b>${saying.failure ?? "Sending…"}</b> ${saying.text}
    ${saying.failure === null ? nothing : html`<button type="button" class="small" @click=${() => talk.sayAgain(saying.clientId)}>Send again</button>`}</p>`;
}

function answerButtons(talk: GroupTalk, { incident }: Group): TemplateResult[] {
  return ANSWERS.map((answer) => html`<button type="button" class="tool answer" data-testid="answer" @click=${() => talk.say(answer, incident.id)}>${answer}</button>`);
}

function typingView(talk: GroupTalk): TemplateResult {
  const text = talk.draft;
  const send = (event: Event): void => {
    event.preventDefault();
    if (text.trim() !== "") talk.say(text.trim());
  };
  return html`<form class="group-form" @submit=${send}>
    <label class="visually-hidden" for="group-input">Message to everybody on the incident</label>
    <input id="group-input" type="text" maxlength="1000" autocomplete="off" enterkeyhint="send" placeholder="Message" data-testid="group-input"
      .value=${live(text)} @input=${(event: Event) => talk.write((event.target as HTMLInputElement).value)} />
    <button type="submit" class="act go" data-testid="group-send" ?disabled=${text.trim() === ""}>Send</button>
  </form>`;
}
