/** The way to the first picture, with the reason of a failure and a line to say. */

import { html, nothing, type TemplateResult } from "lit-html";

import type { SessionSummary } from "../../signalling/messages";
import type { Desk } from "../desk";
import { funnelOf, type Funnel, type FunnelStep } from "../funnel";
import { isByOrder } from "../select";
import { may } from "../state";
import { clock, duration, millis } from "../times";
import { invitationFacts } from "./invitation";
import { linkHelp } from "./linkhelp";
import { panel } from "./pieces";

/** In the middle, until something is live: where it stands, what to say, and the steps. */
export function boardView(desk: Desk, session: SessionSummary): TemplateResult {
  const funnel = funnelOf(session, desk.now);
  return html`<section class="board" aria-label="Waiting for the caller" data-testid="board">
    ${advice(funnel)} ${may(desk.state, "link.send") ? linkHelp(desk, session) : nothing} ${stepsView(funnel, "steps-across")}
  </section>`;
}

/** In the right column, once it is over: one line, with the steps and the link folded away. */
export function wayView(desk: Desk, session: SessionSummary): TemplateResult | typeof nothing {
  if (session.invitation === null) return nothing;
  const funnel = funnelOf(session, desk.now);
  return panel("Way to the control room", html`<details class="fold">
    <summary>${summary(session, funnel)}</summary>
    ${stepsView(funnel, "steps-down")} ${invitationFacts(desk, session)}
  </details>`);
}

/** For a live session: a word at the top only when one is needed. */
export function adviceView(desk: Desk, session: SessionSummary): TemplateResult | typeof nothing {
  if (isByOrder(session)) return nothing; // the tile says all there is: nobody is on the telephone
  const body = advice(funnelOf(session, desk.now));
  return body === nothing ? nothing : html`<section class="panel">${body}</section>`;
}

/** Why it hangs, and what to say. */
function advice({ why, say, isFailed }: Funnel): TemplateResult | typeof nothing {
  if (why === null && say === null) return nothing;
  return html`<div class="advice ${isFailed ? "is-failed" : ""}" data-testid="advice">
    ${why === null ? nothing : html`<strong data-testid="advice-why">${why}</strong>`}
    ${say === null ? nothing : html`<p data-testid="advice-say"><span>Say</span>${say}</p>`}
  </div>`;
}

function stepsView({ steps }: Funnel, direction: "steps-across" | "steps-down"): TemplateResult {
  return html`<ol class="steps ${direction}" data-testid="funnel">${steps.map(stepView)}</ol>`;
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
  if (sent !== null && live !== null) return `From text to ${session.link_kind !== "location_video" ? "position" : "picture"} in ${duration((live - sent) / 1000)}`;
  const last = funnel.steps.filter((step) => step.status === "done").at(-1);
  return last === undefined ? "The text was not sent" : `Came as far as: ${last.label.toLowerCase()}`;
}
