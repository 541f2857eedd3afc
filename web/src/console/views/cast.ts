/** Beside the film of a call: whose picture and sound are in it and from when to when, and the parts that it has. */

import { html, nothing, type TemplateResult } from "lit-html";

import type { CastMember, Item } from "../rest";
import { clockWithDay, counter } from "../times";

/** Roles of a consultation as an officer names them. */
export function roleWord(role: string): string {
  const words = role === "bsl_interpreter" ? "BSL interpreter" : role.replace(/_/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Who is in it; a film of several parts names them. */
export function castView(item: Item, now: number): TemplateResult {
  const cast = item.cast ?? [];
  const parts = item.segments ?? [];
  return html`<div class="cast" data-testid="cast">
    ${parts.length < 2 ? nothing : html`<ol class="cast-parts" aria-label="Parts of the film">${parts.map((part, index) => html`<li data-testid="cast-part">
      Part ${index + 1}, ${clockWithDay(part.started_at, now)}, at ${counter(part.offset_ms / 1000)} of the film</li>`)}</ol>`}
    ${cast.length === 0 ? html`<p class="none">The recording does not say who is in it</p>`
      : html`<ul class="cast-people" aria-label="In the film">${cast.map((member) => memberView(member, now))}</ul>`}
  </div>`;
}

function memberView({ name, role, source, segments }: CastMember, now: number): TemplateResult {
  const times = segments.map(({ from, to }) => `${clockWithDay(from, now)} to ${clockWithDay(to, now)}`).join(", ");
  return html`<li data-testid="cast-member"><b><bdi>${name}</bdi></b> ${roleWord(role)}${source === "screen" ? ", shared screen" : ""}
    <span class="quiet-text">${times}</span></li>`;
}
