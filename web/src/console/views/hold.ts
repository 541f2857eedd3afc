/** A hold: nothing erases the item until it is released. */

import { html, nothing, type TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";

import type { SessionSummary } from "../../signalling/messages";
import type { Desk } from "../desk";
import type { Item } from "../itemshapes";
import { may } from "../state";
import { failureLine, isBusy } from "./pieces";

/** For who may: place one with its reason, or release it (which asks for a proof of who does it). */
export function holdView(desk: Desk, session: SessionSummary, item: Item): TemplateResult | typeof nothing {
  if (!may(desk.state, "item.hold") || item.state !== "sealed") return nothing;
  const key = `hold:${item.id}`;
  return html`<div class="hold" data-testid="hold">
    ${item.hold != null ? release(desk, session, item, key) : place(desk, session, item, key)}
    ${failureLine(desk, key)}
  </div>`;
}

function release(desk: Desk, session: SessionSummary, item: Item, key: string): TemplateResult {
  return html`<span class="quiet-text">Kept: ${item.hold?.reason ?? ""}</span>
    <button type="button" class="button small" data-testid="hold-release" ?disabled=${isBusy(desk, key)}
      @click=${() => desk.acts.releaseHold(session.id, item.id)}>Release the hold</button>`;
}

function place(desk: Desk, session: SessionSummary, item: Item, key: string): TemplateResult {
  const reason = desk.local.holds[item.id];
  const write = (text: string): void => desk.acts.local({ holds: { ...desk.local.holds, [item.id]: text } });
  if (reason === undefined) {
    return html`<button type="button" class="button small" data-testid="hold-open" @click=${() => write("")}>Keep it beyond its time…</button>`;
  }
  const submit = (event: Event): void => {
    event.preventDefault();
    if (reason.trim() !== "") desk.acts.placeHold(session.id, item.id);
  };
  return html`<form class="redirect" novalidate @submit=${submit}>
    <label class="field"><span>Why it is kept</span>
      <input type="text" maxlength="200" data-testid="hold-reason" .value=${live(reason)}
        @input=${(event: Event) => write((event.target as HTMLInputElement).value)}></label>
    <button type="submit" class="button primary" data-testid="hold-place" ?disabled=${reason.trim() === "" || isBusy(desk, key)}>Keep it</button>
  </form>`;
}
