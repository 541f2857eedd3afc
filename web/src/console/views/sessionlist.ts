/** The left column: the force's sessions by state. */

import { html, nothing, type TemplateResult } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";

import type { SessionSummary } from "../../signalling/messages";
import type { Desk } from "../desk";
import { rovingTarget } from "../keyboard";
import { signalPhrase } from "../phrases";
import { groupSessions, hasEnded, incidentName, linkKindWord, listedIds } from "../select";
import { clock } from "../times";
import { icon } from "./icons";
import { sessionTime, stateChip, stateTone } from "./pieces";

/** The list. Arrow keys move between its rows. */
export function sessionListView(desk: Desk): TemplateResult {
  const { live, waiting, ended } = groupSessions(desk.state.sessions);
  return html`<nav class="sessions" id="sessions" tabindex="-1" aria-label="Sessions" @keydown=${moveByArrow}>
    ${group(desk, "Live", "live", live, "No live session")}
    ${group(desk, "Waiting", "waiting", waiting, "Nobody is on the way")}
    ${group(desk, "Ended", "ended", ended, "None in the last 12 hours")}
  </nav>`;
}

function group(desk: Desk, title: string, name: string, sessions: SessionSummary[], none: string): TemplateResult {
  return html`<section class="group group-${name}" data-testid="group-${name}">
    <h2>${title}<span class="count">${sessions.length}</span></h2>
    ${sessions.length === 0 ? html`<p class="none">${none}</p>` : nothing}
    <ul>${repeat(sessions, (session) => session.id, (session) => html`<li>${row(desk, session)}</li>`)}</ul>
  </section>`;
}

function row(desk: Desk, session: SessionSummary): TemplateResult {
  const isChosen = desk.state.chosenId === session.id;
  const marks = desk.state.marks[session.id] ?? [];
  const tabStop = desk.state.chosenId ?? listedIds(desk.state.sessions)[0];
  return html`<button type="button" tabindex=${session.id === tabStop ? "0" : "-1"} class="row tone-${stateTone(session.state)} ${marks.length > 0 ? "is-marked" : ""}"
    data-testid="session-row" data-session-id=${session.id} data-state=${session.state}
    aria-current=${isChosen ? "true" : "false"} @click=${() => desk.acts.choose(session.id)}>
    <span class="row-top"><b>${incidentName(session)}</b><span class="row-time">${sessionTime(session, desk.now)}</span></span>
    <span class="row-type">${session.incident.type_label}${session.incident.description === "" ? "" : ` · ${session.incident.description}`}</span>
    <span class="row-facts">
      ${session.state === "live" || session.state === "ended" ? nothing : stateChip(session.state)}
      <span class="row-phone" title="${linkKindWord(session.link_kind)}, ${session.phone_number_masked}">${session.phone_number_masked}</span>
      ${session.link_kind === "location" ? html`<span class="tag">Location</span>` : nothing}
      ${recordingDot(session)} ${watchCount(session)} ${troubleTag(session)}
      ${session.state === "ended" ? html`<span class="row-outcome">${session.outcome?.label ?? "no outcome yet"}</span>` : nothing}
    </span>
    ${marks.length === 0 ? nothing : markLine(desk, session.id)}
  </button>`;
}

function recordingDot(session: SessionSummary): TemplateResult | typeof nothing {
  const { state } = session.recording;
  if (state === "off") return nothing;
  return html`<span class="rec rec-${state}" title="Recording: ${state}">${state === "alarm" ? "REC !" : "REC"}</span>`;
}

function watchCount(session: SessionSummary): TemplateResult | typeof nothing {
  if (session.watchers.length === 0) return nothing;
  const names = session.watchers.map((watcher) => watcher.name).join(", ");
  return html`<span class="watch-count" title="Watching: ${names}">${icon("eye")}${session.watchers.length}</span>`;
}

/** What is wrong with a session that is on: nothing arrives, or the caller has left the page. */
function troubleTag(session: SessionSummary): TemplateResult | typeof nothing {
  const step: string | undefined = session.progress?.step;
  const words =
    session.stream?.state === "stalled" ? "no signal"
    : hasEnded(session) ? ""
    : step === "connection_lost" ? "page not heard"
    : step === "page_hidden" ? "page in background"
    : step === "camera_muted" ? "camera paused"
    : step === "camera_denied" ? "camera refused"
    : step === "location_denied" ? "location refused" : "";
  return words === "" ? nothing : html`<span class="tag tag-warning">${words}</span>`;
}

/** The newest thing that happened and was not looked at yet. */
function markLine(desk: Desk, sessionId: string): TemplateResult | typeof nothing {
  const newest = desk.state.marks[sessionId]?.at(-1);
  if (newest === undefined) return nothing;
  return html`<span class="row-mark mark-${newest.kind}" data-testid="mark">${signalPhrase(newest.kind)} <time>${clock(newest.at)}</time></span>`;
}

/** Up, down, Home and End move the focus through the rows. */
function moveByArrow(event: KeyboardEvent): void {
  const rows = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLButtonElement>(".row")];
  const index = rows.findIndex((row) => row === document.activeElement);
  const target = rovingTarget(event.key, index, rows.length);
  if (target === null) return;
  event.preventDefault();
  rows[target]?.focus();
}
