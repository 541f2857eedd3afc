/** The risk assessment: large yes and no, and at once what a refusing answer means. */

import { html, nothing, type TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";

import type { Desk } from "../desk";
import { answered, isRefusing, refusalsOf, typed, unanswered, type IncidentForm } from "../incidentform";
import type { RiskQuestion } from "../rest";
import { may } from "../state";
import { icon } from "./icons";
import { refusalList } from "./risk";

/** All questions of the type of incident and kind of link. */
export function questionsView(desk: Desk, form: IncidentForm): TemplateResult {
  return html`<fieldset class="block risk-block"><legend><b>3</b>Risk assessment ${countView(form)}</legend>
    ${form.riskIsAnswered ? decidedView(desk, form) : askingView(desk, form)}
    ${blockView(desk, form)}
  </fieldset>`;
}

function countView(form: IncidentForm): TemplateResult | typeof nothing {
  if (form.riskIsAnswered || form.questions.length === 0) return nothing;
  return html`<span class="count">${form.questions.length - unanswered(form).length} of ${form.questions.length}</span>`;
}

function askingView(desk: Desk, form: IncidentForm): TemplateResult {
  switch (form.questionsState) {
    case "none":
      return html`<p class="none">The questions come with the type of incident.</p>`;
    case "loading":
      return html`<p class="none" role="status"><span class="spinner"></span>Fetching the questions</p>`;
    case "failed":
      return html`<p class="failure" role="alert">The questions could not be fetched.
        <button type="button" class="button small" @click=${() => desk.acts.changeForm((now) => ({ ...now, questionsState: "none" }))}>Try again</button></p>`;
    case "ready":
      return html`<ol class="questions">${form.questions.map((question) => questionView(desk, form, question))}</ol>`;
  }
}

/** The server has the answers; they can be given again until the link is out. */
function decidedView(desk: Desk, form: IncidentForm): TemplateResult {
  const words = form.isOverridden ? "Overridden by a supervisor" : form.refusals.length === 0 ? "Answered: nothing speaks against the link" : "Answered";
  return html`<p class="decided">${icon("done")}${words}
    <button type="button" class="button small" @click=${() => desk.acts.changeForm((now) => ({ ...now, riskIsAnswered: false, isOverridden: false, refusals: [] }))}>
      Answer again</button></p>`;
}

function questionView(desk: Desk, form: IncidentForm, question: RiskQuestion): TemplateResult {
  const isAgainst = isRefusing(form, question);
  return html`<li class="question ${isAgainst ? "is-refusing" : ""}" data-testid="risk-question" data-code=${question.code}>
    <div class="question-row" role="radiogroup" aria-label=${question.text}>
      <p>${question.text}${question.help_text === "" ? nothing : html`<small>${question.help_text}</small>`}</p>
      <span class="yes-no">${answerButton(desk, form, question, "yes")} ${answerButton(desk, form, question, "no")}</span>
    </div>
    ${isAgainst ? html`<p class="question-advice" role="alert" data-testid="risk-advice">${icon("warning")}<span>${question.advice}</span></p>` : nothing}
  </li>`;
}

function answerButton(desk: Desk, form: IncidentForm, question: RiskQuestion, answer: "yes" | "no"): TemplateResult {
  const isGiven = form.answers[question.code] === answer;
  const tone = answer === question.refusing_answer ? "against" : "for";
  return html`<label class="answer answer-${tone} ${isGiven ? "is-given" : ""}">
    <input type="radio" name="risk-${question.code}" value=${answer} data-testid="risk-${question.code}-${answer}"
      .checked=${live(isGiven)} @change=${() => desk.acts.changeForm((now) => answered(now, question.code, answer))} />
    <span>${answer === "yes" ? "Yes" : "No"}</span></label>`;
}

/** The link is blocked: why, what instead, and a supervisor's way past it. */
function blockView(desk: Desk, form: IncidentForm): TemplateResult | typeof nothing {
  const refusals = refusalsOf(form);
  if (refusals.length === 0) return nothing;
  return html`<div class="blocked" data-testid="risk-blocked">
    <strong>${icon("warning")}The link is blocked</strong>
    ${form.riskIsAnswered ? refusalList(refusals) : nothing}
    ${may(desk.state, "risk.override") ? reasonField(desk, form) : html`<p>Only a supervisor can override this. You can keep the answers for one.</p>`}
  </div>`;
}

function reasonField(desk: Desk, form: IncidentForm): TemplateResult {
  const error = form.fieldErrors.overrideReason;
  return html`<label class="field"><span>Reason for the override <small>kept with your name</small></span>
    <textarea rows="2" maxlength="2000" data-testid="form-override-reason" .value=${live(form.overrideReason)}
      @input=${(event: Event) => desk.acts.changeForm((now) => typed(now, { overrideReason: (event.target as HTMLTextAreaElement).value }))}></textarea>
    ${error === undefined ? nothing : html`<em class="failure" role="alert">${error}</em>`}</label>`;
}
