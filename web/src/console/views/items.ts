/**
 * Recordings of a session, and the sequences of pictures that stood for its video, played in place. Each play is recorded
 * by the server as a consultation.
 */

import { html, nothing, type TemplateResult } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";

import type { SessionSummary } from "../../signalling/messages";
import type { Desk } from "../desk";
import { reasonPhrase } from "../phrases";
import { recordedAt } from "../replay";
import type { Item } from "../rest";
import { may } from "../state";
import { clockWithDay, counter } from "../times";
import { holdView } from "./hold";
import { panel } from "./pieces";

/** In the right column, while there are none. */
export function itemsView(desk: Desk, session: SessionSummary): TemplateResult | typeof nothing {
  if (!may(desk.state, "item.view")) return nothing;
  const isKnown = session.id in desk.fetched.items;
  return panel("Recordings", html`<p class="none" data-testid="items-none">${isKnown ? "Nothing was recorded" : "Looking for recordings"}</p>`);
}

/** In the middle, where the picture was: recordings, oldest first. */
export function itemsStage(desk: Desk, session: SessionSummary, items: readonly Item[]): TemplateResult {
  return html`<section class="items items-of-${Math.min(items.length, 2)}" aria-label="Recordings">
    ${repeat(items, (item) => item.id, (item) => itemView(desk, session, item))}</section>`;
}

function itemView(desk: Desk, session: SessionSummary, item: Item): TemplateResult {
  return html`<article class="item" data-testid="item" data-item-id=${item.id} data-kind=${item.kind} data-state=${item.state}>
    <p class="item-head"><b>${item.kind === "sequence" ? "Pictures" : "Recording"} ${clockWithDay(item.started_at, desk.now)}</b>
      ${item.kind === "sequence" ? html`<span data-testid="item-pictures">${picturesWord(item)}</span>` : nothing}
      ${item.duration_ms === null ? nothing : html`<span data-testid="item-duration">${counter(item.duration_ms / 1000)}</span>`}
      ${item.is_complete || item.state === "sealing" ? nothing : html`<span class="tag tag-warning">${item.kind === "sequence" ? "pictures are missing" : "has gaps"}</span>`}
      ${item.state === "sealed" ? html`<span class="tag">sealed</span>` : nothing}
      ${keptUntil(desk, item)}</p>
    ${itemBody(desk, session, item)} ${archiveLine(item)} ${holdView(desk, session, item)}
  </article>`;
}

function picturesWord(item: Item): string {
  const count = item.picture_count ?? 0;
  return count === 1 ? "1 picture, in place of video" : `${count} pictures, in place of video`;
}

/** A sequence's pictures as they came: for whoever needs more than the film. */
function archiveLine(item: Item): TemplateResult | typeof nothing {
  if (item.kind !== "sequence" || item.state !== "sealed") return nothing;
  return html`<p class="item-note quiet-text">The phone’s line was too thin for video. The film shows each picture until the next one came.
    <a href="/api/v1/items/${item.id}/files/original/" download data-testid="item-archive">Save the pictures with times and hashes (ZIP)</a></p>`;
}

/** Until when it is kept; a hold counts before any date. */
function keptUntil(desk: Desk, item: Item): TemplateResult | typeof nothing {
  if (item.state !== "sealed") return nothing;
  if (item.hold != null) return html`<span class="tag tag-warning" title=${item.hold.reason}>on hold by ${item.hold.placed_by_name}</span>`;
  if (item.erase_due_at == null) return nothing;
  return html`<span class="quiet-text">kept until ${clockWithDay(item.erase_due_at, desk.now)}</span>`;
}

/** Beside a drone's recording the map shows what was in view at the moment that is played. */
function played(desk: Desk, session: SessionSummary, item: Item, event: Event): void {
  const at = recordedAt(item, (event.target as HTMLVideoElement).currentTime);
  if (session.kind === "flight" && at !== null) desk.sky.play(session.id, at);
}

function itemBody(desk: Desk, session: SessionSummary, item: Item): TemplateResult {
  const file = (role: string): string => `/api/v1/items/${item.id}/files/${role}/`;
  switch (item.state) {
    case "sealed":
      return html`<video controls preload="none" playsinline src=${file("playable")} poster=${file("poster")} data-testid="item-player"
        @timeupdate=${(event: Event) => played(desk, session, item, event)}></video>`;
    case "sealing":
      return html`<p class="item-wait" role="status"><span class="spinner"></span>Being sealed: checked, hashed and made playable</p>`;
    case "failed":
      return html`<p class="failure">Could not be made playable: ${reasonPhrase(item.failure_reason ?? "")}. The original is kept.</p>`;
    case "erased":
      return html`<p class="none">Erased at the end of its time</p>`;
  }
}
