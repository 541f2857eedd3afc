/** Whether somebody may be recorded: asked in the force's own words, answered by one tap, and taken back by one. */

import { html, nothing, type TemplateResult } from "lit-html";

import type { Waiting } from "../signalling/queue";
import type { ConsentAsked, SeatClientMessage } from "../signalling/meetingmessages";
import type { CallTexts } from "./texts";

/** What it needs of the call. */
export interface ConsentParts {
  readonly send: (message: SeatClientMessage, waiting?: Waiting) => boolean;
  readonly redraw: () => void;
}

/** Marks text of a consent as what it is: its language may be another one than the page's. */
const FROM_THE_RIGHT = /^(ar|fa|ur)\b/i;
const REF = "consent:";

/** One person's consent to be recorded. */
export class RecordingConsent {
  /** The question that waits for an answer. */
  asked: ConsentAsked | null = null;
  /** The last answer that the server has. */
  standing: "yes" | "no" | null = null;
  private isSending: "yes" | "no" | null = null;
  private hasFailed = false;
  private withdrawText = "";

  constructor(private readonly parts: ConsentParts) {}

  /** The server asks, or asks no more. */
  ask(asked: ConsentAsked | null): void {
    this.asked = asked;
    this.isSending = null;
    this.hasFailed = false;
    if (asked !== null) this.withdrawText = asked.wording.withdraw_text;
    this.parts.redraw();
  }

  /** Yes or no, once. */
  answer(answer: "yes" | "no"): void {
    const { asked } = this;
    if (asked === null || this.isSending !== null) return;
    this.isSending = answer;
    this.hasFailed = false;
    const { version, language } = asked.wording;
    this.parts.send({ type: "consent.answer", round: asked.round, answer, wording_version: version, language, ref: REF + String(asked.round) }, "keep");
    this.parts.redraw();
  }

  /** From now on nothing of this person is recorded. */
  withdraw(): void {
    this.standing = "no";
    this.parts.send({ type: "consent.withdraw", ref: `${REF}withdraw` }, "keep");
    this.parts.redraw();
  }

  /** The server has it. */
  kept(round: number, answer: "yes" | "no"): void {
    this.standing = answer;
    if (this.asked?.round === round) this.ask(null);
  }

  /** The server refused something; returns whether it was this. A round that is over asks nothing any more. */
  refused(ref: string | null | undefined, code: string): boolean {
    if (ref?.startsWith(REF) !== true) return false;
    this.isSending = null;
    if (code === "round_over") this.ask(null);
    else this.hasFailed = true;
    this.parts.redraw();
    return true;
  }

  /** The question, over the call or in its place; nothing while none waits. */
  view(texts: CallTexts): TemplateResult | typeof nothing {
    const { asked } = this;
    if (asked === null) return nothing;
    const words = texts.recording.asked;
    const { wording, why } = asked;
    const isStanding = why === "someone_joined" && this.standing === "yes";
    return html`<section class="consent-card" role="alertdialog" aria-modal="false" aria-labelledby="consent-title" data-testid="consent-card" data-why=${why}>
      <p class="consent-why">${words[why]}</p>
      <div lang=${wording.language} dir=${FROM_THE_RIGHT.test(wording.language) ? "rtl" : "ltr"}>
        <h2 id="consent-title" tabindex="-1">${wording.title}</h2>
        <p class="consent-body">${wording.body}</p>
        <p class="consent-body">${wording.withdraw_text}</p></div>
      ${isStanding ? html`<p class="consent-why">${words.stands}</p>` : nothing}
      ${this.hasFailed ? html`<p class="panel-problem" role="alert">${words.failed}</p>` : nothing}
      <div class="consent-answers">
        ${this.answerButton("yes", isStanding ? words.keep : words.yes, words.sending)}
        ${this.answerButton("no", words.no, words.sending)}</div>
    </section>`;
  }

  /** The way to take it back, which is always there while somebody is recorded. */
  withdrawView(texts: CallTexts, isRecorded: boolean): TemplateResult | typeof nothing {
    if (!isRecorded) return nothing;
    return html`<button type="button" class="room-button consent-withdraw" data-testid="consent-withdraw" title=${this.withdrawText}
      @click=${() => this.withdraw()}>${texts.recording.withdraw}</button>`;
  }

  private answerButton(answer: "yes" | "no", label: string, sending: string): TemplateResult {
    return html`<button type="button" class="room-button consent-${answer}" data-testid="consent-${answer}" ?disabled=${this.isSending !== null}
      @click=${() => this.answer(answer)}>${this.isSending === answer ? sending : label}</button>`;
  }
}
