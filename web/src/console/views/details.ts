/** The right column: what an operator needs next to the picture, in the order in which it is needed. */

import { html, nothing, type TemplateResult } from "lit-html";

import type { SessionSummary } from "../../signalling/messages";
import type { Desk } from "../desk";
import { may } from "../state";
import { chosenSession, hasEnded, isByOrder } from "../select";
import { summaryText } from "../summarytext";
import { clockWithDay } from "../times";
import { isOutdated, rungPhrase } from "../rungs";
import { chatView } from "./chat";
import { codeView } from "./code";
import { adviceView, wayView } from "./funnel";
import { feedRows } from "./feed";
import { droneView } from "./flight";
import { galleryView } from "./gallery";
import { invitationView } from "./invitation";
import { itemsView } from "./items";
import { handoverView, ownerRow } from "./handover";
import { nearestView } from "./nearest";
import { outboxView } from "./outbox";
import { outcomeView } from "./outcome";
import { copyButton, panel, planFlightButton } from "./pieces";
import { sharesView } from "./share";

/** Details of the chosen session. */
export function detailsView(desk: Desk): TemplateResult {
  const session = chosenSession(desk.state);
  if (session === null) return html`<aside class="details details-empty"></aside>`;
  return html`<aside class="details" aria-label="Details" data-testid="details">
    <h2 class="visually-hidden">Details</h2>
    <div class="details-scroll">
      ${handoverView(desk, session)} ${hasEnded(session) ? endedParts(desk, session) : openParts(desk, session)}
    </div>
    ${hasEnded(session) || session.kind === "flight" ? nothing : chatView(desk, session)}
  </aside>`;
}

/** A session on its way or live: first what is to be done. (The way to the first picture stands in the middle.) */
function openParts(desk: Desk, session: SessionSummary): unknown[] {
  return [
    session.state === "live" || isByOrder(session) ? adviceView(desk, session) : [outboxView(desk, session), codeView(desk, session), invitationView(desk, session)],
    nearestView(desk, session),
    galleryView(desk, session),
    incidentView(desk, session),
    sharingView(desk, session),
    session.state === "live" ? wayView(desk, session) : nothing,
  ];
}

/** A session that is over: first how it ended. */
function endedParts(desk: Desk, session: SessionSummary): unknown[] {
  return [
    outcomeView(desk, session),
    (desk.fetched.items[session.id]?.length ?? 0) > 0 ? nothing : itemsView(desk, session),
    galleryView(desk, session),
    wayView(desk, session),
    incidentView(desk, session),
    sharingView(desk, session),
    session.kind === "flight" ? nothing : chatView(desk, session),
  ];
}

/** What happened, in whose words, by whom. */
function incidentView(desk: Desk, session: SessionSummary): TemplateResult {
  const { incident } = session;
  const add = may(desk.state, "link.send")
    ? html`<button type="button" class="button small" data-testid="add-caller" title="Send a link to another caller of this incident"
        @click=${() => desk.acts.addCaller(session)}>Add a caller</button>`
    : nothing;
  const text = summaryText(session, desk.state.details[session.id]?.messages.length ?? null, desk.now);
  return panel("Incident", html`
    <dl class="facts">
      <dt>Type</dt><dd>${incident.type_label}</dd>
      ${incident.external_reference === "" ? nothing : html`<dt>C&amp;C ref.</dt><dd class="mono" data-testid="external-reference">${incident.external_reference}</dd>`}
      <dt>Reference</dt><dd class="mono"><button type="button" class="link-button mono" data-testid="incident-reference" title="All sessions of this incident (Alt+I)"
        @click=${() => desk.acts.openIncident(incident.id)}>${incident.reference}</button></dd>
      <dt>Opened</dt><dd>${clockWithDay(session.created_at, desk.now)} by ${session.created_by_name}</dd>
      ${ownerRow(desk, session)}
    </dl>
    ${incident.description === "" ? nothing : html`<p class="description" data-testid="incident-description">${incident.description}</p>`}
    <div class="button-row">${copyButton(desk, text, "Copy summary for command and control", "copy-summary", "Copy summary")} ${planFlightButton(desk, incident)}</div>
  `, { aside: html`${add}<button type="button" class="button small" data-testid="open-incident" title="All sessions of this incident (Alt+I)"
    @click=${() => desk.acts.openIncident(incident.id)}>Whole incident</button>` });
}

const SCOPES = { location: "location", video: "video", recording: "recording", upload: "photos and videos" } as const;

function rungLine(session: SessionSummary): TemplateResult | typeof nothing {
  if (session.rung === null || isOutdated(session)) return nothing;
  return html`<dt>Picture</dt><dd data-testid="rung-detail">${rungPhrase(session.rung)}</dd>`;
}

/** What the caller agreed to, and who watches. */
function sharingView(desk: Desk, session: SessionSummary): TemplateResult | typeof nothing {
  const { consent } = session;
  if (session.officer !== null) return officerView(desk, session, session.officer);
  if (session.source !== null) return droneView(desk, session, html`${feedRows(desk, session)}${pictureRows(session)}`);
  if (consent === null) return nothing;
  const scopes = consent.scopes.map((scope) => SCOPES[scope]).join(", ");
  return panel("Sharing", html`<dl class="facts">
    <dt>Agreed to</dt><dd data-testid="consent-scopes">${scopes}</dd>
    <dt>At</dt><dd>${clockWithDay(consent.given_at, desk.now)}, wording ${consent.wording_version} (${consent.language})</dd>
    ${consent.withdrawn_at === null ? nothing : html`<dt>Withdrawn</dt><dd class="warning-text">${clockWithDay(consent.withdrawn_at, desk.now)}</dd>`}
    ${pictureRows(session)}
  </dl>${sharesView(desk, session)}`);
}

/** Who films; nobody is asked for consent there. */
function officerView(desk: Desk, session: SessionSummary, { name, number }: NonNullable<SessionSummary["officer"]>): TemplateResult {
  return panel("Officer", html`<dl class="facts">
    <dt>Name</dt><dd data-testid="officer-name">${name}</dd>
    ${number === "" ? nothing : html`<dt>Number</dt><dd class="mono" data-testid="officer-number">${number}</dd>`}
    <dt>Live</dt><dd>${session.live_at === null ? "no picture so far" : `since ${clockWithDay(session.live_at, desk.now)}`}</dd>
    ${pictureRows(session)}
  </dl>${sharesView(desk, session)}`);
}

/** What of the picture gets through, and who watches it. */
function pictureRows(session: SessionSummary): TemplateResult {
  const { watchers } = session;
  return html`${rungLine(session)}
    <dt>Watching</dt><dd data-testid="watcher-names">${watchers.length === 0 ? "nobody" : watchers.map((one) => one.name).join(", ")}</dd>`;
}
