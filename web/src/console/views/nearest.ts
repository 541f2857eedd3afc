/** Officers for a session: who goes there and how far they are, who shows it, and who else is near. */

import { html, nothing, type TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";

import { distanceText } from "../../map/distance";
import type { AssignmentView, Nearest, NearOfficer, SessionSummary, ViewRequestView } from "../../signalling/messages";
import { assignmentsOf, officerName, refusalWord, requestsOf } from "../askedstate";
import type { Desk } from "../desk";
import { MOST_WORDS, type NearestLook } from "../nearestacts";
import { may } from "../state";
import { clock, counter, duration, secondsSince } from "../times";
import { failureLine, isBusy, panel } from "./pieces";

/** Skills that may be asked for, by code. */
const SKILLS: readonly (readonly [string, string])[] = [
  ["armed", "Armed"], ["taser", "Taser"], ["drone_pilot", "Drone pilot"], ["dog", "Dog"], ["scenes_of_crime", "Scenes of crime"],
  ["public_order", "Public order"], ["first_aid", "First aid"],
];
const STATUS_WORDS = { available: "available", en_route: "en route", at_scene: "at scene" } as const;
/** An age that is said as a warning: the officer may be anywhere by now. */
const OLD_S = 120;
/** An answer to a request is shown so long. */
const ANSWER_SHOWN_S = 300;

/** The part of the right column about officers. */
export function nearestView(desk: Desk, session: SessionSummary): TemplateResult | typeof nothing {
  if (!may(desk.state, "officer.locate")) return nothing;
  const look = desk.local.nearest?.sessionId === session.id ? desk.local.nearest : null;
  const isListed = look?.isListed === true;
  const button = html`<button type="button" class="button small" data-testid="nearest" aria-expanded=${isListed} ?disabled=${!desk.state.isSynced}
    @click=${() => (isListed ? desk.acts.closeNearest() : desk.acts.openNearest(session.id))}>${isListed ? "Close" : "Nearest officers"}</button>`;
  const assigned = assignmentsOf(desk.state.asked, session.incident.id);
  const requests = requestsOf(desk.state.asked, session.incident.id).filter((one) => isShown(one, desk.now));
  return panel("Officers", html`
    ${assigned.length === 0 && requests.length === 0 && !isListed ? html`<p class="quiet-text">Nobody was asked to go there.</p>` : nothing}
    ${listView("Who goes there", assigned.map((one) => assignedRow(desk, session, one, look?.found ?? null)))}
    ${listView("Asked to show", requests.map((one) => requestRow(desk, session, one)))}
    ${isListed ? skillsView(desk, session, look) : nothing}
    ${isListed || assigned.some((one) => one.state === "accepted") ? wordsView(desk, session, look) : nothing}
    ${isListed ? resultView(desk, session, look) : nothing}
    ${failureLine(desk, `asked:${session.id}`)} ${failureLine(desk, `nearest:${session.id}`)}
  `, { aside: button, name: "officers" });
}

function listView(name: string, rows: readonly TemplateResult[]): TemplateResult | typeof nothing {
  return rows.length === 0 ? nothing : html`<ul class="asked-officers" aria-label=${name}>${rows}</ul>`;
}

function assignedRow(desk: Desk, session: SessionSummary, one: AssignmentView, found: Nearest | null): TemplateResult {
  const near = found?.assigned.find((row) => row.id === one.officer.id) ?? null;
  const isAsked = one.state === "asked";
  return html`<li class="asked-row" data-testid="assigned" data-state=${one.state} data-status=${one.status ?? "off_duty"}>
    <div><b>${officerName(one.officer)}</b> <span class="chip chip-${isAsked ? "info" : "good"}" data-testid="assigned-state">${isAsked ? `asked ${counter(secondsSince(one.asked_at, desk.now) ?? 0)} ago` : statusWord(one)}</span></div>
    <p class="asked-facts" data-testid="assigned-distance">${near === null ? "Distance not known" : farView(desk, near)}</p>
    ${one.note === "" ? nothing : html`<p class="quiet-text">Told: ${one.note}</p>`}
    <div class="button-row">
      ${isAsked ? nothing : seeButton(desk, session, one.officer.id, near?.session_id ?? null)}
      ${may(desk.state, "officer.assign") ? html`<button type="button" class="button small danger-quiet" data-testid="assignment-end" ?disabled=${!desk.state.isSynced}
        @click=${() => desk.acts.endAssignment(session.id, one.id)}>${isAsked ? "Withdraw" : "Stand down"}</button>` : nothing}
    </div>
  </li>`;
}

function statusWord({ status }: AssignmentView): string {
  return status === null ? "off duty" : status === "available" ? "accepted, available" : STATUS_WORDS[status];
}

function requestRow(desk: Desk, session: SessionSummary, one: ViewRequestView): TemplateResult {
  const left = -(secondsSince(one.expires_at, desk.now) ?? 0);
  const { session_id: shown } = one;
  const words = {
    asked: left > 0 ? `asked to show it, ${counter(left)} left` : "did not answer", accepted: "goes live", declined: `does not go live: ${refusalWord(one.refusal)}`,
    withdrawn: "", expired: "did not answer the request to go live",
  };
  return html`<li class="asked-row" data-testid="view-request" data-state=${one.state}>
    <div><b>${officerName(one.officer)}</b> <span data-testid="view-state">${words[one.state]}</span></div>
    <div class="button-row">
      ${one.state === "asked" ? html`<button type="button" class="button small" data-testid="view-withdraw" ?disabled=${!desk.state.isSynced}
        @click=${() => desk.acts.withdrawView(session.id, one.id)}>Withdraw</button>` : nothing}
      ${one.state === "accepted" && shown !== null && shown !== session.id ? html`<button type="button" class="button small" data-testid="view-open"
        @click=${() => desk.acts.choose(shown)}>Open</button>` : nothing}
    </div>
  </li>`;
}

function isShown(one: ViewRequestView, now: number): boolean {
  if (one.state === "asked") return true;
  return one.state !== "withdrawn" && (secondsSince(one.closed_at, now) ?? 0) < ANSWER_SHOWN_S;
}

function skillsView(desk: Desk, session: SessionSummary, look: NearestLook): TemplateResult {
  return html`<fieldset class="asked-skills"><legend>Must have</legend>${SKILLS.map(([code, word]) => html`<label class="tick"><input type="checkbox"
      data-testid="skill-${code}" .checked=${live(look.skills.includes(code))}
      @change=${(event: Event) => desk.acts.chooseSkill(session.id, code, (event.target as HTMLInputElement).checked)} /> ${word}</label>`)}</fieldset>`;
}

/** What goes with whatever is asked. */
function wordsView(desk: Desk, session: SessionSummary, look: NearestLook | null): TemplateResult {
  return html`<label class="field"><span>Tell them <small>they read it; needed to ask to see</small></span>
      <input type="text" maxlength=${MOST_WORDS} autocomplete="off" data-testid="officer-words" .value=${live(look?.words ?? "")}
        @input=${(event: Event) => desk.acts.writeWords(session.id, (event.target as HTMLInputElement).value)} /></label>`;
}

function resultView(desk: Desk, session: SessionSummary, look: NearestLook): TemplateResult {
  if (look.found !== null) return foundView(desk, session, look.found);
  return html`<p class="quiet-text" role="status">${isBusy(desk, `nearest:${session.id}`) ? "Looking who is near" : ""}</p>`;
}

function foundView(desk: Desk, session: SessionSummary, found: Nearest): TemplateResult {
  if (found.place === null) return html`<p class="quiet-text" role="status" data-testid="nearest-none">It is not known yet where this is: nobody can be found near it.</p>`;
  const at = found.place.fixed_at;
  return html`<p class="quiet-text">Available officers, from the position of ${at === undefined ? "the map" : clock(at)}, as of ${clock(found.now)}</p>
    ${found.officers.length === 0 ? html`<p class="quiet-text" role="status" data-testid="nearest-none">Nobody available with these skills has sent a position in the last 15 minutes.</p>` : nothing}
    <ol class="asked-officers" aria-label="Nearest officers">${found.officers.map((one) => nearRow(desk, session, one))}</ol>`;
}

function nearRow(desk: Desk, session: SessionSummary, one: NearOfficer): TemplateResult {
  const facts = [one.role === "officer" ? "" : one.role === "pcso" ? "PCSO" : "Scenes of crime", one.team, ...one.skills, one.languages];
  return html`<li class="asked-row" data-testid="near-officer" data-id=${one.id}>
    <div><b>${officerName(one)}</b></div>
    <p class="asked-facts" data-testid="near-distance">${farView(desk, one)}</p>
    <p class="quiet-text">${facts.filter((fact) => fact !== "").join(", ")}</p>
    <div class="button-row">
      ${may(desk.state, "officer.assign") ? html`<button type="button" class="button small primary" data-testid="assign" ?disabled=${!desk.state.isSynced}
        aria-label="Assign ${officerName(one)}" @click=${() => desk.acts.assign(session.id, one.id)}>Assign</button>` : nothing}
      ${seeButton(desk, session, one.id, one.session_id)}
    </div>
  </li>`;
}

/** Asks to see, or opens what is to be seen already. */
function seeButton(desk: Desk, session: SessionSummary, officerId: string, shownId: string | null): TemplateResult | typeof nothing {
  if (shownId !== null) return html`<button type="button" class="button small" data-testid="see-live" @click=${() => desk.acts.choose(shownId)}>Is live: open</button>`;
  if (!may(desk.state, "officer.assign")) return nothing;
  const isAsked = Object.values(desk.state.asked.requests).some((one) => one.officer.id === officerId && one.state === "asked");
  const words = desk.local.nearest?.sessionId === session.id ? desk.local.nearest.words.trim() : "";
  return html`<button type="button" class="button small" data-testid="ask-to-see" ?disabled=${!desk.state.isSynced || isAsked || words === ""}
    title=${words === "" ? "Write first why, so that the officer reads it" : "Ask the officer to go live"}
    @click=${() => desk.acts.askToSee(session.id, officerId)}>Ask to see</button>`;
}

/** "1.2 km, 12 s ago, ±12 m": counted from the fix, so that it ages on the screen. */
function farView(desk: Desk, { distance_m, fix }: NearOfficer): TemplateResult {
  if (fix === null || distance_m === null) return html`Distance not known`;
  const age = Math.max(0, secondsSince(fix.fixed_at, desk.now) ?? 0);
  return html`<b>${distanceText(distance_m)}</b>, <span class=${age > OLD_S ? "warning-text" : ""}>${duration(age)} ago</span>, ±${Math.max(1, Math.round(fix.accuracy_m))} m`;
}
