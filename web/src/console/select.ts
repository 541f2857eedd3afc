/** Questions about the state: what is listed where, in which order, by which name. Pure. */

import type { Fix, LinkKind, Scope, SessionState, SessionSummary } from "../signalling/messages";
import type { Signal } from "./signals";
import type { SoundSetting } from "./sound";
import { may, type ConsoleState, type SessionDetails, type SignalKind } from "./state";

/** The three parts of the list of sessions. */
export interface SessionGroups {
  live: SessionSummary[];
  waiting: SessionSummary[];
  ended: SessionSummary[];
}

const STATE_WORDS: Record<SessionState, string> = {
  draft: "Not sent",
  invited: "Link sent",
  opened: "Link opened",
  consented: "Consented",
  live: "Live",
  ended: "Ended",
  expired: "Link expired",
};

/** A state in words. */
export function stateWord(state: SessionState): string {
  return STATE_WORDS[state];
}

/** How a session stands, in words: a message that did not arrive is no link that was sent. */
export function standingWord(session: Pick<SessionSummary, "state" | "invitation">): string {
  if (session.state !== "invited") return stateWord(session.state);
  const way = session.invitation?.state;
  if (way === "failed") return "Not delivered";
  return way === "queued" || way === "sending" ? "Sending" : stateWord(session.state);
}

/** Whether the message with the link has failed and nobody has come in all the same. */
export function hasFailedToSend(session: Pick<SessionSummary, "state" | "invitation">): boolean {
  return session.state === "invited" && session.invitation?.state === "failed";
}

/** Who shares in a session, in a word. */
export function sharerWord({ kind }: Pick<SessionSummary, "kind">): "caller" | "officer" | "drone" | "call" {
  if (kind === "consultation") return "call";
  return kind === "flight" ? "drone" : kind;
}

/** Who shares in it, as the control room calls them: an officer by number and name, a drone by its aircraft, a caller by the last digits. */
export function sharerName({ officer, source, phone_number_masked }: Pick<SessionSummary, "officer" | "source" | "phone_number_masked">): string {
  if (source !== null) return source.name;
  return officer === null ? phone_number_masked : [officer.number, officer.name].filter((part) => part !== "").join(" ");
}

/** The same after the word for it: "Officer 1234 Tom Ashby". */
export function sharerTitle(session: SessionSummary): string {
  const word = sharerWord(session);
  return `${word.charAt(0).toUpperCase()}${word.slice(1)} ${sharerName(session)}`;
}

/** Whether there is no caller's link and consent: it is filmed by order, or a call, whose people have links of their own. */
export function isByOrder({ kind }: Pick<SessionSummary, "kind">): boolean {
  return kind !== "caller";
}

/** Whether a session's standing covers this: what the caller agreed to; officers and drones stream by order. */
export function covers(session: Pick<SessionSummary, "kind" | "consent">, scope: Scope): boolean {
  const { consent } = session;
  return isByOrder(session) || (consent?.withdrawn_at === null && consent.scopes.includes(scope));
}

/** The session's state in words: nobody consents to an officer's, or a drone's. */
export function sessionWord(session: SessionSummary): string {
  const { kind, state } = session;
  if (kind === "flight" && state === "draft") return "Planned";
  if (kind === "flight" && state === "consented") return "In the air";
  return kind === "officer" && state === "consented" ? "Going live" : standingWord(session);
}

/** A kind of link in words. */
export function linkKindWord(kind: LinkKind): string {
  const words = { location: "Location only", location_video: "Location and live video", location_upload: "Location, photos and videos" };
  return words[kind];
}

/** Sessions by part: live and waiting oldest first (they keep their place), ended newest first. */
export function groupSessions(sessions: ConsoleState["sessions"]): SessionGroups {
  const all = Object.values(sessions);
  const part = (states: readonly SessionState[]): SessionSummary[] => all.filter((one) => states.includes(one.state));
  return {
    live: part(["live"]).sort(by((one) => one.live_at ?? one.created_at)),
    waiting: part(["draft", "invited", "opened", "consented"]).sort(by((one) => one.created_at)),
    ended: part(["ended", "expired"]).sort(by((one) => one.ended_at ?? one.created_at)).reverse(),
  };
}

