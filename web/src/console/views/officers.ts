/** Officers on duty beside the map: filter, list, and the card of the chosen one. The list is the map for who cannot see it. */

import { html, nothing, type TemplateResult } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";

import { dutyAge, dutyFreshness } from "../../map/dutyage";
import { latLon } from "../../map/fixwords";
import { STATUS_LETTERS } from "../../map/officerstyles";
import type { OfficerFix, OfficerView } from "../../signalling/messages";
import type { Desk } from "../desk";
import type { Following } from "../dutyboard";
import { rovingTarget } from "../keyboard";
import { clock, duration, secondsSince } from "../times";
import { icon } from "./icons";
import { copyButton } from "./pieces";
import { movement } from "./readout";

const STATUS_WORDS: Readonly<Record<OfficerView["status"], string>> = { available: "Available", en_route: "En route", at_scene: "At scene" };
const ROLE_WORDS: Readonly<Record<string, string>> = { officer: "Officer", pcso: "PCSO", scenes_of_crime: "Scenes-of-crime officer" };
const STATUSES = Object.keys(STATUS_WORDS) as OfficerView["status"][];

/** The button over the map that shows them. */
export function officersButton({ officers }: Desk): TemplateResult | typeof nothing {
  if (!officers.isAllowed) return nothing;
  return html`<button type="button" class="icon-button over-map officers-toggle ${officers.isShown ? "is-on" : ""}" aria-pressed=${officers.isShown}
    title=${officers.isShown ? "Hide officers on duty" : "Show officers on duty"} data-testid="officers-toggle"
    @click=${() => officers.toggle()}>${icon("shield")}<span>Officers</span></button>`;
}

/** The panel beside the map, while they are shown. */
export function officersView(desk: Desk): TemplateResult | typeof nothing {
  const { officers } = desk;
  if (!officers.isAllowed || !officers.isShown) return nothing;
  return html`<section class="officers ${officers.following === "followed" ? "" : "is-old"}" aria-label="Officers on duty" data-testid="officers" data-following=${officers.following}>
    ${headView(desk)}
    ${officers.chosen === undefined ? nothing : cardView(desk, officers.chosen)}
    ${officers.following === "refused" ? nothing : [filterView(desk), listView(desk)]}
  </section>`;
}

function headView({ officers }: Desk): TemplateResult {
  const { size } = officers.book;
  const shown = officers.listed.length;
  const count = shown === size ? String(size) : `${shown} of ${size}`;
  return html`<div class="officers-head"><h2>Officers on duty <span class="count" data-testid="officers-count">${count}</span></h2>
      <button type="button" class="icon-button" aria-label="Hide officers on duty" @click=${() => officers.toggle()}>${icon("close")}</button></div>
    <p class="officers-note" role="status" data-testid="officers-note">${noteOf(officers.following, officers.heardAt, officers.refusal)}</p>`;
}

/** Nothing while all is well: what is old says so. */
function noteOf(following: Following, heardAt: number | null, refusal: string): string {
  if (following === "refused") return refusal;
  if (following === "asked") return "Asking where they are…";
  if (following === "followed") return "";
  return heardAt === null ? "Not connected" : `Not connected: as of ${clock(heardAt)}`;
}

function filterView({ officers }: Desk): TemplateResult {
  const { filter, book } = officers;
  const counts = book.counts();
  const press = (status: OfficerView["status"]): void =>
    officers.narrow({ statuses: filter.statuses.includes(status) ? filter.statuses.filter((one) => one !== status) : [...filter.statuses, status] });
  const search = (event: Event): void => officers.narrow({ search: (event.target as HTMLInputElement).value });
  const skill = (event: Event): void => officers.narrow({ skill: (event.target as HTMLSelectElement).value });
  return html`<div class="officers-filter" role="group" aria-label="Which officers are shown">
    <div class="officers-statuses" role="group" aria-label="Status">${STATUSES.map((status) => html`<button type="button"
      aria-pressed=${filter.statuses.includes(status)} data-testid="officers-${status}" @click=${() => press(status)}>
      ${letterOf(status)}<b>${counts[status]}</b><span>${STATUS_WORDS[status]}</span></button>`)}</div>
    <input type="search" aria-label="Name, number or team" placeholder="Name, number" data-testid="officers-search" .value=${filter.search} @input=${search}>
    <select aria-label="Skill" data-testid="officers-skill" @change=${skill}>
      <option value="" ?selected=${filter.skill === ""}>Any skill</option>
      ${book.skills().map((one) => html`<option value=${one} ?selected=${filter.skill === one}>${one}</option>`)}
    </select>
  </div>`;
}

function listView(desk: Desk): TemplateResult {
  const { officers } = desk;
  const listed = officers.listed;
  const rows = listed.slice(0, officers.rows);
  const tabStop = (rows.find(({ id }) => id === officers.chosenId) ?? rows[0])?.id;
  return html`<ul class="officers-list" aria-label="Officers" @keydown=${moveByArrow}>
      ${repeat(rows, ({ id }) => id, (officer) => html`<li>${rowView(desk, officer, officer.id === tabStop)}</li>`)}
      ${listed.length > rows.length
        ? html`<li><button type="button" class="button small" data-testid="officers-more" @click=${() => officers.showMore()}>Show more (${rows.length} of ${listed.length})</button></li>`
        : nothing}
    </ul>
    ${listed.length === 0 ? html`<p class="none">${officers.following === "asked" ? "" : officers.book.size === 0 ? "Nobody is on duty" : "Nobody like that is on duty"}</p>` : nothing}`;
}

