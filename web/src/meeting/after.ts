/** After the meeting: it is over, everything is off, and two questions that may both be left out. A plain form: it needs no socket. */

import { html, nothing, type TemplateResult } from "lit-html";

import { csrfToken } from "../signalling/csrf";
import type { MeetingModel } from "./model";
import type { WordsTexts } from "./texts/en/words";

/** The page after the end. Who was removed is told no more than that it is over. */
export function overScreen(model: MeetingModel, { after: words }: WordsTexts): TemplateResult {
  const { meeting } = model;
  const isRemoved = meeting?.phase === "removed";
  const number = meeting?.call_number ?? null;
  return html`<section class="quiet" data-testid="over">
    <h1 class="govuk-heading-l" tabindex="-1">${isRemoved ? words.removedTitle : words.title}</h1>
    <p class="govuk-body" role="status">${words.body}</p>
    ${number === null || number === "" ? nothing : html`<p class="govuk-body">${words.call(number)}</p>`}
    ${meeting?.safe_mode === true ? nothing : html`<p class="govuk-body">${words.emergency}</p>`}
    ${isRemoved || !model.hasQuestions ? nothing : questionsForm(words, meeting?.safe_mode === true)}
  </section>`;
}

function questionsForm(words: WordsTexts["after"], isSafe: boolean): TemplateResult {
  return html`<form method="post" action="/meeting/after/" class="after-form" data-testid="after-form">
    <input type="hidden" name="csrfmiddlewaretoken" value=${csrfToken()}>
    <h2 class="govuk-heading-m">${words.questions}</h2>
    <p class="govuk-hint">${words.hint}</p>
    ${question("got_what_needed", words.got, Object.entries(words.gotAnswers))}
    ${question("again", words.again, Object.entries(words.againAnswers))}
    <button type="submit" class="govuk-button" data-testid="after-send">${words.send}</button>
    ${isSafe ? nothing : html`<p class="govuk-body"><a class="govuk-link" href="/meeting/after/">${words.skip}</a></p>`}
  </form>`;
}

function question(name: string, legend: string, answers: [string, string][]): TemplateResult {
  return html`<fieldset class="govuk-fieldset"><legend class="govuk-label govuk-label--s">${legend}</legend>
    <div class="choices">${answers.map(([value, label]) => html`<label class="choice"><input type="radio" name=${name} value=${value} data-testid="${name}-${value}"><span>${label}</span></label>`)}</div>
  </fieldset>`;
}
