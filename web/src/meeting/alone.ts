/** "Are you alone?": three answers of the same size, which officers alone see. Nothing of it stays on the page once it was sent. */

import { html, nothing, type TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";

import type { Alone } from "../signalling/meetingmessages";
import type { LobbyTexts } from "./texts/en/lobby";

const ANSWERS = ["yes", "no", "unsaid"] as const;

/** The question. */
export function aloneField(alone: Alone, problem: string | null, { alone: words }: LobbyTexts, choose: (alone: Exclude<Alone, "">) => void): TemplateResult {
  const isMissing = problem === "alone_missing";
  return html`<fieldset class="govuk-fieldset alone" aria-describedby="alone-hint ${isMissing ? "alone-problem" : ""}">
    <legend class="govuk-label govuk-label--s">${words.legend}</legend>
    <p class="govuk-hint" id="alone-hint">${words.hint}</p>
    ${isMissing ? html`<p class="govuk-error-message" id="alone-problem" role="alert">${words.missing}</p>` : nothing}
    <div class="choices">${ANSWERS.map((answer) => html`<label class="choice"><input type="radio" name="alone" value=${answer} data-testid="alone-${answer}"
      .checked=${live(alone === answer)} @change=${() => choose(answer)}><span>${words[answer]}</span></label>`)}</div></fieldset>`;
}
