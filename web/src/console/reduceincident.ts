/** The incident that is shown, in the console's state. Pure. */

import type { AssignmentView, ConsoleServerMessage, IncidentMsg, IncidentPage } from "../signalling/messages";
import { freshIncident, shownIncident, withEntries, type IncidentAction, type IncidentState } from "./incidentstate";
import { marked } from "./marks";
import type { ConsoleState, Mark } from "./state";

type Wire<T extends ConsoleServerMessage["type"]> = Extract<ConsoleServerMessage, { type: T }>;

/** State after an operator's act, or an answer that was fetched. */
export function reduceIncident(state: ConsoleState, action: IncidentAction): ConsoleState {
  const { incident } = state;
  switch (action.type) {
    case "incident.choose":
      return choose(state, action.incidentId);
    case "incident.draft":
      return put(state, { draft: action.text });
    case "incident.sent":
      return put(state, { draft: "", pending: [...withoutLine(incident, action.clientId), { clientId: action.clientId, text: action.text, failure: null }] });
    case "incident.failed":
      return put(state, { pending: incident.pending.map((line) => (line.clientId === action.clientId ? { ...line, failure: action.reason } : line)) });
    case "incident.group":
      return put(state, { timeline: { ...freshIncident("").timeline, group: action.group } });
    case "incident.timeline":
      if (action.incidentId !== incident.chosenId || action.group !== incident.timeline.group) return state;
      return put(state, { timeline: withEntries(incident.timeline, action) });
    case "incident.timeline.failed":
      return put(state, { timeline: { ...incident.timeline, failure: action.reason } });
    case "incident.fetched":
      return withPage(state, action.page);
  }
}

type Following = { [T in ConsoleServerMessage["type"]]?: (state: ConsoleState, message: Wire<T>, at: number) => ConsoleState };

/** What each frame means for the incident that is shown; others mean nothing for it. */
const FOLLOWING: Following = {
  "incident.snapshot": (state, message) => changed(withPage(state, message), message.incident.id),
  "incident.message": (state, { message }) => withMessage(state, message),
  "incident.changed": (state, message) => withIncident(state, message),
  "incident.said": (state, message, at) => withNews(state, message, at),
  "session.changed": (state, { session }) => changed(state, session.incident.id),
  "item.changed": (state, message) => changed(state, incidentOf(state, message.session_id), true),
  "still.taken": (state, message) => changed(state, incidentOf(state, message.session_id), true),
  "upload.changed": (state, { session_id, upload }) => (upload.state === "arriving" ? state : changed(state, incidentOf(state, session_id), true)),
  "alarm.raised": (state, message) => changed(state, incidentOf(state, message.session_id)),
  "assignment.changed": (state, { assignment }) => withGoing(state, assignment),
  "view.changed": (state, { request }) => changed(state, request.incident?.id ?? null),
  "watch.ended": (state, { session_id }) => (session_id === null ? state : changed(state, incidentOf(state, session_id))),
};

/** State after a frame of the server that has been taken in already: what it means for the incident that is shown. */
export function followIncident(state: ConsoleState, message: ConsoleServerMessage, at: number): ConsoleState {
  const follow = FOLLOWING[message.type] as ((state: ConsoleState, message: ConsoleServerMessage, at: number) => ConsoleState) | undefined;
  return follow === undefined ? state : follow(state, message, at);
}

/** Shows an incident; what officers wrote in it has been seen by that. */
function choose(state: ConsoleState, incidentId: string): ConsoleState {
  const incident = state.incident.chosenId === incidentId ? state.incident : freshIncident(incidentId);
  const entries = Object.entries(state.marks).map(([sessionId, marks]): [string, Mark[]] => {
    const isOfIt = state.sessions[sessionId]?.incident.id === incidentId;
    return [sessionId, isOfIt ? marks.filter((mark) => mark.kind !== "officer_message") : marks];
  });
  const marks = Object.fromEntries(entries.filter(([, kept]) => kept.length > 0));
  return { ...state, mode: "incident", incident, marks, isFollowing: true };
}

