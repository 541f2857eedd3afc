/** The invitation: its state, how long it is good for, and how to give it another life. */

import { html, nothing, type TemplateResult } from "lit-html";

import type { InvitationState, SessionSummary } from "../../signalling/messages";
import type { Desk } from "../desk";
import { may } from "../state";
import { hasEnded, linkKindWord } from "../select";
import { clockWithDay, counter } from "../times";
import { expiresIn, failureLine, isBusy, panel } from "./pieces";

const WORDS: Record<InvitationState, string> = {
  queued: "Waiting to be sent", sending: "Being sent", sent: "Sent", delivered: "On the phone", failed: "Could not be sent",
  opened: "Opened", consented: "In use", expired: "Expired", withdrawn: "Withdrawn",
};

/** The link of a session that is not over. Before it is sent, the way to send it. */
export function invitationView(desk: Desk, session: SessionSummary): TemplateResult {
  return panel("Invitation", invitationFacts(desk, session));
}

/** The link in words, and what can be done with it. */
export function invitationFacts(desk: Desk, session: SessionSummary): TemplateResult {
  const { invitation } = session;
  return html`
    <dl class="facts">
      <dt>To</dt><dd class="mono" data-testid="phone">${invitation?.channel === "email" ? session.email_masked : session.phone_number_masked}</dd>
      <dt>Kind</dt><dd>${linkKindWord(session.link_kind)}</dd>
      ${invitation === null ? nothing : html`<dt>State</dt><dd data-testid="invitation-state" data-state=${invitation.state}>${WORDS[invitation.state]}${invitation.sends > 1 ? `, message ${invitation.sends}` : ""}</dd>`}
      ${expiryRow(desk, session)}
    </dl>
    ${may(desk.state, "link.send") && !hasEnded(session) ? acts(desk, session) : nothing}
    ${failureLine(desk, `invitation:${session.id}`)} ${failureLine(desk, `rearm:${session.id}`)}
  `;
}

/** Counts down while the link lies unopened; afterwards the time no longer matters. */
function expiryRow(desk: Desk, session: SessionSummary): TemplateResult | typeof nothing {
  const left = expiresIn(session, desk.now);
  if (left === null || session.opened_at !== null) return nothing;
  const text = left > 0 ? counter(left) : "run out";
  return html`<dt>Good for</dt><dd><b class="countdown ${left < 300 ? "is-short" : ""}" data-testid="expiry">${text}</b>
    <span class="quiet-text">until ${clockWithDay(session.invitation?.expires_at, desk.now)}</span></dd>`;
}

/** Send first, send again after a failure, or re-arm for another browser. */
function acts(desk: Desk, session: SessionSummary): TemplateResult | typeof nothing {
  const state = session.invitation?.state ?? null;
  if (state === null) {
    if (session.risk === null || session.risk.outcome === "refused") return nothing;
    return sendButton(desk, session, "Send link");
  }
  if (state === "expired" || state === "withdrawn") return sendButton(desk, session, "Send new link");
  if (state !== "opened" && state !== "consented") return nothing;
  return html`<button type="button" class="button small" data-testid="rearm" ?disabled=${isBusy(desk, `rearm:${session.id}`)}
    title="The same link can then be opened on another phone or browser" @click=${() => desk.acts.rearm(session.id)}>
    Re-arm for another browser</button>`;
}

function sendButton(desk: Desk, session: SessionSummary, label: string): TemplateResult {
  return html`<button type="button" class="button primary" data-testid="send-invitation"
    ?disabled=${isBusy(desk, `invitation:${session.id}`)} @click=${() => desk.acts.sendInvitation(session.id)}>${label}</button>`;
}
