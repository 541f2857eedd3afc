/** The risk assessment of a session whose link was not sent: what speaks against it, and the supervisor's override. */

import { html, nothing, type TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";

import type { RiskRefusal, SessionSummary } from "../../signalling/messages";
import type { Desk } from "../desk";
import { may } from "../state";
import { icon } from "./icons";
import { failureLine, isBusy } from "./pieces";

/** In the middle, while the link is not out: what has to be decided before. */
export function riskView(desk: Desk, session: SessionSummary): TemplateResult {
  const { risk } = session;
  return html`<section class="board" aria-label="Risk assessment" data-testid="board">
    ${risk === null ? unansweredView(desk, session) : risk.outcome === "refused" ? refusedView(desk, session, risk.refusals) : clearView(desk, session)}
  </section>`;
}

function refusedView(desk: Desk, session: SessionSummary, refusals: readonly RiskRefusal[]): TemplateResult {
  return html`<div class="blocked" data-testid="risk-refused">
      <strong>${icon("warning")}The risk assessment blocks this link</strong>
      ${refusalList(refusals)}
    </div>
    ${may(desk.state, "risk.override") ? overrideForm(desk, session, OVERRIDE_LINK) : html`<p class="quiet-text">A supervisor can override this with a reason.</p>`}
    ${answerButton(desk, session, "Answer the questions again", "button")}`;
}

function clearView(desk: Desk, session: SessionSummary): TemplateResult {
  return html`<div class="advice"><strong>The link has not been sent</strong>
    <p>The risk assessment is answered. Send the link from the right-hand column.</p></div>
    ${answerButton(desk, session, "Answer the questions again", "button")}`;
}

function answerButton(desk: Desk, session: SessionSummary, label: string, style: string): TemplateResult | typeof nothing {
  if (!may(desk.state, "link.send")) return nothing;
  return html`<button type="button" class=${style} data-testid="answer-risk" @click=${() => desk.acts.continueSession(session)}>${label}</button>`;
}

/** Refusing answers with what to do instead. */
export function refusalList(refusals: readonly RiskRefusal[]): TemplateResult {
  return html`<ul class="refusals">${refusals.map((one) => html`<li><span>${one.text}</span><b>${one.advice}</b></li>`)}</ul>`;
}

function unansweredView(desk: Desk, session: SessionSummary): TemplateResult {
  return html`<div class="advice"><strong>The risk questions have not been answered</strong><p>The link cannot be sent before.</p></div>
    ${answerButton(desk, session, "Answer the questions", "button primary")}`;
}

const OVERRIDE_LINK: Overriding = { label: "Override and send link", act: (desk, sessionId, reason) => desk.acts.overrideRisk(sessionId, reason) };

/** What an override goes on with, on a button. */
export interface Overriding {
  label: string;
  act: (desk: Desk, sessionId: string, reason: string) => void;
}

/** A supervisor's way past a refusal: only with a reason. */
export function overrideForm(desk: Desk, session: SessionSummary, { label, act }: Overriding): TemplateResult {
  const reason = desk.local.overrideReasons[session.id] ?? "";
  const key = `override:${session.id}`;
  const submit = (event: Event): void => {
    event.preventDefault();
    act(desk, session.id, reason.trim());
  };
  const type = (event: Event): void => {
    const text = (event.target as HTMLTextAreaElement).value;
    desk.acts.local({ overrideReasons: { ...desk.local.overrideReasons, [session.id]: text } });
  };
  return html`<form class="override" @submit=${submit}>
    <label class="field"><span>Reason for the override</span>
      <textarea rows="2" data-testid="override-reason" .value=${live(reason)} @input=${type}></textarea></label>
    <button type="submit" class="button danger" data-testid="override" ?disabled=${reason.trim() === "" || isBusy(desk, key)}>${label}</button>
    ${failureLine(desk, key)}
  </form>`;
}
