/** The console's state after an action. Pure: no clock, no page, no network. */

import type { AskedServerMessage, ConsoleServerMessage, Fix, SessionSummary, SharedServerMessage, StillView } from "../signalling/messages";
import { askedNews, reduceAsked, takeAsked } from "./askedstate";
import { addMarks, marked, withoutMarks, withoutUnattended } from "./marks";
import type { WallChoice } from "./preferences";
import { reduceChat, withMessage } from "./reducechat";
import { followIncident, reduceIncident } from "./reduceincident";
import { isStopped } from "./rungs";
import { withAsk, withStill, withUpload } from "./reducestills";
import { reduceShared, takeShared, withChosen } from "./sharedstate";
import { sessionSignals } from "./signals";
import type { Action, ConsoleState, Notice, SessionDetails } from "./state";
import { millis } from "./times";

/** Positions kept of an opened session. */
export const MAX_TRAIL = 500;
const MAX_NOTICES = 6;
/** Sessions of which it is remembered whether their picture was asked for. */
const MAX_CHOICES = 200;

/** State after one action; the same object when nothing changed. */
export function reduce(state: ConsoleState, action: Action): ConsoleState {
  switch (action.type) {
    case "wire":
      return followIncident(reduceWire(state, action.message, action.at), action.message, action.at);
    case "line":
      return { ...state, line: { state: action.state, code: action.code }, isSynced: false };
    case "heard":
      return heard(state, action.at, action.serverNow);
    case "seen":
      return { ...state, marks: withoutMarks(state.marks, action.sessionId) };
    case "choose":
      return choose(state, action.sessionId);
    case "shared.choose":
      return { ...withoutNotices(choose(state, null), action.shareId), shared: withChosen(state.shared, action.shareId) };
    case "found":
      return withFound(state, action.session);
    case "mode":
      return { ...state, mode: action.mode };
    case "follow":
      return { ...state, isFollowing: action.on };
    case "tiles.failed":
      return state.tilesFailed ? state : { ...state, tilesFailed: true };
    case "prefer":
      return { ...state, preferences: { ...state.preferences, ...action.change } };
    case "wall":
      return withWall(state, action.change);
    case "picture":
      return withPicture(state, action.sessionId, action.isShown);
    case "dialog":
      return { ...state, dialog: action.name };
    case "say":
      return { ...state, said: { polite: action.polite ?? state.said.polite, urgent: action.urgent ?? state.said.urgent } };
    case "notice":
      return withNotice(state, action.tone, action.text, action.sessionId, action.at + state.clockOffset);
    case "notice.dismiss":
      return { ...state, notices: state.notices.filter((notice) => notice.id !== action.id) };
    case "chat.draft":
    case "chat.sent":
    case "chat.failed":
      return reduceChat(state, action);
    case "incident.choose":
    case "incident.draft":
    case "incident.sent":
    case "incident.failed":
    case "incident.group":
    case "incident.timeline":
    case "incident.timeline.failed":
    case "incident.fetched":
      return reduceIncident(state, action);
  }
}

/** State after one message of the server. */
function reduceWire(state: ConsoleState, message: ConsoleServerMessage, at: number): ConsoleState {
  switch (message.type) {
    case "console.snapshot":
      return takeSnapshot(state, message, at);
    case "session.snapshot":
      return openDetails(state, message, at);
    case "session.changed":
      return withSession(state, message.session, at);
    case "stream.coming":
      return { ...state, comingStreams: { ...state.comingStreams, [message.session_id]: message.stream_id } };
    case "stream.delay":
      return withDelay(state, message.session_id, message.sending_ms, at);
    case "position.changed":
    case "position.trail":
      return withPositions(state, message.session_id, message.fixes);
    case "chat.message":
      return withMessage(state, message, at);
    case "alarm.raised":
      return withAlarm(state, message, at);
    case "still.taken":
      return withStill(withStills(state, message.session_id, [message.still]), message.session_id, message.still);
    case "still.asked":
      return withAsk(state, message.session_id, message.ask);
    case "upload.changed":
      return withUpload(state, message.session_id, message.upload);
    case "shared.snapshot":
    case "shared.changed":
    case "shared.granted":
    case "shared.ended":
    case "shared.position":
    case "shared.message":
    case "shared.recordings":
      return withShared(state, message, at);
    case "assignment.changed":
    case "view.changed":
      return withAsked(state, message, at);
    // The boards of officers and of aircraft keep their own.
    case "officers.snapshot":
    case "officers.moved":
    case "officer.doubtful":
    case "officer.on_duty":
    case "officer.off_duty":
    case "flights.snapshot": case "flights.moved": case "flight.doubtful": case "flight.feed": case "flight.refused":
    case "talk.answer":
    case "talk.changed":
    case "stream.offer":
    case "watch.ended":
    case "item.changed":
    case "incident.snapshot":
    case "incident.message":
    case "incident.changed":
    case "incident.said":
    case "heartbeat.pong":
    case "error":
      return state;
    default:
      // A newer server may say more than this page knows.
      return state;
  }
}

