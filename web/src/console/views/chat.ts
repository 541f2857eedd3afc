/** Text chat with the caller. */

import { html, nothing, type TemplateResult } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { live } from "lit-html/directives/live.js";

import type { ChatMsg, SessionSummary } from "../../signalling/messages";
import type { Desk } from "../desk";
import { hasEnded } from "../select";
import type { PendingMessage } from "../state";
import { clock } from "../times";

/** Most characters of one line. */
const MAX_LENGTH = 1000;

/** The log and the input. The newest line is at the bottom. */
export function chatView(desk: Desk, session: SessionSummary): TemplateResult {
  const details = desk.state.details[session.id];
  const [messages, pending] = [details?.messages ?? [], details?.pending ?? []];
  const isClosed = hasEnded(session);
  return html`<section class="chat" aria-label="Chat with the caller" data-testid="chat">
    <header class="panel-head"><h3>Chat</h3><span class="quiet-text">${chatNote(session)}</span></header>
    <div class="chat-log" role="log" tabindex="0" data-testid="chat-log">
      ${messages.length + pending.length === 0 ? html`<p class="none">${isClosed ? "Nothing was written" : "Nothing written yet"}</p>` : nothing}
      ${repeat(messages, (message) => message.id, messageView)}
      ${repeat(pending, (line) => line.clientId, (line) => pendingView(desk, session, line))}
    </div>
    ${isClosed ? nothing : inputView(desk, session)}
  </section>`;
}

function chatNote(session: SessionSummary): string {
  if (session.consent === null && !hasEnded(session)) return "the caller reads it once the page is open";
  return "";
}

function messageView(message: ChatMsg): TemplateResult {
  return html`<p class="bubble bubble-${message.sender}" data-testid="chat-message" data-sender=${message.sender}>
    <span class="bubble-meta">${message.sender === "caller" ? "Caller" : message.sender_name} · ${clock(message.sent_at)}</span>
    <span class="bubble-text">${message.text}</span></p>`;
}

function pendingView(desk: Desk, session: SessionSummary, line: PendingMessage): TemplateResult {
  const { failure } = line;
  return html`<p class="bubble bubble-operator is-pending ${failure === null ? "" : "is-failed"}">
    <span class="bubble-meta">${failure === null ? "Sending" : `Not sent: ${failure}`}</span>
    <span class="bubble-text">${line.text}</span>
    ${failure === null ? nothing : html`<button type="button" class="button small"
      @click=${() => desk.acts.sendChat(session.id, line.text, line.clientId)}>Send again</button>`}</p>`;
}

function inputView(desk: Desk, session: SessionSummary): TemplateResult {
  const draft = desk.state.chatDrafts[session.id] ?? "";
  const send = (): void => {
    if (draft.trim() !== "") desk.acts.sendChat(session.id, draft.trim());
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  };
  return html`<form class="chat-form" @submit=${(event: Event) => { event.preventDefault(); send(); }}>
    <label class="visually-hidden" for="chat-input">Message to the caller</label>
    <textarea id="chat-input" rows="1" maxlength=${MAX_LENGTH} placeholder="Message to the caller (Alt+C)" data-testid="chat-input"
      .value=${live(draft)} @keydown=${onKey}
      @input=${(event: Event) => desk.acts.draftChat(session.id, (event.target as HTMLTextAreaElement).value)}></textarea>
    <button type="submit" class="button primary" data-testid="chat-send" ?disabled=${draft.trim() === "" || !desk.state.isSynced}>Send</button>
  </form>`;
}
