/** What the control room asks of the officer: cards over the status, the most pressing first. */

import { html, nothing, type TemplateResult } from "lit-html";

import { clock, counter, duration, secondsSince } from "../console/times";
import { distanceText, metresBetween } from "../map/distance";
import { formatGridReference } from "../map/grid";
import type { AssignmentRefusal, Goer, IncidentName, OwnAssignment, OwnViewRequest, ViewRefusal } from "../signalling/messages";
import type { Asked } from "./asked";
import { STATUS_WORDS } from "./words";

/** Why an officer does not go, in the order in which it is tapped. */
const NO_ASSIGNMENT: readonly (readonly [AssignmentRefusal, string])[] = [
  ["committed", "Committed elsewhere"], ["too_far", "Too far away"], ["not_equipped", "No skill or equipment"],
  ["end_of_shift", "Shift ends"], ["other", "Other, by radio"],
];
const NO_VIEW: readonly (readonly [ViewRefusal, string])[] = [
  ["not_safe", "Not safe to use the phone"], ["busy", "Hands are needed"], ["no_signal", "No signal"], ["other", "Other, by radio"],
];

/** Who asks to see, then where to go, then where the officer goes already. */
export function askedView(asked: Asked): TemplateResult | typeof nothing {
  const { server } = asked.page;
  if (server === null) return nothing;
  const open = server.assignments.filter((one) => one.state === "asked");
  const accepted = server.assignments.filter((one) => one.state === "accepted").sort((a, b) => Number(b.is_current) - Number(a.is_current));
  return html`${requestView(asked)} ${open.map((one) => askedCard(asked, one))} ${accepted.map((one) => acceptedCard(asked, one))}`;
}

/** While live only what waits for an answer, one at a time and in few lines: picture and STOP stay in sight. */
export function askedLiveView(asked: Asked): TemplateResult | typeof nothing {
  const first = asked.page.server?.assignments.filter((one) => one.state === "asked").at(-1);
  return first === undefined ? nothing : html`<div class="asked-live">${askedCard(asked, first)}</div>`;
}

function requestView(asked: Asked): TemplateResult | typeof nothing {
  const { page } = asked;
  const request = page.server?.view_request ?? null;
  const left = request === null ? null : secondsLeft(request, asked.now());
  if (request === null || left === null || left <= 0) return nothing;
  if (asked.refusing?.kind === "view" && asked.refusing.id === request.id) {
    return reasonsCard(asked, "Not now, because", NO_VIEW, (reason) => asked.notNow(request.id, reason));
  }
  const isOff = page.line !== "open" || page.isStarting || asked.answering === request.id;
  return html`<section class="card is-asking" data-testid="view-request" role="alert" aria-label="The control room asks to see">
    <h2>Control room asks to see</h2>
    <p class="card-why">${request.reason}</p>
    <p class="card-facts">${request.asked_by_name}${request.incident === null ? "" : html`, for <b>${incidentName(request.incident)}</b>`}, ${counter(left)} left</p>
    <div class="card-acts">
      <button type="button" class="act go" data-testid="view-accept" ?disabled=${isOff} @click=${() => asked.show(request.id)}>${page.isStarting ? "Going live…" : "Go live now"}</button>
      <button type="button" class="act" data-testid="view-decline" ?disabled=${isOff} @click=${() => asked.refuse({ kind: "view", id: request.id })}>Not now</button>
    </div>
  </section>`;
}

function askedCard(asked: Asked, one: OwnAssignment): TemplateResult {
  const { page } = asked;
  if (asked.refusing?.kind === "assignment" && asked.refusing.id === one.id) {
    return reasonsCard(asked, "I do not go, because", NO_ASSIGNMENT, (reason) => asked.decline(one.id, reason));
  }
  const isOff = page.line !== "open" || asked.answering === one.id;
  return html`<section class="card is-asking" data-testid="assignment" data-state="asked" role="alert" aria-label="You are asked to go">
    <h2>You are asked to go</h2>
    ${factsView(asked, one)}
    <div class="card-acts">
      <button type="button" class="act go" data-testid="assignment-accept" ?disabled=${isOff} @click=${() => asked.accept(one.id)}>Accept</button>
      <button type="button" class="act" data-testid="assignment-decline" ?disabled=${isOff} @click=${() => asked.refuse({ kind: "assignment", id: one.id })}>Decline</button>
    </div>
  </section>`;
}

