/** Everything that the console's screen is made of. Changed by `reduce` alone, so that it can be tested without a page. */

import type { ChatMsg, ConsoleServerMessage, Fix, SessionSummary, StillAsk, StillView, UploadView } from "../signalling/messages";
import type { SocketState } from "../signalling/socket";
import { NOTHING_ASKED, type AskedState } from "./askedstate";
import { LATE_MS } from "./picturedelay";
import { DEFAULTS, type Preferences, type WallChoice } from "./preferences";
import { NO_INCIDENT, type IncidentAction, type IncidentState } from "./incidentstate";
import { NOTHING_SHARED, type SharedState } from "./sharedstate";

/** Who sits here, as the page was rendered for. */
export interface Me {
  id: string;
  name: string;
  role: string;
  permissions: readonly string[];
}

/** What only an opened session has. Oldest first. */
export interface SessionDetails {
  positions: Fix[];
  messages: ChatMsg[];
  pending: PendingMessage[];
  stills: StillView[];
  asks: StillAsk[];
  uploads: UploadView[];
}

/** A line of chat on its way; `failure` is why it did not go. */
export interface PendingMessage {
  clientId: string;
  text: string;
  /** Code of a fixed phrase; null for what was typed. */
  phrase: string | null;
  at: number;
  failure: string | null;
}

/** What happened to a session that an operator should notice. */
export type SignalKind =
  | "opened" | "first_frame" | "caller_message" | "caller_stopped" | "lost" | "alarm"
  | "handed_over" | "unattended" | "escalated" | "officer_message";

/** An event not yet looked at. `at` is milliseconds of the server's clock. */
export interface Mark {
  kind: SignalKind;
  at: number;
}

/** A message that stays until it is put away. */
export interface Notice {
  id: number;
  tone: "alarm" | "error" | "info";
  text: string;
  /** The session, or the share of another force's, that it is about. */
  sessionId: string | null;
  at: number;
}

/** What the phone of a session needs from camera to media server, as it said at `at` (ms of the server's clock). */
export interface SendingDelay {
  sending_ms: number;
  at: number;
}

/** Dialogs about the console itself. */
export type DialogName = "keys" | "settings";

/** Session: one chosen session large. Wall: every live picture at once. Incident: one incident with all its sessions. */
export type Mode = "session" | "wall" | "incident";

/** The whole screen. */
export interface ConsoleState {
  me: Me;
  line: { state: SocketState; code: number | null };
  /** A snapshot has arrived on the connection that is open now: what is shown is true. */
  isSynced: boolean;
  /** Milliseconds of the server's clock at the last frame, a heartbeat's answer included. */
  lastDataAt: number | null;
  /** Milliseconds to add to this machine's clock to get the server's. */
  clockOffset: number;
  sessions: Record<string, SessionSummary>;
  details: Record<string, SessionDetails>;
  /** By session, the stream whose phone began to connect last: it may be asked for before it is live. */
  comingStreams: Record<string, string>;
  /** By session, the newest picture that stands for the video on a bad line. */
  ladderStills: Record<string, StillView>;
  chosenId: string | null;
  mode: Mode;
  marks: Record<string, Mark[]>;
  notices: Notice[];
  noticeCount: number;
  chatDrafts: Record<string, string>;
  isFollowing: boolean;
  tilesFailed: boolean;
  preferences: Preferences;
  /** By session, whether its picture was asked for (true) or blurred again (false). Others are as the preferences say. */
  pictureChoices: Record<string, boolean>;
  dialog: DialogName | null;
  /** By session. */
  sendingDelays: Record<string, SendingDelay>;
  /** The force's limit of a picture's delay, in ms. */
  latePicture_ms: number;
  /** Words for who hears the screen: arrivals wait their turn, losses do not. */
  said: { polite: string; urgent: string };
  /** What other forces share with this one. */
  shared: SharedState;
  /** What is asked of officers. */
  asked: AskedState;
  /** The incident that is shown whole. */
  incident: IncidentState;
}

/** Whatever changes the screen. `at` is milliseconds of this machine's clock. */
export type Action =
  | { type: "wire"; message: ConsoleServerMessage; at: number }
  | { type: "line"; state: SocketState; code: number | null }
  | { type: "heard"; at: number; serverNow: number | null }
  | { type: "choose"; sessionId: string | null }
  | { type: "shared.choose"; shareId: string | null }
  /** A past session that a search found. */
  | { type: "found"; session: SessionSummary }
  | { type: "seen"; sessionId: string }
  | { type: "mode"; mode: Mode }
  | { type: "follow"; on: boolean }
  | { type: "tiles.failed" }
  | { type: "prefer"; change: Partial<Preferences> }
  | { type: "wall"; change: Partial<WallChoice> }
  | { type: "picture"; sessionId: string; isShown: boolean }
  | { type: "dialog"; name: DialogName | null }
  | { type: "say"; polite?: string; urgent?: string }
  | { type: "chat.draft"; sessionId: string; text: string }
  | { type: "chat.sent"; sessionId: string; clientId: string; text: string; phrase: string | null; at: number }
  | { type: "chat.failed"; clientId: string; reason: string }
  | { type: "notice"; tone: Notice["tone"]; text: string; sessionId: string | null; at: number }
  | { type: "notice.dismiss"; id: number }
  | IncidentAction;

/** An empty screen before the first connection. */
export function initialState(me: Me, preferences: Preferences = DEFAULTS, pictureChoices: Record<string, boolean> = {}): ConsoleState {
  return {
    me,
    line: { state: "closed", code: null },
    isSynced: false,
    lastDataAt: null,
    clockOffset: 0,
    sessions: {},
    details: {},
    comingStreams: {},
    ladderStills: {},
    chosenId: null,
    mode: "session",
    marks: {},
    notices: [],
    noticeCount: 0,
    chatDrafts: {},
    isFollowing: true,
    tilesFailed: false,
    preferences,
    pictureChoices,
    dialog: null,
    sendingDelays: {},
    latePicture_ms: LATE_MS,
    said: { polite: "", urgent: "" },
    shared: NOTHING_SHARED,
    asked: NOTHING_ASKED,
    incident: NO_INCIDENT,
  };
}

/** Milliseconds of the server's clock, as well as this page knows it. */
export function serverNow(state: ConsoleState, at: number = Date.now()): number {
  return at + state.clockOffset;
}

/** Whether a permission was given to who sits here. */
export function may(state: ConsoleState, permission: string): boolean {
  return state.me.permissions.includes(permission);
}
