/** One consultation on the board: who waits for how long comes first, for that is what the board is looked at for. */

import { html, nothing, type TemplateResult } from "lit-html";

import { languageWord } from "../console/languages";
import { duration, secondsSince } from "../console/times";
import type { BoardRow } from "../signalling/meetingmessages";
import { dayAndTime } from "../meeting/when";
import { PURPOSE_WORDS, roleOf, STATE_WORDS } from "./words";

/** A part of the board. */
export interface BoardPart {
  name: "now" | "today" | "later" | "over";
  title: string;
  rows: BoardRow[];
}

const DAY = new Intl.DateTimeFormat("en-GB", { timeZone: "Europe/London", day: "numeric", month: "numeric", year: "numeric" });

/** Rows by what is to be done: where somebody waits or speaks, today, later, over. In each the most urgent is first. */
export function boardParts(rows: readonly BoardRow[], now: number): BoardPart[] {
  const isOver = (row: BoardRow): boolean => row.state === "ended" || row.state === "cancelled" || row.state === "missed";
  const isNow = (row: BoardRow): boolean => !isOver(row) && (row.state === "open" || row.waiting > 0 || row.has_signal);
  const isToday = (row: BoardRow): boolean => DAY.format(Date.parse(row.starts_at)) === DAY.format(now) || Date.parse(row.starts_at) < now;
  const rest = rows.filter((row) => !isOver(row) && !isNow(row));
  const byTime = (a: BoardRow, b: BoardRow): number => Date.parse(a.starts_at) - Date.parse(b.starts_at);
  return [
    { name: "now", title: "Now", rows: rows.filter(isNow).sort(byUrgency) },
    { name: "today", title: "Today", rows: rest.filter(isToday).sort(byTime) },
    { name: "later", title: "Later", rows: rest.filter((row) => !isToday(row)).sort(byTime) },
    { name: "over", title: "Over", rows: rows.filter(isOver).sort((a, b) => byTime(b, a)) },
  ];
}

function byUrgency(a: BoardRow, b: BoardRow): number {
  const rank = (row: BoardRow): number => (row.has_signal ? 0 : row.is_late || row.nobody_leads_since !== null ? 1 : row.waiting > 0 ? 2 : 3);
  const since = (row: BoardRow): number => Date.parse(row.longest_since ?? row.starts_at);
  return rank(a) - rank(b) || since(a) - since(b);
}

/** The row: the whole of it opens the desk. */
export function boardRow(row: BoardRow, now: number): TemplateResult {
  return html`<li class="board-row ${row.is_late ? "is-late" : ""} ${row.has_signal ? "has-signal" : ""}" data-testid="board-row" data-id=${row.id} data-state=${row.state}>
    <a href="/consultations/${row.id}/"><span class="board-when"><b>${dayAndTime(row.starts_at, "en-GB")}</b><small>${row.length_min} min</small></span>
      <span class="board-what"><b>${PURPOSE_WORDS[row.purpose]}</b><small>${row.incident.reference}${row.team === "" ? "" : ` · ${row.team}`}</small></span>
      <span class="board-who">${row.roles.map(roleOf).join(", ")}<small>${row.languages.map(languageWord).join(", ")}</small></span>
      <span class="board-state">${waitingView(row, now)}
        ${row.taken_by === null ? nothing : html`<span class="chip chip-info">Led by <bdi>${row.taken_by.name}</bdi></span>`}
        ${row.recording === "on" ? html`<span class="rec">Recording</span>` : nothing}
        ${row.is_risk_late ? html`<span class="chip chip-warning">Risk to be asked again</span>` : nothing}
        ${row.nobody_leads_since === null ? nothing : html`<strong class="board-signal">No officer in the call</strong>`}
        ${row.moves > 0 ? html`<span class="chip chip-warning" data-testid="board-moves">Asks for another time</span>` : nothing}
        <span class="chip">${STATE_WORDS[row.state]}${row.inside > 0 ? `, ${row.inside} in the call` : ""}</span></span></a></li>`;
}

function waitingView(row: BoardRow, now: number): TemplateResult | typeof nothing {
  if (row.has_signal) return html`<strong class="board-signal">Silent signal</strong>`;
  if (row.waiting === 0) return nothing;
  const seconds = secondsSince(row.longest_since, now) ?? 0;
  return html`<strong class="board-waits" data-testid="board-waits">${row.waiting} ${row.waiting === 1 ? "waits" : "wait"}, ${duration(seconds)}</strong>`;
}
