/** What consultations came to: numbers without a person in them, and the same as a table to take along. */

import { html, nothing, type TemplateResult } from "lit-html";

import { duration } from "../console/times";
import { figuresAddress, type Figures } from "./rest";
import { PURPOSE_WORDS } from "./words";

/** A stretch of whole days, "2026-11-01". */
export interface Stretch {
  since: string;
  until: string;
}

/** The last four weeks up to a moment, in days of Great Britain. */
export function lastWeeks(now: number): Stretch {
  const day = (at: number): string => new Intl.DateTimeFormat("en-CA", { timeZone: "Europe/London", year: "numeric", month: "2-digit", day: "2-digit" }).format(at);
  return { since: day(now - 27 * 86_400_000), until: day(now) };
}

/** The figures; while they are fetched only the stretch. */
export function figuresView(figures: Figures | null, stretch: Stretch, change: (stretch: Stretch) => void): TemplateResult {
  const field = (name: keyof Stretch, label: string): TemplateResult => html`<label class="field"><span>${label}</span>
    <input type="date" data-testid="figures-${name}" .value=${stretch[name]} @change=${(event: Event) => change({ ...stretch, [name]: (event.target as HTMLInputElement).value })}></label>`;
  return html`<section class="figures" aria-labelledby="figures-title" data-testid="figures"><h2 id="figures-title">Figures</h2>
    <div class="book-pair">${field("since", "From")} ${field("until", "Until")}
      <a class="button" href=${figuresAddress(stretch.since, stretch.until)} download data-testid="figures-csv">Save as a table</a></div>
    ${figures === null ? html`<p class="none" role="status">Counting…</p>` : tables(figures)}</section>`;
}

function tables(figures: Figures): TemplateResult {
  const { waits, got_what_needed: got, again } = figures;
  return html`<dl class="figure-list">
      ${pair("Booked", figures.booked)} ${pair("Held", figures.held)} ${pair("Nobody took it", figures.missed)} ${pair("Cancelled", figures.cancelled)}
      ${pair("Wait, half of them", waits.median_s === null ? "-" : duration(waits.median_s))} ${pair("Wait, nine of ten", waits.p90_s === null ? "-" : duration(waits.p90_s))}
      ${pair("Minutes held", figures.minutes)}
      ${pair("Got what they needed", `${got.yes} yes, ${got.partly} partly, ${got.no} no`)} ${pair("Would use it again", `${again.yes} yes, ${again.no} no`)}</dl>
    ${table("Outcomes", ["Outcome", "Number"], figures.outcomes.map(({ label, count }) => [label, count]))}
    ${table("By purpose", ["Purpose", "Booked", "Held"], figures.by_purpose.map(({ purpose, booked, held }) => [PURPOSE_WORDS[purpose], booked, held]))}
    ${table("By team", ["Team", "Booked", "Held"], figures.by_team.map(({ team, booked, held }) => [team === "" ? "No team" : team, booked, held]))}`;
}

function pair(term: string, value: string | number): TemplateResult {
  return html`<div><dt>${term}</dt><dd>${value}</dd></div>`;
}

function table(caption: string, heads: string[], rows: (string | number)[][]): TemplateResult | typeof nothing {
  if (rows.length === 0) return nothing;
  return html`<table><caption>${caption}</caption><thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
    <tbody>${rows.map(([first, ...rest]) => html`<tr><th scope="row">${first}</th>${rest.map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody></table>`;
}
