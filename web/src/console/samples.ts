/** Sessions for the tests of the console. */

import type { ConsoleServerMessage, Fix, FlightNow, OfficerFix, OfficerView, SessionSummary } from "../signalling/messages";
import { DutyBoard } from "./dutyboard";
import { reduce } from "./reduce";
import { Sky } from "./sky";
import { initialState, type Action, type ConsoleState, type Me } from "./state";
import { Store } from "./store";
import { Talking } from "./talking";

/** Noon, the moment of all tests, in ms. */
export const NOON = Date.parse("2026-11-22T12:00:00.000Z");

export const ME: Me = { id: "7", name: "Alex Morgan", role: "operator", permissions: ["stream.watch", "link.send", "item.view"] };

/** An instant some seconds before noon. */
export function before(seconds: number): string {
  return new Date(NOON - seconds * 1000).toISOString();
}

export function fixAt(seconds: number, change: Partial<Fix> = {}): Fix {
  return {
    latitude: 51.7953, longitude: -0.0782, accuracy_m: 9, fixed_at: before(seconds), received_at: before(seconds), easting: 532_600.7,
    northing: 212_600.2, grid_reference: "TL 32600 12600", altitude_m: null, heading_deg: null, speed_mps: null, ...change,
  };
}

/** An aircraft some seconds before noon: 100 m up, its nose to the east, its camera straight down (72 by 44 degrees). */
export function flightAt(seconds: number, change: Partial<FlightNow> = {}): FlightNow {
  const [east, west, north, south] = [-0.077_614, -0.078_786, 51.795_953, 51.794_647];
  return {
    session_id: "1", fixed_at: before(seconds), received_at: before(seconds), latitude: 51.7953, longitude: -0.0782, height_m: 100, altitude_m: 170,
    heading_deg: 90, speed_mps: 0, gimbal_pitch_deg: -90, gimbal_yaw_deg: null, gimbal_roll_deg: null, zoom: 1, battery_percent: 71, doubts: [],
    outline: [[north, east, false], [south, east, false], [south, west, false], [north, west, false]], ...change,
  };
}

/** A session whose link was just sent. */
export function sessionOf(id: string, change: Partial<SessionSummary> = {}): SessionSummary {
  return {
    id, revision: 1, state: "invited", kind: "caller", officer: null, source: null, link_kind: "location_video",
    incident: { id: `i-${id}`, reference: `HERTS-2611-${id}`, external_reference: "", type: "rtc", type_label: "Road traffic collision", description: "" },
    phone_number_masked: "•••• •••123", email_masked: "", assigned_to: { id: "7", name: "Alex Morgan" }, handover: null, attention: null, language: "en", safe_mode: false, created_at: before(120), created_by_name: "Alex Morgan", opened_at: null,
    consented_at: null, live_at: null, ended_at: null, ended_by_kind: "", end_reason: "",
    invitation: { id: `v-${id}`, state: "sent", expires_at: before(-3000), sent_at: before(60), delivered_at: null, opened_at: null, failure_reason: "", channel: "sms", sends: 1, trouble: null },
    risk: { outcome: "clear", refusals: [] }, consent: null, stream: null,
    recording: { wanted: true, state: "off", since: null, alarm_reason: "" }, last_position: null, progress: null, rung: null, watchers: [], shares: [], agencies: [], outcome: null, shown: null,
    ...change,
  };
}

/** A session with a live picture. */
export function liveSession(id: string, change: Partial<SessionSummary> = {}): SessionSummary {
  return sessionOf(id, {
    state: "live", opened_at: before(50), consented_at: before(40), live_at: before(30),
    consent: { scopes: ["location", "video", "recording"], given_at: before(40), withdrawn_at: null, wording_version: 1, language: "en" },
    stream: { id: `s-${id}`, state: "live", live_at: before(30), stalled_at: null, last_media_at: before(1), ended_at: null, end_reason: null },
    last_position: fixAt(3), ...change,
  });
}

export function snapshotOf(...sessions: SessionSummary[]): ConsoleServerMessage {
  return { type: "console.snapshot", now: before(0), me: { id: "7", name: "Alex Morgan", role: "operator" }, sessions, shared: [], shared_missing: [], partners: [], assignments: [], view_requests: [], late_picture_ms: 2_000, seqs: { console: 4 } };
}

/** A screen that is connected and shows these sessions. */
export function stateWith(...sessions: SessionSummary[]): ConsoleState {
  const state = initialState(ME);
  return {
    ...state, line: { state: "open", code: null }, isSynced: true, lastDataAt: NOON,
    sessions: Object.fromEntries(sessions.map((session) => [session.id, session])),
  };
}

/** A board of officers that nobody has opened. */
export function closedBoard(): DutyBoard {
  const line = { send: () => true, rebase: () => undefined, forget: () => undefined };
  const nothing = (): void => undefined;
  return new DutyBoard(new Store<ConsoleState, Action>(stateWith(), reduce), line, { show: nothing, goTo: nothing }, { redraw: nothing, fit: nothing, hasMap: () => true });
}

/** A sky in which nothing was heard to fly. */
export function emptySky(): Sky {
  const nothing = (): void => undefined;
  const rest = { ground: () => Promise.reject(new Error("not asked")), inView: () => Promise.reject(new Error("not asked")), track: () => Promise.reject(new Error("not asked")) };
  return new Sky(new Store<ConsoleState, Action>(stateWith(), reduce), { send: () => true, rebase: nothing }, { show: nothing, middle: () => null }, rest, nothing);
}

/** A microphone that nobody has turned on. */
export function silentTalk(): Talking {
  return new Talking({ send: () => true, redraw: () => undefined });
}

/** An officer on duty, whose position is some seconds old. */
export function officerOf(id: string, change: Partial<OfficerView> = {}): OfficerView {
  return {
    id, name: `Officer ${id}`, number: `10${id}`, role: "officer", team: "Response A", skills: [], languages: "", status: "available",
    status_at: before(300), began_at: before(3600), fix: officerFix(5), session_id: null, doubt_at: null, ...change,
  };
}

/** Where an officer was some seconds before noon. */
export function officerFix(seconds: number, change: Partial<OfficerFix> = {}): OfficerFix {
  return {
    latitude: 51.79, longitude: -0.08, accuracy_m: 8, heading_deg: null, speed_mps: null, fixed_at: before(seconds), received_at: before(seconds), is_late: false, ...change,
  };
}
