/** What is asked of officers, as far as this page knows. Pure. */

import type { AskedServerMessage, AssignmentRefusal, AssignmentView, ConsoleServerMessage, ViewRefusal, ViewRequestView } from "../signalling/messages";

/** Everything that was asked and stands, or was over a while ago. */
export interface AskedState {
  assignments: Record<string, AssignmentView>;
  requests: Record<string, ViewRequestView>;
}

/** Before the first snapshot. */
export const NOTHING_ASKED: AskedState = { assignments: {}, requests: {} };

/** What a snapshot lists. */
export function takeAsked({ assignments, view_requests }: Extract<ConsoleServerMessage, { type: "console.snapshot" }>): AskedState {
  return { assignments: byId(assignments), requests: byId(view_requests) };
}

/** State after one message; the same object when that was older than what is known. */
export function reduceAsked(asked: AskedState, message: AskedServerMessage): AskedState {
  if (message.type === "assignment.changed") {
    const { assignment } = message;
    return isOlder(asked.assignments[assignment.id], assignment) ? asked : { ...asked, assignments: { ...asked.assignments, [assignment.id]: assignment } };
  }
  const { request } = message;
  return isOlder(asked.requests[request.id], request) ? asked : { ...asked, requests: { ...asked.requests, [request.id]: request } };
}

/** What an operator should read of the change: an officer does not go, or shows nothing. */
export function askedNews(before: AskedState, message: AskedServerMessage): { text: string; incidentId: string | null } | null {
  if (message.type === "assignment.changed") {
    const { id, state, officer, refusal, incident } = message.assignment;
    const isNews = state === "declined" && before.assignments[id]?.state === "asked";
    return isNews ? { text: `${officerName(officer)} does not go: ${refusalWord(refusal)}`, incidentId: incident.id } : null;
  }
  const { id, state, officer, refusal, incident } = message.request;
  if (before.requests[id]?.state !== "asked") return null;
  const incidentId = incident?.id ?? null;
  if (state === "declined") return { text: `${officerName(officer)} does not go live: ${refusalWord(refusal)}`, incidentId };
  return state === "expired" ? { text: `${officerName(officer)} did not answer the request to go live`, incidentId } : null;
}

/** What is open for an incident, the oldest first. */
export function assignmentsOf(asked: AskedState, incidentId: string): AssignmentView[] {
  const open = Object.values(asked.assignments).filter((one) => one.incident.id === incidentId && isOpen(one));
  return open.sort((a, b) => a.asked_at.localeCompare(b.asked_at));
}

/** The newest request to each officer for an incident, while it stands or the officer has just answered. */
export function requestsOf(asked: AskedState, incidentId: string): ViewRequestView[] {
  const mine = Object.values(asked.requests).filter((one) => one.incident?.id === incidentId);
  const newest = mine.filter((one) => !mine.some((other) => other.officer.id === one.officer.id && other.asked_at > one.asked_at));
  return newest.sort((a, b) => a.asked_at.localeCompare(b.asked_at));
}

/** Asked or accepted. */
export function isOpen({ state }: Pick<AssignmentView, "state">): boolean {
  return state === "asked" || state === "accepted";
}

/** As the control room calls an officer: by number and name. */
export function officerName({ number, name }: { number: string; name: string }): string {
  return number === "" ? name : `${number} ${name}`;
}

const REFUSALS: Record<AssignmentRefusal | ViewRefusal | "off_duty", string> = {
  committed: "committed elsewhere", too_far: "too far away", not_equipped: "without the skill or equipment", end_of_shift: "shift ends",
  not_safe: "not safe to use the phone", busy: "hands are needed", no_signal: "no signal", other: "other reason, by radio", off_duty: "went off duty",
};

/** Why an officer said no. */
export function refusalWord(refusal: keyof typeof REFUSALS | ""): string {
  return refusal === "" ? "" : REFUSALS[refusal];
}

function isOlder(known: { revision: number } | undefined, found: { revision: number }): boolean {
  return known !== undefined && found.revision < known.revision;
}

function byId<T extends { id: string }>(rows: readonly T[]): Record<string, T> {
  return Object.fromEntries(rows.map((row) => [row.id, row]));
}