/** What is asked of an officer; a no is said beside the session that it is about. */
function withAsked(state: ConsoleState, message: AskedServerMessage, at: number): ConsoleState {
  const news = askedNews(state.asked, message);
  const next = { ...state, asked: reduceAsked(state.asked, message) };
  if (news === null) return next;
  const about = Object.values(state.sessions).find((one) => one.incident.id === news.incidentId && one.ended_at === null);
  return withNotice(next, "info", news.text, about?.id ?? null, at + state.clockOffset);
}

/** What another force begins to share is said, too: nobody waits for it. */
function withShared(state: ConsoleState, message: SharedServerMessage, at: number): ConsoleState {
  const shared = reduceShared(state.shared, message);
  if (shared === state.shared) return state;
  if (message.type === "shared.ended") return { ...withoutNotices(state, message.share_id), shared };
  if (message.type !== "shared.changed" || message.shared.id in state.shared.received) return { ...state, shared };
  const { id, force, reference, purpose } = message.shared;
  return withNotice({ ...state, shared }, "info", `${force.name} shares ${reference}: ${purpose}`, id, at + state.clockOffset);
}

/** What was said of a share goes once it is looked at, or over. */
function withoutNotices(state: ConsoleState, shareId: string | null): ConsoleState {
  return { ...state, notices: state.notices.filter((notice) => shareId === null || notice.sessionId !== shareId) };
}

/** A frame arrived: what is on the screen is good as of now. */
function heard(state: ConsoleState, at: number, now: number | null): ConsoleState {
  const clockOffset = now === null ? state.clockOffset : now - at;
  return { ...state, clockOffset, lastDataAt: at + clockOffset };
}

/** Replaces every session; what happened meanwhile is marked, and details of sessions that are gone are dropped. */
function takeSnapshot(
  state: ConsoleState, message: Extract<ConsoleServerMessage, { type: "console.snapshot" }>, at: number,
): ConsoleState {
  const offset = (millis(message.now) ?? at) - at;
  const sessions = { ...keptFound(state), ...Object.fromEntries(message.sessions.map((session) => [session.id, session])) };
  const marks = { ...state.marks };
  for (const session of message.sessions) {
    const found = sessionSignals(state.sessions[session.id], session, state.me);
    if (found.length > 0) marks[session.id] = addMarks(marks[session.id], found, at + offset);
  }
  const details = Object.fromEntries(Object.entries(state.details).filter(([id]) => id in sessions));
  const ladderStills = Object.fromEntries(Object.entries(state.ladderStills).filter(([id]) => sessions[id] !== undefined && !isStopped(sessions[id])));
  const chosenId = state.chosenId !== null && state.chosenId in sessions ? state.chosenId : null;
  const shared = takeShared(state.shared, message);
  return { ...state, shared, asked: takeAsked(message), sessions, details, ladderStills, marks, chosenId, latePicture_ms: message.late_picture_ms, clockOffset: offset, isSynced: true, lastDataAt: at + offset };
}

/** A past session that is on the screen stays there: a snapshot holds those of the last hours only. */
function keptFound(state: ConsoleState): ConsoleState["sessions"] {
  const chosen = state.chosenId === null ? undefined : state.sessions[state.chosenId];
  return chosen !== undefined && chosen.ended_at !== null ? { [chosen.id]: chosen } : {};
}

/** A session that a search found, chosen. What is known of it already may be newer. */
function withFound(state: ConsoleState, session: SessionSummary): ConsoleState {
  const sessions = { ...state.sessions, [session.id]: state.sessions[session.id] ?? session };
  return choose({ ...state, sessions, mode: "session" }, session.id);
}

/** Takes over an opened session; lines that this page is still sending stay. */
function openDetails(
  state: ConsoleState, message: Extract<ConsoleServerMessage, { type: "session.snapshot" }>, at: number,
): ConsoleState {
  const { session, positions, messages, stills, still_asks, uploads } = message;
  const arrived = new Set(messages.map((line) => line.client_id));
  const pending = (state.details[session.id]?.pending ?? []).filter((line) => !arrived.has(line.clientId));
  const details: SessionDetails = { positions: positions.slice(-MAX_TRAIL), messages, pending, stills, asks: still_asks, uploads };
  const next = withStills(withSession(state, session, at), session.id, stills);
  return { ...next, details: { ...next.details, [session.id]: details } };
}

