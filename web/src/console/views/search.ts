/** The search of past sessions: what to look for on the left, what was found on the right. */

import { html, nothing, type TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";

import { formatGridReference } from "../../map/grid";
import type { SessionSummary } from "../../signalling/messages";
import type { Desk } from "../desk";
import { incidentName, isByOrder, sessionWord, sharerName, stateWord } from "../select";
import type { Search, SearchFields } from "../searching";
import { dateAndTime } from "../times";
import { icon } from "./icons";
import { failureLine, isBusy, sharerTag } from "./pieces";

/** The dialog; what is typed and what was found stay when it is closed. */
export function searchView(desk: Desk): TemplateResult | typeof nothing {
  const { search, isSearchOpen } = desk.local;
  if (!isSearchOpen || search === null) return nothing;
  return html`<dialog class="sheet" aria-labelledby="search-title" data-testid="search-dialog"
    @cancel=${(event: Event) => { event.preventDefault(); desk.acts.closeSearch(); }}>
    <form class="sheet-form search-form" novalidate @submit=${(event: Event) => { event.preventDefault(); desk.acts.search(false); }}>
      <header class="sheet-head"><h2 id="search-title">Search past sessions</h2><span class="spacer"></span>
        <button type="button" class="icon-button" aria-label="Close" data-testid="close-search" @click=${() => desk.acts.closeSearch()}>${icon("close")}</button></header>
      <div class="sheet-body">
        <div class="sheet-left">${fieldsView(desk, search.fields)}</div>
        <div class="sheet-right">${resultsView(desk, search)}</div>
      </div>
    </form>
  </dialog>`;
}

function field(desk: Desk, fields: SearchFields, name: keyof SearchFields, label: string, hint: string, type = "text"): TemplateResult {
  const change = (event: Event): void => desk.acts.editSearch({ [name]: (event.target as HTMLInputElement).value });
  return html`<label class="field"><span>${label} <small>${hint}</small></span>
    <input type=${type} autocomplete="off" spellcheck="false" maxlength="500" data-testid="search-${name}" .value=${live(fields[name])} @input=${change}></label>`;
}

function choice(
  desk: Desk, fields: SearchFields, name: "operator" | "outcome" | "state" | "kind", label: string, options: readonly { code: string; label: string }[],
): TemplateResult {
  const change = (event: Event): void => desk.acts.editSearch({ [name]: (event.target as HTMLSelectElement).value });
  return html`<label class="field"><span>${label}</span>
    <select data-testid="search-${name}" @change=${change}>
      <option value="" ?selected=${fields[name] === ""}>Any</option>
      ${options.map((one) => html`<option value=${one.code} ?selected=${fields[name] === one.code}>${one.label}</option>`)}
    </select></label>`;
}

const STATES = ["draft", "invited", "opened", "consented", "live", "ended", "expired"] as const;

function fieldsView(desk: Desk, fields: SearchFields): TemplateResult {
  const people = desk.local.colleagues.map(({ id, name }) => ({ code: id, label: name }));
  const states = STATES.map((state) => ({ code: state, label: stateWord(state) }));
  return html`<div class="block">
    ${field(desk, fields, "reason", "Why you search", "kept with the audit")}
    ${field(desk, fields, "reference", "Reference", "ours or command and control, whole")}
    <div class="field-pair">
      ${field(desk, fields, "gridReference", "Grid reference", "TL 22 08, or all ten digits")}
      ${field(desk, fields, "radius", "Within", "metres of a point", "number")}
    </div>
    <div class="field-pair">
      ${field(desk, fields, "latLon", "Latitude, longitude", "")}
      <button type="button" class="button" data-testid="search-here" @click=${() => desk.acts.searchHere()}>${icon("aim")}Middle of the map</button>
    </div>
    <div class="field-pair">
      ${field(desk, fields, "since", "From", "", "datetime-local")} ${field(desk, fields, "until", "Until", "", "datetime-local")}
    </div>
    <div class="field-pair">
      ${choice(desk, fields, "operator", "Operator", people)} ${choice(desk, fields, "state", "State", states)}
    </div>
    ${choice(desk, fields, "kind", "Who shared", [{ code: "caller", label: "A caller" }, { code: "officer", label: "An officer" }, { code: "flight", label: "A drone" }])}
    <div class="field-pair">
      ${choice(desk, fields, "outcome", "Outcome", desk.fetched.outcomes)} ${field(desk, fields, "phone", "Caller’s mobile", "the whole number", "tel")}
    </div>
    ${failureLine(desk, "search")}
    <button type="submit" class="button primary large" data-testid="search-send" ?disabled=${isBusy(desk, "search")}>
      ${icon("search")}${isBusy(desk, "search") ? "Searching…" : "Search"}</button>
  </div>`;
}

function resultsView(desk: Desk, { found, next }: Search): TemplateResult {
  if (found === null) return html`<p class="quiet-text">Each search is written to the audit with its reason. A phone number is found by all of its digits, until it is erased.</p>`;
  if (found.length === 0) return html`<p class="none" role="status" data-testid="search-none">Nothing was found</p>`;
  return html`<ul class="found" data-testid="search-results">${found.map((session) => html`<li>${resultView(desk, session)}</li>`)}</ul>
    ${next === null ? nothing : html`<button type="button" class="button" data-testid="search-more" ?disabled=${isBusy(desk, "search")}
      @click=${() => desk.acts.search(true)}>Show more</button>`}`;
}

function resultView(desk: Desk, session: SessionSummary): TemplateResult {
  const grid = formatGridReference(session.last_position?.grid_reference ?? "");
  return html`<button type="button" class="row" data-testid="search-result" data-session-id=${session.id} @click=${() => desk.acts.openFound(session)}>
    <span class="row-top"><b>${incidentName(session)}</b><span class="row-time">${dateAndTime(session.created_at)}</span></span>
    <span class="row-type">${session.incident.type_label}${session.incident.description === "" ? "" : ` · ${session.incident.description}`}</span>
    <span class="row-facts">${sharerTag(session)}<span>${isByOrder(session) ? sharerName(session) : ""}</span><span>${sessionWord(session)}</span><span>${session.assigned_to.name}</span>
      ${grid === "" ? nothing : html`<span class="mono">${grid}</span>`}
      ${session.outcome === null ? nothing : html`<span>${session.outcome.label}</span>`}</span>
  </button>`;
}
