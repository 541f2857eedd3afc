/** Off the air: status, and going live in two taps. */

import { html, nothing, type TemplateResult } from "lit-html";

import type { OfficerStatus, OpenIncident } from "../signalling/messages";
import type { Notice } from "./state";
import type { Drawing } from "./view";
import { STATUS_WORDS } from "./words";

const NOTICES: Readonly<Record<Exclude<Notice, null>, string>> = {
  stopped: "You have stopped. Nothing is sent from this phone.",
  ended: "The stream was ended. Nothing is sent from this phone.",
  elsewhere: "Another phone of yours has taken the stream over.",
  failed: "You are not live: Sightline did not answer. Try again.",
  over: "The control room does not ask for that any more. You are not live.",
  changed: "That has changed meanwhile. This is how it stands now.",
  not_said: "The control room was not told: Sightline did not answer. Try again.",
};

const BAD: readonly Notice[] = ["failed", "over", "not_said"];

const STATUSES: readonly OfficerStatus[] = ["available", "en_route", "at_scene", "off_duty"];

/** The first screen. */
export function homeScreen(drawing: Drawing): TemplateResult {
  const { page, acts } = drawing;
  return html`<main class="home">
    ${headerView(drawing)}
    <div class="middle">${noticeView(page.notice)} ${drawing.parts.map((part) => part.homeView?.())} ${statusView(drawing)}
      ${drawing.parts.map((part) => part.footView?.())}
      <a class="act consultations" data-testid="consultations" href="/consultations/">Consultations</a></div>
    <div class="reach">
      ${drawing.parts.map((part) => part.reachView?.())}
      <button type="button" class="act go" data-testid="go-live" ?disabled=${page.isStarting || page.line !== "open"}
        @click=${() => acts.choose(true)}>${page.isStarting ? "Going live…" : "Go live"}</button>
      <p class="law">What you stream is a police recording. A red REC sign shows while it is recorded.</p>
    </div>
    ${drawing.parts.map((part) => part.sheetView?.())}
  </main>`;
}

/** The second tap: for which incident, or without. The nearest to the thumb is "without". */
export function choosingScreen({ page, acts }: Drawing): TemplateResult {
  const incidents = page.server?.incidents ?? [];
  return html`<main class="choosing">
    <h1>Go live for</h1>
    <ul class="incidents" tabindex="0" aria-label="Open incidents">${incidents.map((incident) => html`<li>${incidentView(incident, () => acts.goLive(incident.id))}</li>`)}
      ${incidents.length === 0 ? html`<li class="none">No incident was opened in the last 24 hours.</li>` : nothing}</ul>
    <div class="reach">
      <button type="button" class="act go" data-testid="without-incident" @click=${() => acts.goLive(null)}>Without an incident</button>
      <button type="button" class="act" @click=${() => acts.choose(false)}>Back</button>
    </div>
  </main>`;
}

/** Live, but not from this page: loaded again with the camera off, or another phone streams. */
export function elsewhereScreen(drawing: Drawing): TemplateResult {
  const { page, acts } = drawing;
  return html`<main class="home">
    ${headerView(drawing)}
    <div class="middle">
      ${noticeView(page.notice)}
      <p class="lead" role="status">Your session <b>${page.server?.live?.session.incident_reference}</b> goes on. This phone sends no picture now.</p>
      ${drawing.parts.map((part) => part.homeView?.())}
    </div>
    <div class="reach">
      ${drawing.parts.map((part) => part.reachView?.())}
      <button type="button" class="act go" data-testid="take-over" @click=${() => acts.live.takeOver()}>Stream from this phone</button>
      <button type="button" class="act stop" data-testid="stop" @click=${() => acts.live.stop()}>End the session</button>
    </div>
    ${drawing.parts.map((part) => part.sheetView?.())}
  </main>`;
}

function headerView({ page, signOut }: Drawing): TemplateResult {
  const { server } = page;
  const facts = [server?.me.team, ...(server?.me.skills ?? []), server?.me.languages].filter((fact) => fact !== undefined && fact !== "");
  return html`<header>
    <div class="who"><h1>${server?.me.number === "" ? nothing : html`<span class="number">${server?.me.number}</span> `}${server?.me.name}</h1>
      <button type="button" class="small" @click=${signOut}>Sign out</button></div>
    <p class="facts">${server?.force_name}</p>
    ${facts.length === 0 ? nothing : html`<p class="facts">${facts.join(" · ")}</p>`}
  </header>`;
}

function noticeView(notice: Notice): TemplateResult {
  return html`<p class="notice ${notice !== null && BAD.includes(notice) ? "is-bad" : ""}" role="status" ?hidden=${notice === null}>${notice === null ? "" : NOTICES[notice]}</p>`;
}

function statusView({ page, acts }: Drawing): TemplateResult {
  const now: OfficerStatus = page.server?.shift?.status ?? "off_duty";
  return html`<div class="statuses" role="group" aria-label="Your status">${STATUSES.map((status) => html`<button type="button"
    class="status" data-testid="status-${status}" aria-pressed=${status === now} ?disabled=${page.line !== "open"}
    @click=${() => acts.setStatus(status)}>${STATUS_WORDS[status]}</button>`)}</div>
    ${page.line === "open" ? nothing : html`<p class="notice is-bad" role="status">Not connected. Trying again.</p>`}`;
}

function incidentView(incident: OpenIncident, choose: () => void): TemplateResult {
  const name = incident.external_reference === "" ? incident.reference : incident.external_reference;
  return html`<button type="button" class="incident" data-testid="incident" @click=${choose}><b>${name}</b><span>${incident.type_label}</span></button>`;
}
