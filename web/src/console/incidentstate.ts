/** The incident that is shown whole: what is known of it, what is being written, and its time line. Pure. */

import type { IncidentPage, SessionSummary, TimelineEntry } from "../signalling/messages";
import { placedSessions, watchableSessions } from "./select";
import type { ConsoleState } from "./state";
import { wallPage, type WallPage } from "./wallplaces";

/** A line of the group text on its way; `failure` is why it did not go. */
export interface PendingLine {
  clientId: string;
  text: string;
  failure: string | null;
}

/** What happened, newest first, as far as it was fetched. */
export interface Timeline {
  entries: readonly TimelineEntry[];
  /** Where the earlier ones begin; null when there are none. */
  next: string | null;
  /** Name of the group that is shown; "" for all. */
  group: string;
  isLoaded: boolean;
  /** Why it could not be fetched last. */
  failure: string | null;
}

export interface IncidentState {
  /** Shown in the mode "incident", and kept while another is on. */
  chosenId: string | null;
  /** null until it was opened. Its sessions may be older than those of the list. */
  page: IncidentPage | null;
  pending: readonly PendingLine[];
  draft: string;
  timeline: Timeline;
  /** Rises with what may have changed the time line. */
  changes: number;
  /** Rises with what may have changed the items. */
  itemChanges: number;
}

const NO_TIMELINE: Timeline = { entries: [], next: null, group: "", isLoaded: false, failure: null };

/** Before any was opened. */
export const NO_INCIDENT: IncidentState = {
  chosenId: null, page: null, pending: [], draft: "", timeline: NO_TIMELINE, changes: 0, itemChanges: 0,
};

/** Everything that an operator, or the page's own fetching, changes of it. */
export type IncidentAction =
  | { type: "incident.choose"; incidentId: string }
  | { type: "incident.draft"; text: string }
  | { type: "incident.sent"; clientId: string; text: string }
  | { type: "incident.failed"; clientId: string; reason: string }
  | { type: "incident.group"; group: string }
  | { type: "incident.timeline"; incidentId: string; group: string; entries: readonly TimelineEntry[]; next: string | null; isEarlier: boolean }
  | { type: "incident.timeline.failed"; reason: string }
  | { type: "incident.fetched"; page: IncidentPage };

/** The incident that is on the screen, or null. */
export function shownIncident({ mode, incident }: Pick<ConsoleState, "mode" | "incident">): string | null {
  return mode === "incident" ? incident.chosenId : null;
}

/** The sessions that have a mark on the map: all that have a place, beside a whole incident those of it only. */
export function mappedSessions(state: ConsoleState): ReturnType<typeof placedSessions> {
  const only = shownIncident(state);
  return placedSessions(state).filter(({ session }) => only === null || session.incident.id === only);
}

/** The sessions of the incident that is shown, newest first: those of the list, which is newer, and older ones. */
export function incidentSessions({ sessions, incident }: Pick<ConsoleState, "sessions" | "incident">): SessionSummary[] {
  const listed = Object.values(sessions).filter((session) => session.incident.id === incident.chosenId);
  const older = (incident.page?.sessions ?? []).filter((session) => !(session.id in sessions));
  return [...listed, ...older].sort((a, b) => b.created_at.localeCompare(a.created_at) || a.id.localeCompare(b.id));
}

/** A session of it, from wherever it is known. */
export function incidentSession(state: ConsoleState, sessionId: string | null): SessionSummary | null {
  if (sessionId === null) return null;
  return state.sessions[sessionId] ?? state.incident.page?.sessions.find((one) => one.id === sessionId) ?? null;
}

/** Its live pictures: as many as a wall has, those of the same place first. */
export function incidentPictures(state: ConsoleState): WallPage {
  const mine = Object.fromEntries(incidentSessions(state).map((session) => [session.id, session]));
  return wallPage(mine, { ...state.preferences.wall, places: 9, page: 0, rule: "newest" }, state.me.name);
}

/** How many live pictures an incident has. */
export function incidentLiveCount(state: ConsoleState): number {
  return watchableSessions({ sessions: Object.fromEntries(incidentSessions(state).map((one) => [one.id, one])) }).length;
}

/** An empty page of another incident; what was written for the one before is gone with it. */
export function freshIncident(incidentId: string): IncidentState {
  return { ...NO_INCIDENT, chosenId: incidentId };
}

/** A time line with what was fetched: the newest page replaces what it covers, an earlier one stands behind it. */
export function withEntries(
  timeline: Timeline, found: { entries: readonly TimelineEntry[]; next: string | null; isEarlier: boolean },
): Timeline {
  const common = { ...timeline, isLoaded: true, failure: null };
  if (found.isEarlier) {
    const known = new Set(timeline.entries.map((entry) => entry.id));
    return { ...common, entries: [...timeline.entries, ...found.entries.filter((entry) => !known.has(entry.id))], next: found.next };
  }
  const oldest = found.entries.at(-1)?.at;
  const covered = new Set(found.entries.map((entry) => entry.id));
  const older = found.next === null || oldest === undefined ? [] : timeline.entries.filter((entry) => entry.at <= oldest && !covered.has(entry.id));
  return { ...common, entries: [...found.entries, ...older], next: older.length === 0 ? found.next : timeline.next };
}
