/** The end of a flight: landed, or called off before it was in the air. */

import { html, type TemplateResult } from "lit-html";

import type { SessionSummary } from "../../signalling/messages";
import type { Desk } from "../desk";
import { isBusy } from "./pieces";

/** It takes two clicks, and the second button is not where the first was. Whoever ends it knows that the aircraft is down. */
export function landingButton(desk: Desk, session: SessionSummary): TemplateResult {
  const isPlanned = session.state === "draft";
  if (desk.local.endingId !== session.id) {
    return html`<button type="button" class="button danger-quiet" data-testid="land-flight" ?disabled=${!desk.state.isSynced || isBusy(desk, `end:${session.id}`)}
      @click=${() => desk.acts.local({ endingId: session.id })}>${isPlanned ? "Call off" : "Land"}</button>`;
  }
  return html`<div class="confirm" role="group" aria-label=${isPlanned ? "Call this flight off?" : "Is the drone down?"}>
    <button type="button" class="button danger" data-testid="land-confirm" title=${isPlanned ? "" : "Its picture ends, and what was recorded is kept"}
      @click=${() => desk.acts.landFlight(session.id)}>${isPlanned ? "Call off now" : "It is down: end"}</button>
    <button type="button" class="button" data-testid="end-cancel" @click=${() => desk.acts.local({ endingId: null })}>Keep</button>
  </div>`;
}
