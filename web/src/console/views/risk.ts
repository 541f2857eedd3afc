/** The risk assessment of a session whose link was not sent: what speaks against it, and the supervisor's override. */

import { html, nothing, type TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";

import type { RiskRefusal, SessionSummary } from "../../signalling/messages";
import type { Desk } from "../desk";
import { may } from "../state";
import { icon } from "./icons";
import { failureLine, isBusy, panel } from "./pieces";

/** Nothing once the link is out: then it has been decided. */
export function riskView(desk: Desk, session: SessionSummary): TemplateResult | typeof nothing {
  if (session.invitation !== null) return nothing;
  const { risk } = session;
  if (risk === null) return unansweredView(desk, session);
  if (risk.outcome !== "refused") return nothing;
  return panel("Risk assessment", html`
    <div class="blocked" data-testid="risk-refused">
      <strong>${icon("warning")}The link is blocked</strong>
      ${refusalList(risk.refusals)}
    </div>
    ${may(desk.state, "risk.override") ? overrideForm(desk, session) : html`<p class="quiet-text">A supervisor can override this with a reason.</p>`}
  `, { name: "risk" });
}

/** Refusing answers with what to do instead. */
export function refusalList(refusals: readonly RiskRefusal[]): TemplateResult {
  return html`<ul class="refusals">${refusals.map((one) => html`<li><span>${one.text}</span><b>${one.advice}</b></li>`)}</ul>`;
}

function unansweredView(desk: Desk, session: SessionSummary): TemplateResult {
  return panel("Risk assessment", html`<p>The questions have not been answered. The link cannot be sent before.</p>
    <button type="button" class="button primary" data-testid="answer-risk" @click=${() => desk.acts.continueSession(session)}>Answer the questions</button>`,
    { name: "risk" });
}

function overrideForm(desk: Desk, session: SessionSummary): TemplateResult {
  const reason = desk.local.overrideReasons[session.id] ?? "";
  const key = `override:${session.id}`;
  const submit = (event: Event): void => {
    event.preventDefault();
    desk.acts.overrideRisk(session.id, reason.trim());
  };
  const type = (event: Event): void => {
    const text = (event.target as HTMLTextAreaElement).value;
    desk.acts.local({ overrideReasons: { ...desk.local.overrideReasons, [session.id]: text } });
  };
  return html`<form class="override" @submit=${submit}>
    <label class="field"><span>Reason for the override</span>
      <textarea rows="2" data-testid="override-reason" .value=${live(reason)} @input=${type}></textarea></label>
    <button type="submit" class="button danger" data-testid="override" ?disabled=${reason.trim() === "" || isBusy(desk, key)}>Override and send link</button>
    ${failureLine(desk, key)}
  </form>`;
}
