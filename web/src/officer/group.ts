/** The group text on the officer's page: what was said to all on the incident, and what is on its way from here. Pure. */

import type { Group, IncidentMsg, IncidentSay, OfficerState } from "../signalling/messages";

/** A line that was tapped or typed here and has not come back; `failure` is why it was refused. */
export interface Saying {
  incidentId: string;
  clientId: string;
  text: string;
  failure: string | null;
}

/** Answers of one tap, the most frequent first. */
export const ANSWERS = ["Received", "Arrived", "Need more units"] as const;

/** The group text of an incident that the officer is on; without an id that which the server names first: of the own session. */
export function groupOf(server: OfficerState | null, incidentId: string | null = null): Group | null {
  const groups = server?.groups ?? [];
  return (incidentId === null ? groups[0] : groups.find(({ incident }) => incident.id === incidentId)) ?? null;
}

/** What officers call an incident: the force's own reference, where there is one. */
export function nameOf({ incident }: Group): string {
  return incident.external_reference === "" ? incident.reference : incident.external_reference;
}

/** The state with a line that arrived, in the order of the times; of an incident that the officer is not on it is none. */
export function withLine(server: OfficerState, line: IncidentMsg): OfficerState {
  const groups = server.groups.map((group) => {
    if (group.incident.id !== line.incident_id) return group;
    const others = group.messages.filter((known) => known.id !== line.id);
    return { ...group, messages: [...others, line].sort((a, b) => a.sent_at.localeCompare(b.sent_at)) };
  });
  return { ...server, groups };
}

/** What is on its way still: without what has come back. */
export function withoutArrived(sayings: readonly Saying[], server: OfficerState): Saying[] {
  const mine = new Set(server.groups.flatMap(({ messages }) => messages).filter((line) => line.sender_id === server.me.id).map((line) => line.client_id));
  return sayings.filter((saying) => !mine.has(saying.clientId));
}

/** A line as it goes over the wire; its ref leads an answer back to it. */
export function frameOf({ incidentId, clientId, text }: Saying): IncidentSay & { ref: string } {
  return { type: "incident.say", incident_id: incidentId, client_id: clientId, text, ref: SAY_REF + clientId };
}

/** Before the id of a line, in refs. */
export const SAY_REF = "say:";

/** The lines with one that was refused marked so. */
export function withFailure(sayings: readonly Saying[], ref: string, failure: string): Saying[] {
  return sayings.map((saying) => (SAY_REF + saying.clientId === ref ? { ...saying, failure } : saying));
}

/** The newest line that somebody else wrote and that was not answered since; null: nothing waits. */
export function unanswered(group: Group, myId: string): IncidentMsg | null {
  const newest = group.messages.at(-1);
  return newest === undefined || newest.sender_id === myId ? null : newest;
}

/** Who wrote it, as an officer reads it. */
export function writer(line: IncidentMsg, myId: string): string {
  if (line.sender_id === myId) return "You";
  return line.sender === "control" ? `Control room, ${line.sender_name}` : line.sender_name;
}

/** An id of a line of this page's own. */
export function newClientId(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
