/** The left column: the force's sessions by state. */

import { html, nothing, type TemplateResult } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";

import type { SessionSummary } from "../../signalling/messages";
import type { Desk } from "../desk";
import { rovingTarget } from "../keyboard";
import { signalPhrase } from "../phrases";
import { isDegraded, isWithoutVideo, rungPhrase, rungWord } from "../rungs";
import { groupSessions, hasEnded, incidentName, isByOrder, isUrgent, linkKindWord, sharerName, sharerTitle } from "../select";
import type { SignalKind } from "../state";
import { clock } from "../times";
import { attentionLine } from "./attention";
import { icon } from "./icons";
import { sessionTime, sharerTag, stateChip, stateTone } from "./pieces";
import { sharedGroupView } from "./shared";

/** The list. Arrow keys move between its rows. */
export function sessionListView(desk: Desk): TemplateResult {
  const { me, sessions } = desk.state;
  const all = Object.values(sessions);
  const urgent = all.filter((session) => isUrgent(session, me.id));
  const rest = all.filter((session) => !urgent.includes(session) && (desk.local.listed === "all" || session.assigned_to.id === me.id));
  const { live, waiting, ended } = groupSessions(Object.fromEntries(rest.map((session) => [session.id, session])));
  const listed = [urgent, live, waiting, ended].flat();
  const tabStop = (listed.find((session) => session.id === desk.state.chosenId) ?? listed[0])?.id;
  return html`<nav class="sessions" id="sessions" tabindex="-1" aria-label="Sessions" @keydown=${moveByArrow}>
    ${filterView(desk)}
    ${sharedGroupView(desk)}
    ${urgent.length === 0 ? nothing : group({ desk, tabStop }, "Needs somebody", "urgent", urgent, "")}
    ${group({ desk, tabStop }, "Live", "live", live, "No live session")}
    ${group({ desk, tabStop }, "Waiting", "waiting", waiting, "Nobody is on the way")}
    ${group({ desk, tabStop }, "Ended", "ended", ended, "None in the last 12 hours")}
  </nav>`;
}

/** All sessions of the force, or those that are mine now. What needs somebody is shown either way. */
function filterView(desk: Desk): TemplateResult {
  const choice = (listed: "all" | "mine", label: string): TemplateResult => html`<button type="button"
    aria-pressed=${desk.local.listed === listed} data-testid="list-${listed}" @click=${() => desk.acts.local({ listed })}>${label}</button>`;
  return html`<div class="segments list-filter" role="group" aria-label="Whose sessions">${choice("all", "All")} ${choice("mine", "My sessions")}</div>`;
}

/** The page, and the row that Tab comes to. */
interface Listing {
  desk: Desk;
  tabStop: string | undefined;
}

function group(listing: Listing, title: string, name: string, sessions: SessionSummary[], none: string): TemplateResult {
  return html`<section class="group group-${name}" data-testid="group-${name}">
    <h2>${title}<span class="count">${sessions.length}</span></h2>
    ${sessions.length === 0 ? html`<p class="none">${none}</p>` : nothing}
    <ul>${repeat(sessions, (session) => session.id, (session) => html`<li>${row(listing, session)}</li>`)}</ul>
  </section>`;
}

