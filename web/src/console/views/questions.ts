/** The risk assessment: large yes and no, and at once what a refusing answer means. */

import { html, nothing, type TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";

import type { Desk } from "../desk";
import type { RiskQuestion } from "../rest";
import { answered, askedAnew, isRefusing, openQuestions, refusalsOf, typed, type RiskForm } from "../riskform";
import { may } from "../state";
import { icon } from "./icons";
import { refusalList } from "./risk";

/** What is asked about, and in whose form. */
export interface RiskAsking<F extends RiskForm> {
  form: F;
  change: (edit: (now: F) => F) => void;
  /** The number of this part in the form. */
  step: number;
  words: {
    /** Before there are questions. */
    none: string;
    /** When nothing speaks against it. */
    clear: string;
    blocked: string;
  };
}

/** All questions that are asked today. */
export function questionsView<F extends RiskForm>(desk: Desk, asking: RiskAsking<F>): TemplateResult {
  const { form, step } = asking;
  return html`<fieldset class="block risk-block"><legend><b>${step}</b>Risk assessment ${countView(form)}</legend>
    ${form.riskIsAnswered ? decidedView(asking) : askingView(asking)}
    ${blockView(desk, asking)}
  </fieldset>`;
}

function countView(form: RiskForm): TemplateResult | typeof nothing {
  if (form.riskIsAnswered || form.questions.length === 0) return nothing;
  return html`<span class="count">${form.questions.length - openQuestions(form).length} of ${form.questions.length}</span>`;
}

function askingView<F extends RiskForm>(asking: RiskAsking<F>): TemplateResult {
  const { form, change, words } = asking;
  switch (form.questionsState) {
    case "none":
      return html`<p class="none">${words.none}</p>`;
    case "loading":
      return html`<p class="none" role="status"><span class="spinner"></span>Fetching the questions</p>`;
    case "failed":
      return html`<p class="failure" role="alert">The questions could not be fetched.
        <button type="button" class="button small" @click=${() => change((now) => ({ ...now, questionsState: "none" }))}>Try again</button></p>`;
    case "ready":
      return html`<ol class="questions">${form.questions.map((question) => questionView(asking, question))}</ol>`;
  }
}

/** The server has the answers; they can be given again until it is too late. */
function decidedView<F extends RiskForm>({ form, change, words }: RiskAsking<F>): TemplateResult {
  const decided = form.isOverridden ? "Overridden by a supervisor" : form.refusals.length === 0 ? words.clear : "Answered";
  return html`<p class="decided">${icon("done")}${decided}
    <button type="button" class="button small" data-testid="answer-again" @click=${() => change(askedAnew)}>
      Answer again</button></p>`;
}

function questionView<F extends RiskForm>(asking: RiskAsking<F>, question: RiskQuestion): TemplateResult {
  const isAgainst = isRefusing(asking.form, question);
  return html`<li class="question ${isAgainst ? "is-refusing" : ""}" data-testid="risk-question" data-code=${question.code}>
    <div class="question-row" role="radiogroup" aria-label=${question.text}>
      <p>${question.text}${question.help_text === "" ? nothing : html`<small>${question.help_text}</small>`}</p>
      <span class="yes-no">${answerButton(asking, question, "yes")} ${answerButton(asking, question, "no")}</span>
    </div>
    ${isAgainst ? html`<p class="question-advice" role="alert" data-testid="risk-advice">${icon("warning")}<span>${question.advice}</span></p>` : nothing}
  </li>`;
}

function answerButton<F extends RiskForm>({ form, change }: RiskAsking<F>, question: RiskQuestion, answer: "yes" | "no"): TemplateResult {
  const isGiven = form.answers[question.code] === answer;
  const tone = answer === question.refusing_answer ? "against" : "for";
  return html`<label class="answer answer-${tone} ${isGiven ? "is-given" : ""}">
    <input type="radio" name="risk-${question.code}" value=${answer} data-testid="risk-${question.code}-${answer}"
      .checked=${live(isGiven)} @change=${() => change((now) => answered(now, question.code, answer))} />
    <span>${answer === "yes" ? "Yes" : "No"}</span></label>`;
}

/** It is blocked: why, what instead, and a supervisor's way past it. */
function blockView<F extends RiskForm>(desk: Desk, asking: RiskAsking<F>): TemplateResult | typeof nothing {
  const { form, words } = asking;
  const refusals = refusalsOf(form);
  if (refusals.length === 0) return nothing;
  return html`<div class="blocked" data-testid="risk-blocked">
    <strong>${icon("warning")}${words.blocked}</strong>
    ${form.riskIsAnswered ? refusalList(refusals) : nothing}
    ${may(desk.state, "risk.override") ? reasonField(asking) : html`<p>Only a supervisor can override this. You can keep the answers for one.</p>`}
  </div>`;
}

function reasonField<F extends RiskForm>({ form, change }: RiskAsking<F>): TemplateResult {
  const error = form.fieldErrors.overrideReason;
  const type = (event: Event): void => {
    const fields: Partial<RiskForm> = { overrideReason: (event.target as HTMLTextAreaElement).value };
    change((now) => typed(now, fields as Partial<F>));
  };
  return html`<label class="field"><span>Reason for the override <small>kept with your name</small></span>
    <textarea rows="2" maxlength="2000" data-testid="form-override-reason" .value=${live(form.overrideReason)} @input=${type}></textarea>
    ${error === undefined ? nothing : html`<em class="failure" role="alert">${error}</em>`}</label>`;
}
