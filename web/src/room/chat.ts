/** The messages of a call: what was said, what of the own is on its way, and the panel for both. */

import { html, nothing, type TemplateResult } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";

import { newId } from "../console/newid";
import type { Waiting } from "../signalling/queue";
import type { SaidView, SeatClientMessage } from "../signalling/meetingmessages";
import type { CallTexts } from "./texts";

/** A line as it is shown; `failed` was refused, and can be sent again. */
export type ChatLine = Omit<SaidView, "role"> & { role: SaidView["role"] | null; standing: "said" | "pending" | "failed" };

/** Most lines on a page: the server keeps no more for whoever comes later, either. */
const MOST = 300;
/** Longest message, in characters. */
const LONGEST = 1000;
const REF = "say:";

/** What the log needs of the call. */
export interface ChatParts {
  readonly send: (message: SeatClientMessage, waiting?: Waiting) => boolean;
  readonly selfId: () => string | null;
  readonly redraw: () => void;
}

/** All messages of one call. */
export class ChatLog {
  lines: readonly ChatLine[] = [];
  /** Lines of others since the panel was last seen. */
  unread = 0;
  /** The newest of them, to be told. */
  newest: ChatLine | null = null;
  isTooFast = false;
  private draft = "";

  constructor(private readonly parts: ChatParts) {}

  /** What the server knows; what is on its way stays. */
  snapshot(messages: readonly SaidView[]): void {
    const known = new Set(messages.map((message) => message.client_id));
    const own = this.lines.filter((line) => line.standing !== "said" && !known.has(line.client_id));
    this.lines = [...messages.map((message): ChatLine => ({ ...message, standing: "said" })), ...own].slice(-MOST);
  }

  /** Somebody said something; the own line takes the place of the one that was on its way. */
  said(message: SaidView, isSeen: boolean): void {
    if (this.lines.some((line) => line.id === message.id)) return;
    const line: ChatLine = { ...message, standing: "said" };
    const others = this.lines.filter(({ client_id, participant_id }) => client_id !== message.client_id || participant_id !== message.participant_id);
    this.lines = [...others, line].slice(-MOST);
    if (message.participant_id === this.parts.selfId()) return;
    this.newest = line;
    if (!isSeen) this.unread += 1;
  }

  /** The panel is open. */
  seen(): void {
    this.unread = 0;
    this.newest = null;
  }

  /** Say something. It waits for the line where there is none. */
  say(text: string): void {
    const said = text.trim();
    if (said === "" || said.length > LONGEST) return;
    this.draft = "";
    this.isTooFast = false;
    const client_id = newId();
    const line: ChatLine = {
      id: `own:${client_id}`, participant_id: this.parts.selfId() ?? "", name: "", role: null, text: said, client_id, sent_at: new Date().toISOString(), standing: "pending",
    };
    this.lines = [...this.lines, line].slice(-MOST);
    this.post(line);
    this.parts.redraw();
  }

  /** Send a line again that was refused. */
  again(clientId: string): void {
    const line = this.lines.find((one) => one.client_id === clientId && one.standing === "failed");
    if (line === undefined) return;
    this.isTooFast = false;
    this.stand(clientId, "pending");
    this.post(line);
    this.parts.redraw();
  }

  /** The server refused something; returns whether it was a message. */
  refused(ref: string | null | undefined, code: string): boolean {
    if (ref?.startsWith(REF) !== true) return false;
    this.isTooFast = code === "rate_limited" || code === "busy";
    this.stand(ref.slice(REF.length), "failed");
    return true;
  }

  /** The panel. */
  view({ words: { chat: words }, room }: CallTexts): TemplateResult {
    const submit = (event: Event): void => {
      event.preventDefault();
      this.say(this.draft);
    };
    return html`<div class="chat-panel">
      <div class="chat-log" role="log" tabindex="0" aria-label=${words.title} data-testid="chat-log">
        ${this.lines.length === 0 ? html`<p class="panel-hint">${words.empty}</p>` : nothing}
        ${repeat(this.lines, (line) => line.client_id + line.participant_id, (line) => this.lineView(line, words, room.locale))}</div>
      ${this.isTooFast ? html`<p class="panel-problem" role="alert">${words.tooFast}</p>` : nothing}
      <form class="chat-form" @submit=${submit}>
        <label class="room-hidden" for="call-chat">${words.label}</label>
        <input id="call-chat" type="text" dir="auto" autocomplete="off" enterkeyhint="send" maxlength=${LONGEST} placeholder=${words.label} data-testid="chat-input"
          .value=${this.draft} @input=${(event: Event) => (this.draft = (event.target as HTMLInputElement).value)}>
        <button type="submit" class="room-button" data-testid="chat-send">${words.send}</button>
      </form></div>`;
  }

  private lineView(line: ChatLine, words: CallTexts["words"]["chat"], locale: string): TemplateResult {
    const isOwn = line.participant_id === this.parts.selfId();
    const time = new Date(line.sent_at).toLocaleTimeString(locale, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "Europe/London" });
    return html`<div class="chat-line ${isOwn ? "is-own" : ""}" data-testid="chat-line" data-standing=${line.standing}>
      <span class="chat-who"><bdi>${isOwn ? words.you : line.name}</bdi> · ${line.standing === "pending" ? words.pending : time}</span>
      <span class="chat-text" dir="auto">${line.text}</span>
      ${line.standing === "failed" ? html`<span class="panel-problem">${words.failed}
        <button type="button" class="room-link" @click=${() => this.again(line.client_id)}>${words.again}</button></span>` : nothing}
    </div>`;
  }

  private post(line: ChatLine): void {
    this.parts.send({ type: "call.say", client_id: line.client_id, text: line.text, ref: REF + line.client_id }, "keep");
  }

  private stand(clientId: string, standing: ChatLine["standing"]): void {
    this.lines = this.lines.map((line) => (line.client_id === clientId && line.standing !== "said" ? { ...line, standing } : line));
  }
}