/** Puts a session in place and marks what happened to it. What is older than what is shown changes nothing. */
function withSession(state: ConsoleState, session: SessionSummary, at: number): ConsoleState {
  const before = state.sessions[session.id];
  if (before !== undefined && session.revision < before.revision) return state;
  const found = sessionSignals(before, session, state.me);
  const last_position = session.last_position === null ? null : newer(before?.last_position ?? null, session.last_position);
  const sessions = { ...state.sessions, [session.id]: { ...session, last_position } };
  const next = { ...state, sessions, marks: withoutUnattended(marked(state, session.id, found, at), session) };
  return isStopped(session) ? withoutStill(next, session.id) : next;
}

/** Adds fixes to a session and to its trail. */
function withPositions(state: ConsoleState, sessionId: string, fixes: readonly Fix[]): ConsoleState {
  const session = state.sessions[sessionId];
  const newest = fixes.at(-1);
  if (session === undefined || newest === undefined) return state;
  const sessions = { ...state.sessions, [sessionId]: { ...session, last_position: newer(session.last_position, newest) } };
  const details = state.details[sessionId];
  if (details === undefined) return { ...state, sessions };
  const positions = joinTrail(details.positions, fixes);
  return { ...state, sessions, details: { ...state.details, [sessionId]: { ...details, positions } } };
}

/** The video was stopped: what stood for it goes from the screen, and does not come back with the next video. */
function withoutStill(state: ConsoleState, sessionId: string): ConsoleState {
  if (state.ladderStills[sessionId] === undefined) return state;
  return { ...state, ladderStills: Object.fromEntries(Object.entries(state.ladderStills).filter(([id]) => id !== sessionId)) };
}

/** Keeps the newest of the pictures that stand for the video; what an operator asked for is none of them. */
function withStills(state: ConsoleState, sessionId: string, stills: readonly StillView[]): ConsoleState {
  const session = state.sessions[sessionId];
  if (session !== undefined && isStopped(session)) return state;
  const known = state.ladderStills[sessionId];
  const found = stills.filter((still) => still.purpose === "ladder").sort((a, b) => a.received_at.localeCompare(b.received_at)).at(-1);
  if (found === undefined || (known !== undefined && known.received_at >= found.received_at)) return state;
  return { ...state, ladderStills: { ...state.ladderStills, [sessionId]: found } };
}

/** The later of two fixes. */
function newer(known: Fix | null, fix: Fix): Fix {
  return known === null || known.fixed_at <= fix.fixed_at ? fix : known;
}

/** A trail with new fixes at its end: no fix twice, none out of order, not longer than MAX_TRAIL. */
export function joinTrail(trail: readonly Fix[], fixes: readonly Fix[]): Fix[] {
  const last = trail.at(-1)?.fixed_at ?? "";
  const added = fixes.filter((fix) => fix.fixed_at > last);
  return [...trail, ...added].slice(-MAX_TRAIL);
}

/** An alarm is a mark on its session and a notice that stays. */
function withAlarm(
  state: ConsoleState, message: Extract<ConsoleServerMessage, { type: "alarm.raised" }>, at: number,
): ConsoleState {
  const reference = state.sessions[message.session_id]?.incident.reference;
  const text = reference === undefined ? message.message : `${reference}: ${message.message}`;
  const next = withNotice(state, "alarm", text, message.session_id, at + state.clockOffset);
  return { ...next, marks: marked(state, message.session_id, ["alarm"], at) };
}

/** Chooses a session: its marks have been seen, and the map follows it again. */
function choose(state: ConsoleState, sessionId: string | null): ConsoleState {
  const marks = sessionId === null ? state.marks : withoutMarks(state.marks, sessionId);
  return { ...state, chosenId: sessionId, marks, isFollowing: true, shared: withChosen(state.shared, null) };
}

/** A notice at the end of the list; the same text twice in a row is said once. */
function withNotice(
  state: ConsoleState, tone: Notice["tone"], text: string, sessionId: string | null, at: number,
): ConsoleState {
  const notice: Notice = { id: state.noticeCount, tone, text, sessionId, at };
  const others = state.notices.filter((known) => known.text !== text || known.tone !== tone);
  return { ...state, notices: [...others, notice].slice(-MAX_NOTICES), noticeCount: state.noticeCount + 1 };
}

/** Another layout begins with its first page. */
function withWall(state: ConsoleState, change: Partial<WallChoice>): ConsoleState {
  const wall = { ...state.preferences.wall, page: 0, ...change };
  return { ...state, preferences: { ...state.preferences, wall } };
}

/** Shows a picture, or blurs it again. */
function withPicture(state: ConsoleState, sessionId: string, isShown: boolean): ConsoleState {
  const kept = Object.entries(state.pictureChoices).filter(([id]) => id !== sessionId).slice(1 - MAX_CHOICES);
  return { ...state, pictureChoices: { ...Object.fromEntries(kept), [sessionId]: isShown } };
}

function withDelay(state: ConsoleState, sessionId: string, sending_ms: number, at: number): ConsoleState {
  const delay = { sending_ms, at: at + state.clockOffset };
  return { ...state, sendingDelays: { ...state.sendingDelays, [sessionId]: delay } };
}
