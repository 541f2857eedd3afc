/** The wall: every live picture at once beside one map of all positions. */

import { html, nothing, type TemplateResult } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";

import type { Desk } from "../desk";
import { WALL_LIMIT, watchableSessions } from "../select";
import { mapBox } from "./stage";
import { tileView } from "./tile";

/** All live pictures, up to the limit. */
export function wallView(desk: Desk): TemplateResult {
  const all = watchableSessions(desk.state);
  const shown = all.slice(0, WALL_LIMIT);
  return html`<main class="wall" data-testid="wall">
    <div class="wall-tiles wall-of-${wallColumns(shown.length)}">
      ${shown.length === 0 ? html`<p class="wall-none">No live picture at the moment</p>` : nothing}
      ${repeat(shown, (session) => session.id, (session) => tileView(desk, session, "wall"))}
      ${all.length > shown.length
        ? html`<p class="wall-more">${all.length - shown.length} more live, not shown. Choose them on the left.</p>`
        : nothing}
    </div>
    <div class="wall-map">${mapBox(desk, null)}</div>
  </main>`;
}

/** Columns for a number of pictures: 1, 2 or 3. Two are larger above each other than side by side. */
export function wallColumns(count: number): number {
  if (count <= 2) return 1;
  return count <= 4 ? 2 : 3;
}
