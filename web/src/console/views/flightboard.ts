/** A planned flight in the middle: what was planned, what the risk assessment says, and the way into the air. */

import { html, nothing, type TemplateResult } from "lit-html";

import type { SessionSummary } from "../../signalling/messages";
import type { Desk } from "../desk";
import { basisWords } from "../flightphrases";
import { may } from "../state";
import { clockWithDay } from "../times";
import { icon } from "./icons";
import { failureLine, isBusy } from "./pieces";
import { overrideForm, refusalList, type Overriding } from "./risk";

const OVERRIDE_FLIGHT: Overriding = { label: "Override and launch", act: (desk, sessionId, reason) => desk.acts.overrideFlight(sessionId, reason) };

/** Above the map, until it is launched or called off. */
export function flightBoardView(desk: Desk, session: SessionSummary): TemplateResult {
  return html`<section class="board" aria-label="Planned flight" data-testid="flight-board" data-risk=${session.risk?.outcome ?? "unanswered"}>
    ${riskWords(desk, session)}
    ${planFacts(desk, session)}
    ${may(desk.state, "flight.control") ? flightButtons(desk, session) : nothing}
    ${failureLine(desk, `flight:${session.id}`)}
  </section>`;
}

function riskWords(desk: Desk, session: SessionSummary): TemplateResult {
  const { risk } = session;
  if (risk === null) return html`<div class="advice"><strong>The risk questions have not been answered</strong><p>Nothing may fly before.</p></div>`;
  if (risk.outcome === "refused") {
    return html`<div class="blocked" data-testid="risk-refused"><strong>${icon("warning")}The risk assessment blocks this flight</strong>${refusalList(risk.refusals)}</div>
      ${may(desk.state, "risk.override") ? overrideForm(desk, session, OVERRIDE_FLIGHT) : html`<p class="quiet-text">A supervisor can override this with a reason.</p>`}`;
  }
  const words = risk.outcome === "overridden" ? "A supervisor has overridden the risk assessment." : "The risk assessment is answered: nothing speaks against it.";
  return html`<div class="advice"><strong>Ready for the launch</strong><p>${words} The drone may send from the launch on.</p></div>`;
}

/** What was planned; read by REST, so it may come a moment later. */
function planFacts(desk: Desk, session: SessionSummary): TemplateResult | typeof nothing {
  const flight = desk.fleet.flightOf(session.id);
  if (flight === undefined) return nothing;
  return html`<dl class="facts" data-testid="flight-plan">
    <dt>Aircraft</dt><dd>${flight.aircraft.name}</dd>
    <dt>Pilot</dt><dd>${flight.pilot.name} <span class="mono quiet-text">${flight.pilot.flyer_id}</span></dd>
    <dt>Purpose</dt><dd>${flight.purpose}</dd>
    <dt>Basis</dt><dd>${basisWords(flight)}</dd>
    <dt>Planned</dt><dd>${clockWithDay(flight.planned_at, desk.now)} by ${flight.planned_by_name}</dd>
  </dl>`;
}

/** The server has the last word about the launch: what it refuses is said below. */
function flightButtons(desk: Desk, session: SessionSummary): TemplateResult {
  const isReady = session.risk !== null && session.risk.outcome !== "refused";
  const isWaiting = !desk.state.isSynced || isBusy(desk, `flight:${session.id}`);
  return html`<div class="button-row">
    <button type="button" class="button ${session.risk === null ? "primary" : ""}" data-testid="answer-risk"
      @click=${() => desk.acts.continueFlight(session)}>${session.risk === null ? "Answer the questions" : "Answer the questions again"}</button>
    ${session.risk?.outcome === "refused" ? nothing : html`<button type="button" class="button ${isReady ? "primary" : ""}" data-testid="launch-flight" ?disabled=${isWaiting}
      @click=${() => desk.acts.launchFlight(session.id)}>${isBusy(desk, `flight:${session.id}`) ? "Launching…" : "Launch"}</button>`}
  </div>`;
}
