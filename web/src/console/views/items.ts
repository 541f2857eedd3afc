/**
 * Recordings of a session, films of its calls, and the sequences of pictures that stood for its video, played in place.
 * Each play is recorded by the server as a consultation.
 */

import { html, nothing, type TemplateResult } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";

import type { SessionSummary } from "../../signalling/messages";
import type { Desk } from "../desk";
import type { CastLine, Item, ItemSegment } from "../itemshapes";
import { reasonPhrase } from "../phrases";
import { recordedAt } from "../replay";
import { may } from "../state";
import { clockWithDay, counter, millis } from "../times";
import { holdView } from "./hold";
import { panel } from "./pieces";

const TITLES: Readonly<Partial<Record<Item["kind"], string>>> = { sequence: "Pictures", call: "Call" };
const GAPS: Readonly<Record<string, string>> = {
  officer: "stopped by an officer before", refused: "stopped before: somebody refused", withdrawn: "stopped before: a consent was taken back",
  caution: "stopped before for a caution", media_server_lost: "cut off before: the media server was lost",
};
/** By so much a gap's end and a part's beginning may differ, in ms: the first packets come a little later, or sooner. */
const NEAR_MS = 2_000;

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
    <p class="item-head"><b>${TITLES[item.kind] ?? "Recording"} ${clockWithDay(item.started_at, desk.now)}</b>
      ${item.kind === "sequence" ? html`<span data-testid="item-pictures">${picturesWord(item)}</span>` : nothing}
      ${item.duration_ms === null ? nothing : html`<span data-testid="item-duration">${counter(item.duration_ms / 1000)}</span>`}
      ${item.is_complete || item.state === "sealing" ? nothing : html`<span class="tag tag-warning">${item.kind === "sequence" ? "pictures are missing" : "has gaps"}</span>`}
      ${item.state === "sealed" ? html`<span class="tag">sealed</span>` : nothing}
      ${keptUntil(desk, item)}</p>
    ${itemBody(desk, session, item)} ${partsLine(desk, item)} ${castLine(item)} ${archiveLine(item)} ${holdView(desk, session, item)}
  </article>`;
}

/** Where each part of a call begins in its film, and what lies before it. */
function partsLine(desk: Desk, item: Item): TemplateResult | typeof nothing {
  const segments = item.segments ?? [];
  if (item.kind !== "call" || item.state !== "sealed" || segments.length < 2) return nothing;
  return html`<ul class="item-note" data-testid="item-parts">${segments.map((segment, index) => html`<li>
    <button type="button" class="button small" data-testid="item-part" @click=${(event: Event) => playFrom(event, segment)}>${partWord(segments, index)},
      ${clockWithDay(segment.started_at, desk.now)}</button>
    ${index === 0 ? nothing : html`<span class="quiet-text">${gapBefore(item, segment)}</span>`}</li>`)}</ul>`;
}

/** A part that goes on after a silence has the number of the one before. */
function partWord(segments: readonly ItemSegment[], index: number): string {
  const part = segments[index]?.part ?? index + 1;
  return segments[index - 1]?.part === part ? `Part ${part} goes on` : `Part ${part}`;
}

/** Why nothing was recorded before a part; the newest gap that was over when it began. */
function gapBefore(item: Item, { started_at }: ItemSegment): string {
  const began = (millis(started_at) ?? 0) + NEAR_MS;
  const before = (item.gaps ?? []).filter(({ to }) => (millis(to) ?? Infinity) <= began).sort((a, b) => (millis(a.to) ?? 0) - (millis(b.to) ?? 0)).at(-1);
  return before === undefined ? "" : (GAPS[before.reason ?? ""] ?? "not recorded before");
}

function playFrom(event: Event, segment: ItemSegment): void {
  const player = (event.currentTarget as HTMLElement).closest("article")?.querySelector("video");
  if (player == null) return;
  player.currentTime = segment.offset_ms / 1000;
  void player.play();
}

/** Who is in the film of a call, each once: whoever came back was recorded more than once. */
function castLine(item: Item): TemplateResult | typeof nothing {
  const cast = item.cast ?? [];
  if (item.kind !== "call" || cast.length === 0) return nothing;
  const lines = new Map(cast.map((one) => [JSON.stringify([one.name, one.role, one.source, one.is_left_out]), one]));
  return html`<ul class="item-note" aria-label="Who is in the film" data-testid="item-cast">${[...lines.values()].map(castEntry)}</ul>`;
}

function castEntry({ name, role, source, is_left_out }: CastLine): TemplateResult {
  const what = `${roleWord(role)}${source === "screen" ? ", screen" : ""}`;
  return is_left_out ? html`<li class="quiet-text">${what}: left out of the film</li>` : html`<li><bdi>${name}</bdi> <span class="quiet-text">${what}</span></li>`;
}

/** "appropriate_adult" as "appropriate adult". */
function roleWord(role: string): string {
  return role === "bsl_interpreter" ? "BSL interpreter" : role.replaceAll("_", " ");
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
