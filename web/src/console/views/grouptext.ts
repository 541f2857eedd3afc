/** Group text of an incident: what the control room and the officers on it write to each other. */

import { html, nothing, type TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { repeat } from "lit-html/directives/repeat.js";

import type { IncidentMsg } from "../../signalling/messages";
import type { Desk } from "../desk";
import type { PendingLine } from "../incidentstate";
import { may } from "../state";
import { clockWithDay } from "../times";

/** Most characters of one line. */
const MAX_LENGTH = 1000;

/** The log, newest at the bottom, and the input. */
export function groupTextView(desk: Desk): TemplateResult {
  const { page, pending } = desk.state.incident;
  const messages = page?.messages ?? [];
  const isOpen = page?.incident.closed_at === null && may(desk.state, "session.control");
  return html`<section class="chat group-text" aria-label="Group text" data-testid="group-text">
    <header class="panel-head"><h3>Group text</h3><span class="quiet-text">${readersNote(desk)}</span></header>
    <div class="chat-log" role="log" tabindex="0" data-testid="group-log"><div class="chat-lines">
      ${messages.length + pending.length === 0 ? html`<p class="none">Nothing written yet</p>` : nothing}
      ${repeat(messages, (message) => message.id, (message) => messageView(desk, message))}
      ${repeat(pending, (line) => line.clientId, (line) => pendingView(desk, line))}
    </div></div>
    ${isOpen ? inputView(desk) : nothing}
  </section>`;
}

/** Who reads it: nobody should write into the air. */
function readersNote(desk: Desk): string {
  const count = desk.state.incident.page?.officers.length ?? 0;
  const live = Object.values(desk.state.sessions).filter((one) => one.kind === "officer" && one.incident.id === desk.state.incident.chosenId && one.ended_at === null);
  const readers = Math.max(count, live.length);
  return readers === 0 ? "no officer is on it now" : readers === 1 ? "1 officer reads it" : `${readers} officers read it`;
}

function messageView(desk: Desk, message: IncidentMsg): TemplateResult {
  const who = message.sender_id === desk.state.me.id ? "You" : message.sender === "control" ? `Control room, ${message.sender_name}` : message.sender_name;
  return html`<p class="bubble bubble-${message.sender === "control" ? "operator" : "caller"}" data-testid="group-message" data-sender=${message.sender}>
    <span class="bubble-meta">${who} · ${clockWithDay(message.sent_at, desk.now)}</span>
    <span class="bubble-text" dir="auto">${message.text}</span></p>`;
}

function pendingView(desk: Desk, { clientId, text, failure }: PendingLine): TemplateResult {
  return html`<p class="bubble bubble-operator is-pending ${failure === null ? "" : "is-failed"}">
    <span class="bubble-meta">${failure === null ? "Sending" : `Not sent: ${failure}`}</span>
    <span class="bubble-text">${text}</span>
    ${failure === null ? nothing : html`<button type="button" class="button small" @click=${() => desk.acts.sayOnIncident(text, clientId)}>Send again</button>`}</p>`;
}

function inputView(desk: Desk): TemplateResult {
  const { draft } = desk.state.incident;
  const send = (): void => {
    if (draft.trim() !== "") desk.acts.sayOnIncident(draft.trim());
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  };
  return html`<form class="chat-form" @submit=${(event: Event) => { event.preventDefault(); send(); }}>
    <label class="visually-hidden" for="incident-input">Message to everybody on the incident</label>
    <textarea id="incident-input" rows="1" maxlength=${MAX_LENGTH} placeholder="To the officers (Alt+C)" data-testid="incident-input"
      .value=${live(draft)} @keydown=${onKey} @input=${(event: Event) => desk.acts.draftIncident((event.target as HTMLTextAreaElement).value)}></textarea>
    <button type="submit" class="button primary" data-testid="incident-send" ?disabled=${draft.trim() === "" || !desk.state.isSynced}>Send</button>
  </form>`;
}
