/** How a session ended and what came of it. */

import { html, nothing, type TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";

import type { SessionSummary } from "../../signalling/messages";
import type { Desk } from "../desk";
import { endPhrase } from "../funnel";
import { clockWithDay } from "../times";
import { failureLine, isBusy, panel } from "./pieces";

/** End and outcome. The outcome can be changed later: the last one counts. */
export function outcomeView(desk: Desk, session: SessionSummary): TemplateResult {
  const draft = desk.local.outcomeDrafts[session.id] ?? null;
  const isEditing = draft !== null || session.outcome === null;
  return panel("Outcome", html`
    <p class="end-line">${session.state === "expired" ? "The link was never used" : endPhrase(session)}<time>${clockWithDay(session.ended_at, desk.now)}</time></p>
    ${isEditing ? outcomeForm(desk, session) : savedOutcome(desk, session)}
  `, { name: "outcome" });
}

function savedOutcome(desk: Desk, session: SessionSummary): TemplateResult | typeof nothing {
  const { outcome } = session;
  if (outcome === null) return nothing;
  const edit = (): void => desk.acts.editOutcome(session.id, { code: outcome.code, note: outcome.note });
  return html`<div class="outcome-saved" data-testid="outcome-saved">
    <strong>${outcome.label}</strong>
    ${outcome.note === "" ? nothing : html`<p class="description">${outcome.note}</p>`}
    <button type="button" class="button small" data-testid="outcome-change" @click=${edit}>Change</button>
  </div>`;
}

function outcomeForm(desk: Desk, session: SessionSummary): TemplateResult {
  const draft = desk.local.outcomeDrafts[session.id] ?? { code: "", note: "" };
  const key = `outcome:${session.id}`;
  const submit = (event: Event): void => {
    event.preventDefault();
    desk.acts.recordOutcome(session.id, draft.code, draft.note.trim());
  };
  return html`<form class="outcome-form" @submit=${submit}>
    <label class="field"><span>What came of it</span>
      <select data-testid="outcome-code" .value=${live(draft.code)}
        @change=${(event: Event) => desk.acts.editOutcome(session.id, { code: (event.target as HTMLSelectElement).value })}>
        <option value="" ?selected=${draft.code === ""}>Choose…</option>
        ${desk.fetched.outcomes.map((one) => html`<option value=${one.code} ?selected=${draft.code === one.code}>${one.label}</option>`)}
      </select></label>
    <label class="field"><span>Note <small>optional</small></span>
      <textarea rows="2" maxlength="1000" data-testid="outcome-note" .value=${live(draft.note)}
        @input=${(event: Event) => desk.acts.editOutcome(session.id, { note: (event.target as HTMLTextAreaElement).value })}></textarea></label>
    <button type="submit" class="button primary" data-testid="outcome-save" ?disabled=${draft.code === "" || isBusy(desk, key)}>Save outcome</button>
    ${failureLine(desk, key)}
  </form>`;
}
