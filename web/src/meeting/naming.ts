/** The name that the others will see. */

import { html, nothing, type TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";

import type { LobbyTexts } from "./texts/en/lobby";

/** A field with what was written before; `problem` is the code of what is wrong with it. */
export function nameField(name: string, problem: string | null, { name: words }: LobbyTexts, change: (name: string) => void): TemplateResult {
  const wrong = problem === "name_empty" ? words.empty : problem === "name_too_long" ? words.tooLong : null;
  return html`<div class="govuk-form-group ${wrong === null ? "" : "govuk-form-group--error is-calm"}">
    <label class="govuk-label govuk-label--s" for="shown-name">${words.label}</label>
    <p class="govuk-hint" id="name-hint">${words.hint}</p>
    ${wrong === null ? nothing : html`<p class="govuk-error-message" id="name-problem" role="alert">${wrong}</p>`}
    <input class="govuk-input" id="shown-name" type="text" dir="auto" maxlength="300" autocomplete="off" spellcheck="false" data-testid="shown-name"
      aria-describedby="name-hint ${wrong === null ? "" : "name-problem"}" aria-invalid=${wrong === null ? nothing : "true"}
      .value=${live(name)} @input=${(event: Event) => change((event.target as HTMLInputElement).value)}></div>`;
}
