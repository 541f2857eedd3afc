/** One incident whole: its head, live pictures and places, people and items, group text and what happened. */

import { html, nothing, type TemplateResult } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";

import type { IncidentView } from "../../signalling/messages";
import type { Desk } from "../desk";
import { incidentPictures } from "../incidentstate";
import { may } from "../state";
import { clockWithDay, counter, secondsSince } from "../times";
import { wallColumns, wallTileSize } from "../wallplaces";
import { groupTextView } from "./grouptext";
import { itemsPanel, peoplePanel } from "./incidentpeople";
import { failureLine, isBusy } from "./pieces";
import { mapBox } from "./stage";
import { tileView } from "./tile";
import { timelineView } from "./timeline";
import { moveByArrow } from "./wall";

/** The page. */
export function incidentPageView(desk: Desk): TemplateResult {
  const { page, chosenId } = desk.state.incident;
  if (page === null) {
    return html`<main class="incident-page" id="stage" tabindex="-1" data-testid="incident-page">
      <p class="incident-wait" role="status">${chosenId === null ? "Choose a session first" : "Loading the incident"}</p></main>`;
  }
  return html`<main class="incident-page" id="stage" tabindex="-1" data-testid="incident-page" data-incident-id=${page.incident.id}>
    ${headView(desk, page.incident)}
    <div class="incident-scene">${picturesView(desk)} <div class="incident-map">${mapBox(desk, null)}</div></div>
    <div class="incident-people"><h2 class="visually-hidden">People, items, messages and time line</h2>${peoplePanel(desk)} ${itemsPanel(desk)}</div>
    <div class="incident-talk">${groupTextView(desk)} ${timelineView(desk)}</div>
  </main>`;
}

function headView(desk: Desk, incident: IncidentView): TemplateResult {
  const other = incident.external_reference === "" ? "" : incident.reference;
  const openFor = counter(secondsSince(incident.opened_at, desk.now) ?? 0);
  return html`<header class="incident-head">
    <div class="stage-title">
      <h1 data-testid="incident-title">${other === "" ? incident.reference : incident.external_reference}</h1>
      ${other === "" ? nothing : html`<span class="quiet-text mono">${other}</span>`}
      ${incident.closed_at === null
        ? html`<span class="chip chip-good" data-testid="incident-state">Open ${openFor}</span>`
        : html`<span class="chip chip-off" data-testid="incident-state">Closed ${clockWithDay(incident.closed_at, desk.now)}</span>`}
      <span class="stage-type">${incident.type_label}</span>
      <span class="quiet-text">since ${clockWithDay(incident.opened_at, desk.now)}, ${incident.opened_by_name}</span>
    </div>
    <div class="stage-acts">${closeButton(desk, incident)}
      <button type="button" class="button" data-testid="incident-back" title="Back to one session (Alt+I)" @click=${() => desk.acts.setMode("session")}>Back to the session</button></div>
    ${incident.description === "" ? nothing : html`<p class="incident-description" title=${incident.description}>${incident.description}</p>`}
    ${failureLine(desk, `incident:${incident.id}`)}
  </header>`;
}

function closeButton(desk: Desk, { id, closed_at }: IncidentView): TemplateResult | typeof nothing {
  if (!may(desk.state, "incident.open")) return nothing;
  const isWaiting = !desk.state.isSynced || isBusy(desk, `incident:${id}`);
  return closed_at === null
    ? html`<button type="button" class="button danger-quiet" data-testid="close-incident" ?disabled=${isWaiting} @click=${() => desk.acts.closeIncident(id)}>Close incident</button>`
    : html`<button type="button" class="button" data-testid="reopen-incident" ?disabled=${isWaiting} @click=${() => desk.acts.reopenIncident(id)}>Open it again</button>`;
}

/** Its live pictures, as on the wall. */
function picturesView(desk: Desk): TemplateResult {
  const { shown, count } = incidentPictures(desk.state);
  const columns = wallColumns(shown.length);
  const size = wallTileSize(shown.length);
  return html`<section class="incident-pictures" aria-label="Live pictures">
    <div class="wall-tiles wall-of-${columns} wall-count-${shown.length}" @keydown=${(event: KeyboardEvent) => moveByArrow(event, columns)}>
      ${count === 0 ? html`<p class="wall-none">No live picture at the moment</p>` : nothing}
      ${repeat(shown, (session) => session.id, (session, index) => tileView(desk, session, { isOnWall: true, size, isTabStop: index === 0, isOfIncident: true }))}
    </div>
    ${count > shown.length ? html`<p class="quiet-text">${shown.length} of ${count} live pictures</p>` : nothing}
  </section>`;
}