function row({ desk, tabStop }: Listing, session: SessionSummary): TemplateResult {
  const isChosen = desk.state.chosenId === session.id;
  const marks = desk.state.marks[session.id] ?? [];
  return html`<button type="button" tabindex=${session.id === tabStop ? "0" : "-1"} class="row tone-${stateTone(session.state)} ${marks.length > 0 ? "is-marked" : ""}"
    data-testid="session-row" data-session-id=${session.id} data-state=${session.state}
    aria-current=${isChosen ? "true" : "false"} @click=${() => desk.acts.choose(session.id)}>
    <span class="row-top"><b>${incidentName(session)}</b><span class="row-time">${sessionTime(session, desk.now)}</span></span>
    <span class="row-type">${session.incident.type_label}${session.incident.description === "" ? "" : ` · ${session.incident.description}`}</span>
    <span class="row-facts">
      ${session.state === "live" || session.state === "ended" ? nothing : stateChip(session)}
      ${sharerTag(session)}
      <span class="row-phone" data-testid="row-sharer" title=${rowTitle(session)}>${sharerName(session)}</span>
      ${kindTags(session)}
      ${recordingDot(session)} ${watchCount(session)} ${rungTag(session)} ${troubleTag(session)} ${feedTag(desk, session)}
      ${session.state === "ended" ? html`<span class="row-outcome">${session.outcome?.label ?? "no outcome yet"}</span>` : nothing}
    </span>
    ${attentionLine(desk, session)} ${offerLine(desk, session)}
    ${marks.length === 0 ? nothing : markLine(desk, session.id)}
  </button>`;
}

function rowTitle(session: SessionSummary): string {
  return isByOrder(session) ? sharerTitle(session) : `${linkKindWord(session.link_kind)}, ${sharerName(session)}`;
}

/** What sets a session apart from the usual one. */
function kindTags(session: SessionSummary): TemplateResult[] {
  const tags: TemplateResult[] = [];
  if (session.link_kind === "location") tags.push(html`<span class="tag">Location</span>`);
  if (session.link_kind === "location_upload") tags.push(html`<span class="tag">Files</span>`);
  if (session.safe_mode) tags.push(html`<span class="tag tag-safe">Safe mode</span>`);
  return tags;
}

/** Who hands it to me, and why. */
function offerLine(desk: Desk, session: SessionSummary): TemplateResult | typeof nothing {
  const { handover } = session;
  if (handover?.to_id !== desk.state.me.id) return nothing;
  return html`<span class="row-offer" data-testid="handed-to-you"><b>Handed to you by ${handover.from_name}:</b> ${handover.reason}</span>`;
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

/** What of the picture gets through, where that is less than all of it. */
function rungTag(session: SessionSummary): TemplateResult | typeof nothing {
  if (!isDegraded(session) || session.rung === null) return nothing;
  return html`<span class="tag tag-warning" data-testid="row-rung" title=${rungPhrase(session.rung)}>${rungWord(session.rung.rung)}</span>`;
}

/** What is wrong with a session that is on: nothing arrives, or the caller has left the page. */
function troubleTag(session: SessionSummary): TemplateResult | typeof nothing {
  const step: string | undefined = session.progress?.step;
  const words =
    session.stream?.state === "stalled" && !isWithoutVideo(session) ? "no signal"
    : hasEnded(session) ? ""
    : step === "connection_lost" ? "page not heard"
    : step === "page_left" ? "left the page"
    : step === "page_hidden" ? "page in background"
    : step === "camera_muted" ? "camera paused"
    : step === "camera_denied" ? "camera refused"
    : step === "location_denied" ? "location refused" : "";
  return words === "" ? nothing : html`<span class="tag tag-warning">${words}</span>`;
}

/** A drone in the air whose picture cannot come in: why stands in the right column. */
function feedTag(desk: Desk, session: SessionSummary): TemplateResult | typeof nothing {
  const state = session.kind === "flight" && !hasEnded(session) && desk.state.isSynced ? desk.fleet.feedOf(session.id, desk.now)?.state : undefined;
  if (state !== "paused" && state !== "refused") return nothing;
  return html`<span class="tag tag-warning" data-testid="row-feed">${state === "refused" ? "feed refused" : "feed interrupted"}</span>`;
}

/** These stand in the row anyhow, for as long as they last. */
const SAID_ALREADY: readonly SignalKind[] = ["handed_over", "unattended", "escalated"];

/** The newest thing that happened and was not looked at yet. */
function markLine(desk: Desk, sessionId: string): TemplateResult | typeof nothing {
  const newest = desk.state.marks[sessionId]?.filter((mark) => !SAID_ALREADY.includes(mark.kind)).at(-1);
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
