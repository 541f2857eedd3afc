/** Who is in an incident, and what came of it. */

import { html, nothing, type TemplateResult } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";

import type { ItemLine, OnIncident, SessionSummary, UploadLine } from "../../signalling/messages";
import type { Desk } from "../desk";
import { uploadWord } from "../gallery";
import { incidentSession, incidentSessions } from "../incidentstate";
import { entrySubject } from "../incidentwords";
import { hasEnded, isByOrder, sharerName } from "../select";
import { may } from "../state";
import { clockWithDay, counter } from "../times";
import { sharerTag, panel, planFlightButton, sessionTime, stateChip } from "./pieces";
import { icon } from "./icons";

/** Callers by masked number, officers by number and name: those who go on first. */
export function peoplePanel(desk: Desk): TemplateResult {
  const sessions = incidentSessions(desk.state);
  const ordered = [...sessions.filter((one) => !hasEnded(one)), ...sessions.filter(hasEnded)];
  const others = (desk.state.incident.page?.officers ?? []).filter((one) => one.session_id === null);
  const incident = desk.state.incident.page?.incident;
  const fly = incident?.closed_at === null ? planFlightButton(desk, incident) : nothing;
  const add = sessions[0] !== undefined && desk.state.incident.page?.incident.closed_at === null && may(desk.state, "link.send") ? addButton(desk, sessions[0]) : nothing;
  return panel("People", html`<ul class="people" data-testid="people">
    ${repeat(ordered, (session) => session.id, (session) => sessionLine(desk, session))}
    ${others.map(officerLine)}
    ${ordered.length + others.length === 0 ? html`<li class="none">Nobody so far</li>` : nothing}</ul>`, { aside: html`${fly}${add}`, name: "people" });
}

function addButton(desk: Desk, session: SessionSummary): TemplateResult {
  return html`<button type="button" class="button small" data-testid="add-caller" title="Send a link to another caller of this incident"
    @click=${() => desk.acts.addCaller(session)}>Add a caller</button>`;
}

function sessionLine(desk: Desk, session: SessionSummary): TemplateResult {
  const { watchers } = session;
  const watching = watchers.length === 0 ? (session.state === "live" ? "nobody is watching" : "") : watchers.map((one) => one.name).join(", ");
  return html`<li><button type="button" class="person ${hasEnded(session) ? "is-over" : ""}" data-testid="person" data-session-id=${session.id}
    @click=${() => openSession(desk, session)}>
    <span class="person-name">${isByOrder(session) ? sharerTag(session) : html`<span class="tag">Caller</span>`} <b>${sharerName(session)}</b></span>
    <span class="person-facts">${stateChip(session)} <span class="row-time">${sessionTime(session, desk.now)}</span></span>
    ${watching === "" ? nothing : html`<span class="person-watch ${watchers.length === 0 ? "warning-text" : ""}">${icon("eye")}${watching}</span>`}
  </button></li>`;
}

/** On the incident, but not live. */
function officerLine({ name, number }: OnIncident): TemplateResult {
  return html`<li class="person" data-testid="person"><span class="person-name"><span class="tag tag-officer">${icon("shield")}Officer</span> <b>${number} ${name}</b></span></li>`;
}

/** One that is older than the list is put there first. */
function openSession(desk: Desk, session: SessionSummary): void {
  if (session.id in desk.state.sessions) desk.acts.choose(session.id);
  else desk.acts.openFound(session);
}

const KINDS: Readonly<Record<ItemLine["kind"], string>> = { recording: "Recording", still: "Picture", upload: "File", sequence: "Pictures", call: "Call" };
const STATES: Readonly<Record<ItemLine["state"], string>> = { sealing: "being sealed", sealed: "sealed", failed: "not sealed", erasing: "being erased" };

/** Recordings, pictures and files with how each stands; the newest first. */
export function itemsPanel(desk: Desk): TemplateResult {
  const page = desk.state.incident.page;
  const [items, uploads] = [page?.items ?? [], page?.uploads ?? []];
  return panel("Items", html`<ul class="item-lines" data-testid="incident-items">
    ${repeat(uploads, (upload) => upload.id, (upload) => uploadLine(desk, upload))}
    ${repeat(items, (item) => item.id, (item) => itemLine(desk, item))}
    ${items.length + uploads.length === 0 ? html`<li class="none">Nothing was recorded or sent so far</li>` : nothing}</ul>`, { name: "items" });
}

function itemLine(desk: Desk, item: ItemLine): TemplateResult {
  const subject = entrySubject(incidentSession(desk.state, item.session_id));
  const length = item.duration_ms === null ? "" : counter(item.duration_ms / 1000);
  return html`<li class="item-line" data-testid="incident-item" data-item-id=${item.id} data-state=${item.state}>
    <span><b>${KINDS[item.kind]}</b> ${clockWithDay(item.started_at, desk.now)} ${length === "" ? nothing : html`<span class="quiet-text">${length}</span>`}</span>
    <span class="item-line-facts"><span class="quiet-text">${subject}</span>
      <span class="tag ${item.state === "failed" ? "tag-warning" : ""}">${STATES[item.state]}</span>
      ${item.is_held ? html`<span class="tag tag-warning">on hold</span>` : nothing}
      ${itemLink(item)}</span></li>`;
}

/** What it is looked at by; each look is in the audit. */
function itemLink({ id, kind, state }: ItemLine): TemplateResult | typeof nothing {
  if (state !== "sealed") return nothing;
  const role = kind === "still" ? "picture" : kind === "upload" ? "original" : "playable";
  return html`<a href="/api/v1/items/${id}/files/${role}/" target="_blank" rel="noopener" data-testid="open-item">${kind === "still" ? "Show" : kind === "upload" ? "Save" : "Play"}</a>`;
}

function uploadLine(desk: Desk, upload: UploadLine): TemplateResult {
  return html`<li class="item-line" data-testid="incident-upload" data-state=${upload.state}>
    <span><b>File</b> ${clockWithDay(upload.created_at, desk.now)}</span>
    <span class="item-line-facts"><span class="quiet-text">${upload.file_name}</span><span class="tag ${upload.state === "refused" ? "tag-warning" : ""}">${uploadWord(upload)}</span></span></li>`;
}
