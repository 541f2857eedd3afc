/** What another force recorded and lets us play, while its share stands. Each look is in the audits of both forces. */

import { html, nothing, type TemplateResult } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";

import type { SharedRecording } from "../../signalling/messages";
import type { Desk } from "../desk";
import { sizeWord } from "../gallery";
import type { Shared } from "../sharedstate";
import { clock, clockWithDay, counter } from "../times";
import { panel } from "./pieces";

/** "Ended at 14:05, recording until 15:00"; "" while their session goes on. */
export function pastWords({ ended_at, ends_at }: Shared): string {
  return ended_at === null ? "" : `Ended at ${clock(ended_at).slice(0, 5)}, recording until ${clock(ends_at).slice(0, 5)}`;
}

/** In the middle, where the picture was. */
export function recordingsStage(desk: Desk, shared: Shared): TemplateResult {
  const { recordings } = shared;
  if (recordings.length === 0) {
    return html`<section class="items" aria-label="Recordings"><p class="item-wait" role="status" data-testid="shared-recordings-none">
      No recording is sealed yet. What was recorded stands here when it is.</p></section>`;
  }
  return html`<section class="items items-of-${Math.min(recordings.length, 2)}" aria-label="Recordings">${players(desk, shared)}</section>`;
}

/** In the right column, while their session goes on: what was recorded before the picture of now. */
export function recordingsPanel(desk: Desk, shared: Shared): TemplateResult | typeof nothing {
  if (shared.recordings.length === 0 || shared.end !== null || shared.ended_at !== null) return nothing;
  return panel("Recordings", html`<div class="items-beside">${players(desk, shared)}</div>`);
}

function players(desk: Desk, { id, recordings }: Shared): unknown {
  return repeat(recordings, (recording) => recording.id, (recording) => player(desk, id, recording));
}

function player(desk: Desk, shareId: string, { id, started_at, seconds, bytes, is_complete }: SharedRecording): TemplateResult {
  const file = (role: string): string => `/api/v1/shared/${shareId}/recordings/${id}/${role}/`;
  const name = `Recording ${clockWithDay(started_at, desk.now)}`;
  return html`<article class="item" data-testid="shared-recording" data-item-id=${id}>
    <p class="item-head"><b>${name}</b> <span data-testid="item-duration">${counter(seconds)}</span> <span class="quiet-text">${sizeWord(bytes)}</span>
      ${is_complete ? nothing : html`<span class="tag tag-warning">has gaps</span>`}
      <span class="tag">sealed</span></p>
    <video controls preload="none" playsinline aria-label=${name} src=${file("playable")} poster=${file("poster")} data-testid="item-player"></video>
  </article>`;
}
