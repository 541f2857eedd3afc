/** The way to the first picture, with the reason of a failure and a line to say. */

import { html, nothing, type TemplateResult } from "lit-html";

import type { SessionSummary } from "../../signalling/messages";
import type { Desk } from "../desk";
import { funnelOf, type Funnel, type FunnelStep } from "../funnel";
import { hasEnded } from "../select";
import { clock, duration, millis } from "../times";
import { panel } from "./pieces";

/** The steps as a list; folded into one line once everything has arrived. */
export function funnelView(desk: Desk, session: SessionSummary): TemplateResult | typeof nothing {
  if (session.invitation === null) return nothing;
  const funnel = funnelOf(session, desk.now);
  const folds = funnel.isComplete || hasEnded(session);
  return panel(folds ? "Link" : "Waiting for the caller", html`
    ${adviceView(funnel)}
    ${folds
      ? html`<details class="fold"><summary>${summary(session, funnel)}</summary>${stepsView(funnel)}</details>`
      : stepsView(funnel)}
  `, { name: "funnel" });
}

/** Why it hangs, and what to say. */
function adviceView({ why, say, isFailed }: Funnel): TemplateResult | typeof nothing {
  if (why === null && say === null) return nothing;
  return html`<div class="advice ${isFailed ? "is-failed" : ""}" data-testid="advice">
    ${why === null ? nothing : html`<strong data-testid="advice-why">${why}</strong>`}
    ${say === null ? nothing : html`<p data-testid="advice-say"><span>Say</span>${say}</p>`}
  </div>`;
}

function stepsView({ steps }: Funnel): TemplateResult {
  return html`<ol class="steps" data-testid="funnel">${steps.map(stepView)}</ol>`;
}

const STATUS_WORDS: Record<FunnelStep["status"], string> = {
  done: "done", passed: "done, time unknown", current: "waiting", failed: "failed", todo: "to come",
};

function stepView(step: FunnelStep): TemplateResult {
  return html`<li class="step step-${step.status}" data-step=${step.key} data-status=${step.status}>
    <span class="step-dot"></span><span class="step-label">${step.label}</span>
    <span class="visually-hidden">${STATUS_WORDS[step.status]}</span>
    <time>${clock(step.at)}</time>
  </li>`;
}

/** "From text to picture in 1 min 42 s", or how far it came. */
function summary(session: SessionSummary, funnel: Funnel): string {
  const [sent, live] = [millis(session.invitation?.sent_at), millis(session.live_at)];
  if (sent !== null && live !== null) return `From text to ${session.link_kind === "location" ? "position" : "picture"} in ${duration((live - sent) / 1000)}`;
  const last = funnel.steps.filter((step) => step.status === "done").at(-1);
  return last === undefined ? "The text was not sent" : `Came as far as: ${last.label.toLowerCase()}`;
}
