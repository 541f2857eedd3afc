/** Sessions that nobody looks after: in a row of the list, and over everything for who may take them. */

import { html, nothing, type TemplateResult } from "lit-html";

import type { Attention, SessionSummary } from "../../signalling/messages";
import type { Desk } from "../desk";
import { attentionPhrase } from "../phrases";
import { escalatedSessions, incidentName } from "../select";
import { duration, secondsSince } from "../times";
import { icon } from "./icons";
import { failureLine, isBusy } from "./pieces";

/** How long nobody has looked after a session. */
function waited(attention: Attention, now: number): string {
  return duration(secondsSince(attention.since, now) ?? 0);
}

/** In its row: a plain word, why, and for how long. */
export function attentionLine(desk: Desk, session: SessionSummary): TemplateResult | typeof nothing {
  const { attention } = session;
  if (attention === null) return nothing;
  return html`<span class="row-attention is-${attention.state}" data-testid="unattended" data-attention=${attention.state}>
    ${icon("warning")}<b>Unattended</b> ${attentionPhrase(attention.reason)}, ${waited(attention, desk.now)}</span>`;
}

/** Above everything, for supervisors: who waits, since when, and the way to take it. */
export function escalationView(desk: Desk): TemplateResult | typeof nothing {
  const waiting = escalatedSessions(desk.state);
  if (waiting.length === 0) return nothing;
  return html`<section class="escalations" role="alert" aria-label="Sessions that nobody looks after" data-testid="escalations">
    ${waiting.map((session) => escalation(desk, session))}
  </section>`;
}

function escalation(desk: Desk, session: SessionSummary): TemplateResult | typeof nothing {
  const { attention } = session;
  if (attention === null) return nothing;
  const key = `take:${session.id}`;
  return html`<article class="escalation" data-session-id=${session.id}>
    ${icon("warning")}
    <div>
      <strong>${incidentName(session)} is unattended for ${waited(attention, desk.now)}</strong>
      <span>${session.incident.type_label}. ${attentionPhrase(attention.reason)}. Session of ${session.assigned_to.name || "nobody"}.</span>
      ${failureLine(desk, key)}
    </div>
    <button type="button" class="button primary" data-testid="take-it" ?disabled=${isBusy(desk, key) || !desk.state.isSynced}
      @click=${() => desk.acts.takeUnattended(session.id)}>Take it</button>
  </article>`;
}
