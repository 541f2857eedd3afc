/** The consultation's own risk questions, and asking them again in time. A refusal does not end a call: it says what to do. */

import { html, nothing, type TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";

import { ApiError, type RiskQuestion } from "../console/rest";
import { answered, askedAnew, decidedRisk, isRefusing, openQuestions, refusalsOf, typed, withQuestions, type RiskForm } from "../console/riskform";
import { clock, counter, secondsSince } from "../console/times";
import { refusalList } from "../console/views/risk";
import type { ConsultationView } from "../signalling/deskmessages";
import type { ConsultRest } from "./rest";
import { deskError } from "./words";

/** What the card needs of the page. */
export interface RiskParts {
  rest: Pick<ConsultRest, "questions" | "answerRisk" | "overrideRisk">;
  sessionId: string;
  mayOverride: boolean;
  readonly redraw: () => void;
}

/** One consultation's risk. */
export class RiskRound {
  form: RiskForm | null = null;
  private isOpen = false;
  private isSending = false;

  constructor(private readonly parts: RiskParts) {}

  /** Open the questions, to be answered for the first time or again. */
  async open(): Promise<void> {
    this.isOpen = true;
    this.form = { ...askedAnew(this.form ?? decidedRisk(null)), answers: {}, questionsState: "loading", error: null };
    this.parts.redraw();
    try {
      const questions = await this.parts.rest.questions(this.parts.sessionId);
      this.edit((form) => withQuestions(form, questions));
    } catch (error) {
      this.edit((form) => ({ ...form, questionsState: "failed", error: wordsOf(error) }));
    }
  }

  /** One answer. */
  answer(code: string, answer: "yes" | "no"): void {
    this.edit((form) => answered(form, code, answer));
  }

  /** Send the answers, once all are given. */
  async send(): Promise<void> {
    const { form } = this;
    if (form === null || this.isSending || openQuestions(form).length > 0) return;
    this.isSending = true;
    this.parts.redraw();
    try {
      const { refusals } = await this.parts.rest.answerRisk(this.parts.sessionId, form.answers);
      this.edit((now) => ({ ...now, riskIsAnswered: true, refusals, error: null }));
      this.isOpen = false;
    } catch (error) {
      this.edit((now) => ({ ...now, error: wordsOf(error) }));
    } finally {
      this.isSending = false;
      this.parts.redraw();
    }
  }

  /** A supervisor's way past a refusal: with a reason, and a fresh proof that the door asks for. */
  async override(): Promise<void> {
    const reason = this.form?.overrideReason.trim() ?? "";
    if (reason === "" || this.isSending) return;
    this.isSending = true;
    try {
      await this.parts.rest.overrideRisk(this.parts.sessionId, reason);
      this.edit((now) => ({ ...now, overrideReason: "", error: null }));
    } catch (error) {
      this.edit((now) => ({ ...now, error: wordsOf(error) }));
    } finally {
      this.isSending = false;
      this.parts.redraw();
    }
  }

  /** The card: always at the same place. */
  view(risk: ConsultationView["risk"], now: number): TemplateResult {
    const isDue = risk.outcome === null || risk.is_overdue;
    return html`<section class="card card-risk ${isDue ? "is-due" : ""} ${risk.outcome === "refused" ? "is-refused" : ""}" aria-labelledby="risk-title" data-testid="risk-card" data-outcome=${risk.outcome ?? ""}>
      <h2 id="risk-title">Risk</h2>
      ${risk.outcome === null ? html`<p class="warning-text">Not answered. Nobody can be admitted before.</p>` : html`<p>${decided(risk)}</p>`}
      ${dueView(risk, now)}
      ${risk.outcome === "refused" ? this.refusedView(risk) : nothing}
      ${this.isOpen ? this.questionsView() : html`<button type="button" class="button ${isDue ? "primary large" : ""}" data-testid="risk-open" @click=${() => void this.open()}>
        ${risk.outcome === null ? "Answer the questions" : "Ask again"}</button>`}
    </section>`;
  }

  private refusedView(risk: ConsultationView["risk"]): TemplateResult {
    const reason = this.form?.overrideReason ?? "";
    return html`<div class="blocked" role="alert" data-testid="risk-refused">${refusalList(risk.refusals)}
      <p>The call goes on: ending it may be the greater danger. You decide.</p></div>
      ${this.parts.mayOverride ? html`<label class="field"><span>Override <small>reason, kept with your name</small></span>
        <textarea rows="2" maxlength="2000" data-testid="override-reason" .value=${live(reason)}
          @input=${(event: Event) => this.edit((now) => typed(now, { overrideReason: (event.target as HTMLTextAreaElement).value }))}></textarea></label>
        <button type="button" class="button danger" data-testid="override" ?disabled=${reason.trim() === "" || this.isSending} @click=${() => void this.override()}>Override</button>`
        : html`<p class="quiet-text">A supervisor can override it. Until then nobody else can be admitted.</p>`}`;
  }

  private questionsView(): TemplateResult {
    const form = this.form ?? decidedRisk(null);
    const open = openQuestions(form).length;
    return html`<form class="risk-form" data-testid="risk-form" @submit=${(event: Event) => { event.preventDefault(); void this.send(); }}>
      ${form.questionsState === "loading" ? html`<p role="status">Fetching the questions…</p>` : nothing}
      <ol class="questions">${form.questions.map((question) => this.questionView(form, question))}</ol>
      ${form.error === null ? nothing : html`<p class="failure" role="alert">${form.error}</p>`}
      ${refusalsOf(form).length === 0 ? nothing : html`<p class="warning-text" role="status">An answer speaks against it.</p>`}
      <button type="submit" class="button primary large" data-testid="risk-send" ?disabled=${open > 0 || this.isSending || form.questionsState !== "ready"}>
        ${open > 0 ? `${open} still open` : "Keep the answers"}</button>
      <button type="button" class="button" @click=${() => { this.isOpen = false; this.parts.redraw(); }}>Close</button></form>`;
  }

  private questionView(form: RiskForm, question: RiskQuestion): TemplateResult {
    const isAgainst = isRefusing(form, question);
    return html`<li class="question ${isAgainst ? "is-refusing" : ""}" data-testid="risk-question" data-code=${question.code}>
      <fieldset><legend>${question.text}</legend>${question.help_text === "" ? nothing : html`<small>${question.help_text}</small>`}
        <span class="yes-no">${(["yes", "no"] as const).map((answer) => html`<label class="answer ${form.answers[question.code] === answer ? "is-given" : ""}">
          <input type="radio" name="risk-${question.code}" value=${answer} data-testid="risk-${question.code}-${answer}" .checked=${live(form.answers[question.code] === answer)}
            @change=${() => this.answer(question.code, answer)}><span>${answer === "yes" ? "Yes" : "No"}</span></label>`)}</span></fieldset>
      ${isAgainst ? html`<p class="question-advice" role="alert">${question.advice}</p>` : nothing}</li>`;
  }

  private edit(change: (form: RiskForm) => RiskForm): void {
    this.form = change(this.form ?? decidedRisk(null));
    this.parts.redraw();
  }
}

function decided({ outcome, asked_at }: ConsultationView["risk"]): string {
  const at = clock(asked_at);
  const when = at === "" ? "" : ` at ${at}`;
  if (outcome === "clear") return `Clear, asked${when}`;
  return outcome === "overridden" ? `Overridden by a supervisor, asked${when}` : `Answers speak against it, asked${when}`;
}

function dueView({ due_at, is_overdue }: ConsultationView["risk"], now: number): TemplateResult | typeof nothing {
  const since = secondsSince(due_at, now);
  if (since === null) return nothing;
  if (is_overdue || since >= 0) return html`<p class="warning-text" role="alert" data-testid="risk-due">Ask again now: due for ${counter(Math.max(0, since))}</p>`;
  return html`<p class="quiet-text" data-testid="risk-next">Ask again in ${counter(-since)}</p>`;
}

function wordsOf(error: unknown): string {
  return error instanceof ApiError ? deskError(error.code, error.message) : deskError("server", "");
}
