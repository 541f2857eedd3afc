/** Beside the film of a call: who is in it, and the parts that it has. */

import { html, nothing, type TemplateResult } from "lit-html";

import { clockWithDay, counter } from "../console/times";
import { roleWord } from "./words";

/** What a desk knows of an item of its consultation. */
export interface CallItem {
  id: string;
  kind: string;
  state: "sealing" | "sealed" | "failed" | "erased";
  is_complete: boolean;
  segments?: { started_at: string; offset_ms: number; part?: number }[];
  /** Of whom was left out later there is the role alone. */
  cast?: { name: string; role: string; source: string; is_left_out?: boolean }[];
}

/** Who is in it, each once; a film of several parts names them. */
export function castView({ cast = [], segments = [] }: CallItem, now: number): TemplateResult {
  const people = new Map(cast.map((one) => [`${one.name}/${one.role}/${one.source}`, one]));
  return html`<div class="cast" data-testid="cast">
    ${segments.length < 2 ? nothing : html`<ol aria-label="Parts of the film">${segments.map((segment, index) => html`<li data-testid="cast-part">
      Part ${segment.part ?? index + 1}, ${clockWithDay(segment.started_at, now)}, at ${counter(segment.offset_ms / 1000)} of the film</li>`)}</ol>`}
    <ul aria-label="In the film">${[...people.values()].map(({ name, role, source, is_left_out }) => html`<li data-testid="cast-member">
      ${is_left_out === true ? html`<span class="quiet-text">${roleWord(role)}: left out of the film</span>`
        : html`<b><bdi>${name}</bdi></b> ${roleWord(role)}${source === "screen" ? ", shared screen" : ""}`}</li>`)}</ul></div>`;
}