function withPage(state: ConsoleState, { incident, sessions, officers, messages, items, uploads }: IncidentPage): ConsoleState {
  if (incident.id !== state.incident.chosenId) return state;
  const known = state.incident.page?.messages ?? [];
  const page: IncidentPage = { incident, sessions, officers, messages: inOrder([...known, ...messages]), items, uploads };
  const arrived = new Set(messages.filter((line) => line.sender_id === state.me.id).map((line) => line.client_id));
  return put(state, { page, pending: state.incident.pending.filter((line) => !arrived.has(line.clientId)) });
}

/** A line that arrived, in the order of the times: two may overtake each other on their way. */
function withMessage(state: ConsoleState, message: IncidentMsg): ConsoleState {
  const { page } = state.incident;
  if (page?.incident.id !== message.incident_id) return state;
  const pending = message.sender_id === state.me.id ? withoutLine(state.incident, message.client_id) : state.incident.pending;
  const next = put(state, { page: { ...page, messages: inOrder([...page.messages, message]) }, pending });
  return changed(next, message.incident_id);
}

function withIncident(state: ConsoleState, { incident }: Wire<"incident.changed">): ConsoleState {
  const { page } = state.incident;
  if (page?.incident.id !== incident.id) return state;
  return changed(put(state, { page: { ...page, incident } }), incident.id);
}

/** An officer goes there, or no longer: who is live in it is on it by that session. */
function withGoing(state: ConsoleState, { id, revision, incident, officer, state: stands }: AssignmentView): ConsoleState {
  const { page } = state.incident;
  const isOld = (state.asked.assignments[id]?.revision ?? 0) > revision;
  if (page?.incident.id !== incident.id || isOld) return state;
  const others = page.officers.filter((one) => one.id !== officer.id || one.session_id !== null);
  const isKnown = others.some((one) => one.id === officer.id);
  const officers = stands === "accepted" && !isKnown ? [...others, { ...officer, session_id: null }] : others;
  return changed(put(state, { page: { ...page, officers } }), incident.id);
}

/** An officer wrote in an incident that is not on the screen: that is marked on the officer's session. */
function withNews(state: ConsoleState, message: Wire<"incident.said">, at: number): ConsoleState {
  if (shownIncident(state) === message.incident_id) return state;
  if (message.session_id !== null && message.session_id in state.sessions) {
    return { ...state, marks: marked(state, message.session_id, ["officer_message"], at) };
  }
  const text = `${message.reference}: ${message.sender_name} wrote to the incident`;
  const notice = { id: state.noticeCount, tone: "info" as const, text, sessionId: null, at: at + state.clockOffset };
  return { ...state, notices: [...state.notices, notice].slice(-6), noticeCount: state.noticeCount + 1 };
}

/** Something of an incident has changed: what was fetched of it is old. */
function changed(state: ConsoleState, incidentId: string | null, isItem = false): ConsoleState {
  const { incident } = state;
  if (incidentId === null || incidentId !== incident.chosenId) return state;
  return put(state, { changes: incident.changes + 1, itemChanges: incident.itemChanges + (isItem ? 1 : 0) });
}

function incidentOf(state: ConsoleState, sessionId: string): string | null {
  const known = state.sessions[sessionId] ?? state.incident.page?.sessions.find((one) => one.id === sessionId);
  return known?.incident.id ?? null;
}

function inOrder(messages: readonly IncidentMsg[]): IncidentMsg[] {
  const each = new Map(messages.map((message) => [message.id, message]));
  return [...each.values()].sort((a, b) => a.sent_at.localeCompare(b.sent_at) || a.id.localeCompare(b.id));
}

function withoutLine(incident: IncidentState, clientId: string): IncidentState["pending"] {
  return incident.pending.filter((line) => line.clientId !== clientId);
}

function put(state: ConsoleState, change: Partial<IncidentState>): ConsoleState {
  return { ...state, incident: { ...state.incident, ...change } };
}
