/** The wall: one, four or nine live pictures at once, with a map of all positions where it is wanted. */

import { html, nothing, type TemplateResult } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";

import type { Desk } from "../desk";
import { rovingTarget } from "../keyboard";
import { PLACES, type WallRule } from "../preferences";
import { wallColumns, wallPage, wallTileSize, type WallPage } from "../wallplaces";
import { icon } from "./icons";
import { mapBox } from "./stage";
import { tileView } from "./tile";

const RULES: Record<WallRule, string> = { mine: "Mine first", newest: "Newest first", unattended: "Unwatched first" };

/** One page of live pictures. */
export function wallView(desk: Desk): TemplateResult {
  const { wall } = desk.state.preferences;
  const page = wallPage(desk.state.sessions, wall, desk.state.me.name);
  const columns = wallColumns(page.shown.length);
  const size = wallTileSize(page.shown.length);
  return html`<main class="wall ${wall.hasMap ? "with-map" : ""}" id="stage" tabindex="-1" data-testid="wall">
    <h1 class="visually-hidden">Wall of live pictures</h1>
    ${wallBar(desk, page)}
    <div class="wall-tiles wall-of-${columns} wall-count-${page.shown.length}" @keydown=${(event: KeyboardEvent) => moveByArrow(event, columns)}>
      ${page.count === 0 ? html`<p class="wall-none">No live picture at the moment</p>` : nothing}
      ${repeat(page.shown, (session) => session.id, (session, index) => tileView(desk, session, { isOnWall: true, size, isTabStop: index === 0 }))}
    </div>
    ${wall.hasMap ? html`<div class="wall-map">${mapBox(desk, null)}</div>` : nothing}
  </main>`;
}

/** How the wall is laid out, and its pages. */
function wallBar(desk: Desk, page: WallPage): TemplateResult {
  const { wall } = desk.state.preferences;
  const order = (event: Event): void => desk.acts.arrangeWall({ rule: (event.target as HTMLSelectElement).value as WallRule });
  return html`<div class="wall-bar" role="group" aria-label="Wall">
    <div class="segments" role="group" aria-label="Pictures at once">
      ${PLACES.map((places) => html`<button type="button" aria-pressed=${wall.places === places} data-testid="places-${places}"
        aria-label=${places === 1 ? "1 picture" : `${places} pictures`} @click=${() => desk.acts.arrangeWall({ places })}>${places}</button>`)}
    </div>
    <label class="select-label"><span class="visually-hidden">Order</span>
      <select data-testid="wall-rule" @change=${order}>
        ${Object.entries(RULES).map(([rule, label]) => html`<option value=${rule} ?selected=${wall.rule === rule}>${label}</option>`)}
      </select></label>
    <button type="button" class="button small" aria-pressed=${wall.hasMap} data-testid="wall-map-switch"
      @click=${() => desk.acts.arrangeWall({ hasMap: !wall.hasMap, page: wall.page })}>${wall.hasMap ? "Hide map" : "Show map"}</button>
    <span class="spacer"></span>
    ${pager(desk, page)}
    <a class="button small" href="/?view=wall" target="sightline-wall" data-testid="wall-window">Wall in its own window</a>
  </div>`;
}

function pager(desk: Desk, { page, pages, count, shown }: WallPage): TemplateResult | typeof nothing {
  if (pages === 1) return html`<span class="quiet-text" data-testid="wall-count">${count === 0 ? "" : `${shown.length} of ${count} live`}</span>`;
  const turn = (to: number): void => desk.acts.arrangeWall({ page: to });
  return html`<div class="pager">
    <button type="button" class="icon-button" aria-label="Page before" data-testid="page-before" ?disabled=${page === 0} @click=${() => turn(page - 1)}>${icon("before")}</button>
    <span data-testid="wall-count">Page ${page + 1} of ${pages}, ${count} live</span>
    <button type="button" class="icon-button" aria-label="Next page" data-testid="page-after" ?disabled=${page === pages - 1} @click=${() => turn(page + 1)}>${icon("after")}</button>
  </div>`;
}

/** Arrows, Home and End move the focus from picture to picture. */
export function moveByArrow(event: KeyboardEvent, columns: number): void {
  const tiles = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>(".tile")];
  // Two columns even for one picture: sideways arrows then do no harm, and lead on where there are more.
  const target = rovingTarget(event.key, tiles.findIndex((tile) => tile === document.activeElement), tiles.length, Math.max(columns, 2));
  if (target === null) return;
  event.preventDefault();
  tiles[target]?.focus();
}
