/** Whether a picture is shown to the officers on the incident: one tap shows it, one hides it. */

import { html, nothing, type TemplateResult } from "lit-html";

import type { SessionSummary } from "../../signalling/messages";
import type { Desk } from "../desk";
import { hasEnded } from "../select";
import { may, type ConsoleState } from "../state";
import { clock } from "../times";

/** The toggle with its state, for who may share; `isPossible`: there is a picture to show. */
export function showingView(desk: Desk, session: SessionSummary, isPossible: boolean): TemplateResult | typeof nothing {
  const { shown } = session;
  if (!may(desk.state, "share.grant") || (shown === null && !isPossible)) return nothing;
  const isShown = shown !== null;
  return html`<div class="button-row"><button type="button" class="button small" data-testid="show-officers" aria-pressed=${isShown}
      title=${isShown ? "Hides it: what they watch is cut" : "They see it on their phones; each who watches is in the audit"}
      ?disabled=${!desk.state.isSynced} @click=${() => desk.acts.showToOfficers(session.id, !isShown)}>${isShown ? "✓ Shown" : "Show"} to officers on the incident (${officersThere(desk.state, session)})</button></div>
    ${isShown ? html`<p class="quiet-text" data-testid="shown-by">By ${shown.by_name}, ${clock(shown.at)}</p>` : nothing}`;
}

/** How many officers are on a session's incident, as this page knows: they go there, or are live for it; not whoever films this. */
export function officersThere({ asked, sessions }: Pick<ConsoleState, "asked" | "sessions">, session: SessionSummary): number {
  const { incident, officer } = session;
  const going = Object.values(asked.assignments).filter((one) => one.incident.id === incident.id && one.state === "accepted");
  const live = Object.values(sessions).filter((one) => one.incident.id === incident.id && !hasEnded(one));
  const there = new Set([...going.map((one) => one.officer.id), ...live.flatMap((one) => (one.officer === null ? [] : [one.officer.id]))]);
  if (officer !== null) there.delete(officer.id);
  return there.size;
}