function rowView(desk: Desk, officer: OfficerView, isTabStop: boolean): TemplateResult {
  const { officers } = desk;
  const isChosen = officer.id === officers.chosenId;
  return html`<button type="button" class="officer-row" tabindex=${isTabStop ? "0" : "-1"} aria-current=${isChosen ? "true" : "false"}
    data-testid="officer-row" data-officer-id=${officer.id} @click=${() => officers.choose(officer.id, true)}>
    <span class="officer-who">${letterOf(officer.status)}<b>${officer.name}</b><span class="officer-number">${officer.number}</span></span>
    <span class="officer-facts">${STATUS_WORDS[officer.status]} · ${ageView(desk, officer.fix)}${doubtView(officer)}${officer.session_id === null ? nothing : html` · <b class="officer-live">Live</b>`}</span>
    ${officer.skills.length === 0 ? nothing : html`<span class="officer-skills">${officer.skills.join(", ")}</span>`}
  </button>`;
}

/** Everything about one: a position never stands without accuracy and age. */
function cardView(desk: Desk, officer: OfficerView): TemplateResult {
  const { officers, now } = desk;
  const { fix, session_id: sessionId } = officer;
  const onSession = sessionId !== null && sessionId in desk.state.sessions;
  return html`<section class="officer-card" aria-label="Chosen officer" data-testid="officer-card">
    <div class="officer-card-head"><h3>${officer.name}</h3>
      <button type="button" class="icon-button" aria-label="Close" data-testid="officer-close" @click=${() => officers.choose(null, false)}>${icon("close")}</button></div>
    <p>${[officer.number, ROLE_WORDS[officer.role] ?? officer.role, officer.team].filter((part) => part !== "").join(" · ")}</p>
    <p>${letterOf(officer.status)} <b>${STATUS_WORDS[officer.status]}</b> for ${duration(secondsSince(officer.status_at, now) ?? 0)}, on duty since ${clock(officer.began_at)}</p>
    ${officer.skills.length === 0 && officer.languages === "" ? nothing : html`<p>${[...officer.skills, officer.languages].filter((part) => part !== "").join(" · ")}</p>`}
    ${fix === null ? html`<p>No position in this shift yet</p>` : placeView(desk, officer, fix)}
    ${officer.doubt_at === null ? nothing : html`<p class="warning-text" data-testid="officer-doubt-detail">Position doubtful since ${clock(officer.doubt_at)}: what the phone says is not shown. Ask by radio.</p>`}
    ${sessionId === null ? nothing : html`<div class="officer-acts"><span class="tag tag-officer">Live now</span>
      <button type="button" class="button small primary" data-testid="officer-watch" ?disabled=${!onSession} @click=${() => desk.acts.choose(sessionId)}>Watch</button></div>`}
  </section>`;
}

function placeView(desk: Desk, officer: OfficerView, fix: OfficerFix): TemplateResult {
  const moves = movement(fix);
  return html`<p data-testid="officer-place"><b>±${Math.max(1, Math.round(fix.accuracy_m))} m</b>, ${ageView(desk, fix)}${moves === "" ? "" : `, ${moves}`}${fix.is_late ? ", arrived late" : ""}</p>
    <div class="officer-acts"><span class="mono">${latLon(fix)}</span> ${copyButton(desk, latLon(fix), "Copy latitude and longitude", "officer-copy")}
      <button type="button" class="button small" data-testid="officer-find" @click=${() => desk.officers.choose(officer.id, true)}>Find on map</button></div>`;
}

function ageView({ now, officers }: Desk, fix: OfficerFix | null): TemplateResult {
  if (fix === null) return html`<span class="duty-age is-stale">no position</span>`;
  const age = dutyAge(fix, now);
  const tone = officers.following === "followed" ? dutyFreshness(age) : "stale";
  return html`<span class="duty-age is-${tone}" title="Position of ${clock(fix.fixed_at)}">${age < 2 ? "now" : `${duration(age)} ago`}</span>`;
}

/** What the phone says now is not believed; nothing of it is on the map. */
function doubtView({ doubt_at }: OfficerView): TemplateResult | typeof nothing {
  return doubt_at === null ? nothing : html` · <b class="warning-text" data-testid="officer-doubt" title="Since ${clock(doubt_at)}">position doubtful</b>`;
}

/** As on the map; the word always stands beside it. */
function letterOf(status: OfficerView["status"]): TemplateResult {
  return html`<span class="duty-letter is-${status}" aria-hidden="true">${STATUS_LETTERS[status]}</span>`;
}

/** Up, down, Home and End move the focus through the rows. */
function moveByArrow(event: KeyboardEvent): void {
  const rows = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLButtonElement>(".officer-row")];
  const target = rovingTarget(event.key, rows.findIndex((row) => row === document.activeElement), rows.length);
  if (target === null) return;
  event.preventDefault();
  rows[target]?.focus();
}