function acceptedCard(asked: Asked, one: OwnAssignment): TemplateResult {
  const { page } = asked;
  const isOff = page.line !== "open" || page.isStarting || asked.answering === one.id;
  const isLive = page.server?.live != null;
  return html`<section class="card" data-testid="assignment" data-state="accepted" aria-label="You go there">
    <h2>${one.is_current ? "You go to" : "You also accepted"}</h2>
    ${factsView(asked, one)} ${colleaguesView(asked, one)}
    <div class="card-acts is-many">
      ${page.server?.shift?.status === "at_scene" ? nothing : html`<button type="button" class="act" data-testid="assignment-arrived" ?disabled=${isOff} @click=${() => asked.arrived()}>At scene</button>`}
      ${isLive ? nothing : html`<button type="button" class="act" data-testid="assignment-live" ?disabled=${isOff}
        aria-label="Go live for ${incidentName(one.incident)}" @click=${() => asked.goLive(one.incident.id)}>Go live</button>`}
      <button type="button" class="act" data-testid="assignment-done" ?disabled=${isOff} @click=${() => asked.done(one.id)}>Done</button>
    </div>
  </section>`;
}

/** Which incident, what the operator wrote, and where that is. */
function factsView(asked: Asked, one: OwnAssignment): TemplateResult {
  return html`<p class="card-incident"><b data-testid="assignment-reference">${incidentName(one.incident)}</b> ${one.incident.type_label}</p>
    ${one.note === "" ? nothing : html`<p class="card-why" data-testid="assignment-note">${one.note}</p>`}
    <p class="card-place" data-testid="assignment-place">${placeText(one, asked.now())}</p>
    <p class="card-facts">Asked by ${one.asked_by_name}, ${clock(one.asked_at)}</p>`;
}

/** The place with its age, and how far it was: never finer, nor newer, than it is known. */
export function placeText({ place, distance_m, distance_at }: OwnAssignment, now: number): string {
  if (place === null) return "Place not known yet";
  const grid = place.grid_reference === null ? `${place.latitude.toFixed(5)}, ${place.longitude.toFixed(5)}` : formatGridReference(place.grid_reference);
  const where = `${grid}, ±${Math.max(1, Math.round(place.accuracy_m))} m, ${duration(secondsSince(place.fixed_at, now) ?? 0)} ago`;
  return distance_m === null ? `${where}. Distance not known` : `${where}. ${distanceText(distance_m)} from you at ${clock(distance_at)}`;
}

function colleaguesView(asked: Asked, one: OwnAssignment): TemplateResult | typeof nothing {
  if (one.colleagues.length === 0) return nothing;
  return html`<ul class="goers" aria-label="Who goes there, too">${one.colleagues.map((goer) => html`<li data-testid="goer">${goerText(goer, one, asked.now())}</li>`)}</ul>`;
}

/** "77 Tom Yusuf, en route, 400 m from there 20 s ago". */
export function goerText({ name, number, status, fix }: Goer, { place }: Pick<OwnAssignment, "place">, now: number): string {
  const who = `${number === "" ? name : `${number} ${name}`}, ${STATUS_WORDS[status].toLowerCase()}`;
  if (fix === null) return `${who}, position not known`;
  const age = `${duration(secondsSince(fix.fixed_at, now) ?? 0)} ago`;
  return place === null ? `${who}, position ${age}` : `${who}, ${distanceText(metresBetween(fix, place))} from there ${age}`;
}

function reasonsCard<T extends string>(
  asked: Asked, title: string, reasons: readonly (readonly [T, string])[], choose: (reason: T) => void,
): TemplateResult {
  return html`<section class="card is-asking" data-testid="reasons" aria-label=${title}>
    <h2>${title}</h2>
    <div class="card-reasons">
      ${reasons.map(([code, words]) => html`<button type="button" class="act" data-testid="reason-${code}" @click=${() => choose(code)}>${words}</button>`)}
      <button type="button" class="act back" @click=${() => asked.refuse(null)}>Back</button>
    </div>
  </section>`;
}

/** As it is said on the radio. */
function incidentName({ reference, external_reference }: IncidentName): string {
  return external_reference === "" ? reference : external_reference;
}

function secondsLeft({ expires_at }: OwnViewRequest, now: number): number {
  return -(secondsSince(expires_at, now) ?? 0);
}