/** All sessions in the order of the list, for the arrow keys. */
export function listedIds(sessions: ConsoleState["sessions"]): string[] {
  const { live, waiting, ended } = groupSessions(sessions);
  return [...live, ...waiting, ...ended].map((one) => one.id);
}

/** The chosen session, if there is one. */
export function chosenSession(state: ConsoleState): SessionSummary | null {
  return state.chosenId === null ? null : (state.sessions[state.chosenId] ?? null);
}

/** Whether the map stands beside one session, or beside what another force shares: not beside the wall, or nothing. */
export function isOnOne({ mode, chosenId, shared }: Pick<ConsoleState, "mode" | "chosenId" | "shared">): boolean {
  return mode === "session" && (chosenId !== null || shared.chosenId !== null);
}

/** Details of the chosen session, once they arrived. */
export function chosenDetails(state: ConsoleState): SessionDetails | null {
  return state.chosenId === null ? null : (state.details[state.chosenId] ?? null);
}

/** Whether a session stands at the top: it is offered to me, or nobody looks after it. */
export function isUrgent(session: SessionSummary, myId: string): boolean {
  return !hasEnded(session) && (session.attention !== null || session.handover?.to_id === myId);
}

/** Sessions that wait for a supervisor, the longest first; none for who is not one. */
export function escalatedSessions(state: ConsoleState): SessionSummary[] {
  if (!may(state, "session.reassign")) return [];
  const found = Object.values(state.sessions).filter((one) => one.attention?.state === "escalated" && !hasEnded(one));
  return found.sort(by((one) => one.attention?.since ?? ""));
}

/** Whether a session's picture is blurred: until it is asked for, and when it was too much. */
export function isBlurred(state: ConsoleState, sessionId: string): boolean {
  return !(state.pictureChoices[sessionId] ?? !state.preferences.blursNew);
}

/** Whether a session is over. */
export function hasEnded(session: Pick<SessionSummary, "state">): boolean {
  return session.state === "ended" || session.state === "expired";
}

/** Sessions whose picture can be watched now. */
export function watchableSessions(state: Pick<ConsoleState, "sessions">): SessionSummary[] {
  return groupSessions(state.sessions).live.filter((one) => one.stream !== null && one.stream.state !== "ended");
}

const ALWAYS_HEARD: readonly SignalKind[] = ["alarm", "escalated", "handed_over", "unattended", "officer_message"];

/** The signals that a sound setting lets through. With "mine", what concerns everybody or me is heard, too. */
export function hearable(signals: readonly Signal[], state: ConsoleState, setting: SoundSetting): Signal[] {
  if (setting === "off") return [];
  if (setting === "all") return [...signals];
  return signals.filter(({ sessionId, kind }) => {
    const isMine = state.sessions[sessionId]?.assigned_to.id === state.me.id || state.chosenId === sessionId;
    return isMine || ALWAYS_HEARD.includes(kind);
  });
}

/** Sessions with a position, with ended ones only if chosen. */
export function placedSessions(state: ConsoleState): { session: SessionSummary; fix: Fix }[] {
  return Object.values(state.sessions).flatMap((session) => {
    if (session.last_position === null) return [];
    return hasEnded(session) && session.id !== state.chosenId ? [] : [{ session, fix: session.last_position }];
  });
}

/** Others than me who watch a session, each once. */
export function otherWatchers(session: SessionSummary, myName: string): string[] {
  return [...new Set(session.watchers.map((watcher) => watcher.name))].filter((name) => name !== myName);
}

/** The force's own reference if there is one, else ours: what people on the radio say. */
export function incidentName(session: SessionSummary): string {
  return session.incident.external_reference === "" ? session.incident.reference : session.incident.external_reference;
}

/** The same where there is little room: our own reference without the force's letters, which all of them have. */
export function shortName(session: SessionSummary): string {
  return incidentName(session).replace(/^[A-Z]+-(?=\d{4}-\d+$)/, "");
}

function by(key: (session: SessionSummary) => string): (a: SessionSummary, b: SessionSummary) => number {
  return (a, b) => key(a).localeCompare(key(b)) || a.id.localeCompare(b.id);
}
