/** Before a new picture: what it may show, so that nobody sees it unprepared. */

import { html, nothing, type TemplateResult } from "lit-html";

import type { SessionSummary } from "../../signalling/messages";
import type { Desk } from "../desk";

/** What the incident is, how the caller answered the risk questions, and the button that shows the picture. */
export function blurView(desk: Desk, session: SessionSummary): TemplateResult {
  const { incident } = session;
  return html`<div class="tile-blur" data-testid="blurred">
    <div class="tile-blur-words">
      <strong>${incident.type_label}</strong>
      ${incident.description === "" ? nothing : html`<p class="tile-blur-description">${incident.description}</p>`}
      ${session.kind === "officer" ? nothing : html`<p class="tile-blur-risk" data-testid="blur-risk">${riskWords(session)}</p>`}
    </div>
    <button type="button" class="button primary" data-testid="show-picture" title="Show the picture (Alt+B)"
      @click=${() => desk.acts.showPicture(session.id, true)}>Show picture</button>
  </div>`;
}

/** The risk assessment in one sentence. */
export function riskWords({ risk }: SessionSummary): string {
  if (risk === null) return "Risk questions: not answered";
  if (risk.outcome === "clear") return "Risk questions: nothing speaks against it";
  const against = risk.refusals.map((one) => one.text).join("; ");
  const overridden = risk.outcome === "overridden" ? " (overridden by a supervisor)" : "";
  return `Risk questions: ${against === "" ? "refused" : against}${overridden}`;
}
