/** Text chat with the caller. */

import { html, nothing, type TemplateResult } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { live } from "lit-html/directives/live.js";

import type { ChatMsg, SessionSummary } from "../../signalling/messages";
import type { Desk } from "../desk";
import { hasEnded, sharerWord } from "../select";
import type { PendingMessage } from "../state";
import { languageWord } from "../languages";
import { clock } from "../times";
import { phrasesView, safeModeView } from "./saying";

/** Most characters of one line. */
const MAX_LENGTH = 1000;

/** The log and the input. The newest line is at the bottom. */
export function chatView(desk: Desk, session: SessionSummary): TemplateResult {
  const details = desk.state.details[session.id];
  const [messages, pending] = [details?.messages ?? [], details?.pending ?? []];
  const isClosed = hasEnded(session);
  // Before anything can be said there is little to show, and what stands above it needs the room.
  const isQuiet = messages.length + pending.length === 0 && session.consent === null;
  return html`<section class="chat ${isQuiet ? "is-quiet" : ""}" aria-label="Chat with the ${sharerWord(session)}" data-testid="chat">
    ${safeModeView(session)}
    <header class="panel-head"><h3>Chat</h3><span class="quiet-text">${chatNote(session)}</span></header>
    <div class="chat-log" role="log" tabindex="0" data-testid="chat-log"><div class="chat-lines">
      ${messages.length + pending.length === 0 ? html`<p class="none">${isClosed ? "Nothing was written" : "Nothing written yet"}</p>` : nothing}
      ${repeat(messages, (message) => message.id, messageView)}
      ${repeat(pending, (line) => line.clientId, (line) => pendingView(desk, session, line))}
    </div></div>
    ${isClosed ? nothing : [phrasesView(desk, session), inputView(desk, session)]}
  </section>`;
}

function chatNote(session: SessionSummary): string {
  if (session.kind === "officer") return "the officer reads the newest line";
  if (session.language !== "en") return `the caller reads ${languageWord(session.language)}`;
  if (session.consent === null && !hasEnded(session)) return "the caller reads it once the page is open";
  return "";
}

function messageView(message: ChatMsg): TemplateResult {
  return html`<p class="bubble bubble-${message.sender}" data-testid="chat-message" data-sender=${message.sender}>
    <span class="bubble-meta">${message.sender === "caller" ? "Caller" : message.sender_name} · ${clock(message.sent_at)}</span>
    ${message.sender === "caller" ? callersWords(message) : operatorsWords(message)}</p>`;
}

/** In English, with what the caller really tapped or typed beside it. */
function callersWords(message: ChatMsg): TemplateResult {
  const isTyped = message.phrase === null && message.language !== "en";
  return html`<span class="bubble-text" dir="auto">${message.shown_text}</span>
    ${message.shown_text === message.text ? nothing : inOther("Caller tapped", message.text, message.language)}
    ${isTyped ? html`<small class="bubble-other">Typed in ${languageWord(message.language)}, not translated</small>` : nothing}`;
}

/** As written, with what the caller saw. */
function operatorsWords(message: ChatMsg): TemplateResult {
  return html`<span class="bubble-text">${message.text}</span>
    ${message.shown_text === message.text ? nothing : inOther("Caller saw", message.shown_text, message.shown_language)}`;
}

function inOther(label: string, text: string, language: string): TemplateResult {
  return html`<small class="bubble-other">${label} <bdi lang=${language} data-testid="chat-other">${text}</bdi></small>`;
}

function pendingView(desk: Desk, session: SessionSummary, line: PendingMessage): TemplateResult {
  const { failure } = line;
  return html`<p class="bubble bubble-operator is-pending ${failure === null ? "" : "is-failed"}">
    <span class="bubble-meta">${failure === null ? "Sending" : `Not sent: ${failure}`}</span>
    <span class="bubble-text">${line.text}</span>
    ${failure === null ? nothing : html`<button type="button" class="button small"
      @click=${() => sendAgain(desk, session, line)}>Send again</button>`}</p>`;
}

function sendAgain(desk: Desk, session: SessionSummary, line: PendingMessage): void {
  if (line.phrase === null) desk.acts.sendChat(session.id, line.text, line.clientId);
  else desk.acts.sendPhrase(session.id, { code: line.phrase, text: line.text }, line.clientId);
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
    <label class="visually-hidden" for="chat-input">Message to the ${sharerWord(session)}</label>
    <textarea id="chat-input" rows="1" maxlength=${MAX_LENGTH} placeholder="Message to the ${sharerWord(session)} (Alt+C)" data-testid="chat-input"
      .value=${live(draft)} @keydown=${onKey}
      @input=${(event: Event) => desk.acts.draftChat(session.id, (event.target as HTMLTextAreaElement).value)}></textarea>
    <button type="submit" class="button primary" data-testid="chat-send" ?disabled=${draft.trim() === "" || !desk.state.isSynced}>Send</button>
  </form>`;
}
