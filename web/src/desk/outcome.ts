/** What a consultation came to: one choice and a note, once it is over. */

import { html, nothing, type TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";

import type { OutcomeChoice } from "../console/rest";

/** The outcome as it is chosen. */
export interface OutcomeForm {
  code: string;
  note: string;
  isSending: boolean;
  failure: string | null;
}

export const NO_OUTCOME: OutcomeForm = { code: "", note: "", isSending: false, failure: null };

/** What the card is drawn with. */
export interface OutcomeScreen {
  recorded: { label: string; note: string } | null;
  choices: readonly OutcomeChoice[];
  form: OutcomeForm;
  readonly change: (form: OutcomeForm) => void;
  readonly send: () => void;
}

/** The card. */
export function outcomeView({ recorded, choices, form, change, send }: OutcomeScreen): TemplateResult {
  const submit = (event: Event): void => {
    event.preventDefault();
    if (form.code !== "" && !form.isSending) send();
  };
  return html`<section class="card card-outcome" aria-labelledby="outcome-title" data-testid="outcome-card"><h2 id="outcome-title">Outcome</h2>
    ${recorded === null ? nothing : html`<p data-testid="outcome-recorded"><b>${recorded.label}</b>${recorded.note === "" ? nothing : html` <bdi>${recorded.note}</bdi>`}</p>`}
    <form @submit=${submit}>
      <label class="field"><span>${recorded === null ? "What it came to" : "Change it"}</span><select data-testid="outcome-code" @change=${(event: Event) => change({ ...form, code: (event.target as HTMLSelectElement).value, failure: null })}>
        <option value="" ?selected=${form.code === ""}>Choose</option>
        ${choices.map(({ code, label }) => html`<option value=${code} ?selected=${code === form.code}>${label}</option>`)}</select></label>
      <label class="field"><span>Note</span><textarea rows="2" maxlength="500" data-testid="outcome-note" .value=${live(form.note)}
        @input=${(event: Event) => change({ ...form, note: (event.target as HTMLTextAreaElement).value })}></textarea></label>
      ${form.failure === null ? nothing : html`<p class="failure" role="alert">${form.failure}</p>`}
      <button type="submit" class="button primary" data-testid="outcome-send" ?disabled=${form.code === "" || form.isSending}>Keep it</button></form></section>`;
}
