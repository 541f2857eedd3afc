/**
 * The wire of all sockets, typed once: /ws/caller/, /ws/console/, /ws/officer/ and /ws/agency/ (streams/PROTOCOL.md is its text, streams/wire.py
 * its other half). Frames are JSON text. Times are ISO 8601 in UTC with milliseconds unless a name ends in `_ms`.
 */

import type {
  AnsweringMessage, AskedServerMessage, AskingMessage, AssignmentView, OwnAssignment, OwnViewRequest, ViewRequestView,
} from "./askedshapes";
import type {
  ChatMsg, ConsentWording, Fix, IceCandidate, IceServer, Instant, Layer, LinkKind, OfficerStatus, OpenIncident, Phrase, PositionReport, ProgressStep,
  Rung, RungReason, Scope, Seqs, SessionState, SessionSummary, StillAsk, StillRefusal, StillView, StreamView, UploadView,
} from "./shapes";
import type { Group, IncidentClientMessage, IncidentMessage, IncidentSay, IncidentServerMessage } from "./incidentshapes";
import type { NoticeClientMessage, NoticeServerMessage, NoticeView } from "./noticeshapes";
import type { DutyFixes, DutyKept, OfficersClientMessage, OfficersServerMessage } from "./officershapes";
import type { FlightsClientMessage, FlightsMoved, FlightsServerMessage } from "./flightshapes";
import type { ShowingClientMessage, ShownPicture } from "./shownshapes";
import type { ListeningClientMessage, ListeningServerMessage, OwnTalk, SpeakingClientMessage, SpeakingServerMessage, TalkView } from "./talkshapes";
import type { Partner, SharedClientMessage, SharedServerMessage, SharedView } from "./sharedshapes";

export type * from "./askedshapes";
export type * from "./noticeshapes";
export type * from "./agencyshapes";
export type * from "./shapes";
export type * from "./incidentshapes";
export type * from "./sharedshapes";
export type * from "./officershapes";
export type * from "./flightshapes";
export type * from "./shownshapes";
export type * from "./talkshapes";

/** Fields that every broadcast carries besides its own. */
interface Broadcast {
  topic: string;
  seq: number;
}

/** States how a session stands: one with a lower revision than the last of its type is older, whenever it arrives. */
interface Revised extends Broadcast {
  revision: number;
}

/** Answer to a frame that could not be carried out; `code` is stable, `message` is for people. */
export interface ErrorMessage {
  type: "error";
  code: string;
  message: string;
  ref?: string | null;
  details?: Record<string, unknown>;
}

/** Answer to heartbeat.ping. */
export interface Pong {
  type: "heartbeat.pong";
  sent_at: Instant;
  now: Instant;
}

/** Sent every few seconds by every page; by one in a consultation's room with its place there. */
export interface Ping {
  type: "heartbeat.ping";
  sent_at: Instant;
  place_id?: string;
}

/** Everything that the caller's page needs, sent on each connect. */
export interface CallerState {
  type: "caller.state";
  session: {
    id: string;
    revision: number;
    state: SessionState;
    link_kind: LinkKind;
    force_name: string;
    incident_reference: string;
    language: string;
    safe_mode: boolean;
    exit_url: string;
  };
  wording: ConsentWording | null;
  consent: { scopes: Scope[] } | null;
  stream: StreamView | null;
  ice_servers: IceServer[] | null;
  recording: { on: boolean };
  watching: boolean;
  /** How many people see the live picture, and how many of them are not of the control room. */
  count: number;
  guests: number;
  messages: ChatMsg[];
  /** Requests for a picture that still stand. */
  still_asks: string[];
  /** What the caller may answer by a tap. */
  phrases: Phrase[];
}

/** What a message says: typed, or a fixed phrase by its code. */
export type Said = { text: string } | { phrase: string };

/** Server to the caller's page. */
export type CallerServerMessage =
  | CallerState
  | { type: "consent.given"; scopes: Scope[]; ice_servers: IceServer[]; ref?: string | null }
  | { type: "stream.answer"; stream_id: string; sdp: string; ref?: string | null }
  | ({ type: "stream.changed"; stream: StreamView } & Revised)
  | ({ type: "watch.changed"; watching: boolean; count: number; guests: number; names?: string[] } & Revised)
  | ({ type: "recording.changed"; on: boolean } & Revised)
  | ({ type: "chat.message" } & ChatMsg & Broadcast)
  | ({ type: "still.asked"; ask_id: string } & Broadcast)
  | ({ type: "session.ended"; by: string; reason: string } & Broadcast)
  | Pong
  | ErrorMessage;

/** The caller's page to the server. `fixed_at` is milliseconds since 1970, as the browser gives it. */
export type CallerClientMessage = { ref?: string } & (
  | { type: "consent.give"; scopes: Scope[]; wording_version: number; language: string }
  | { type: "consent.withdraw" }
  | { type: "stream.publish"; sdp: string; early?: boolean }
  | { type: "stream.begin" }
  | { type: "stream.candidate"; candidate: IceCandidate | null }
  /** An officer names the session: what waited for a line must not stop one that was begun meanwhile. */
  | { type: "stream.stop"; session_id?: string }
  | { type: "stream.delay"; sending_ms: number }
  | ({ type: "position.fix" } & PositionReport)
  | ({ type: "chat.send"; client_id: string } & Said)
  | { type: "progress.report"; step: ProgressStep; reason?: string }
  | { type: "rung.report"; rung: Rung; reason: RungReason }
  | { type: "still.refuse"; ask_id: string; reason: StillRefusal }
  | { type: "session.stop"; session_id?: string }
  | Ping
);

/** The session in which an officer is live, in the words of the caller's page. */
export type OfficerLive = Omit<CallerState, "type" | "wording" | "phrases"> & { count: number; guests: number; names: string[]; talk: OwnTalk | null };

/** Everything that the officer's page needs, sent on each connect and whenever it asks. */
export interface OfficerState {
  type: "officer.state";
  now: Instant;
  me: { id: string; name: string; role: string; number: string; team: string; skills: string[]; languages: string };
  force_name: string;
  shift: { status: Exclude<OfficerStatus, "off_duty">; status_at: Instant; began_at: Instant } | null;
  incidents: OpenIncident[];
  assignments: OwnAssignment[];
  view_request: OwnViewRequest | null;
  live: OfficerLive | null;
  /** Not seen yet, oldest first. */
  notices: NoticeView[];
  /** The incidents that the officer is on. */
  groups: Group[];
  /** What the control room shows them of those. */
  pictures: ShownPicture[];
  seqs: Seqs;
  ref?: string | null;
}

/** Server to the officer's page: of what a phone shares, it hears as the caller's does. */
export type OfficerServerMessage =
  | OfficerState
  | ({ type: "officer.changed" } & Broadcast)
  | DutyKept | FlightsMoved
  | NoticeServerMessage
  | IncidentMessage
  | WatchServerMessage
  | ListeningServerMessage
  | Exclude<CallerServerMessage, CallerState | { type: "consent.given" }>;

/** The officer's page to the server. */
export type OfficerClientMessage =
  | ({ ref?: string } & (
      | { type: "officer.snapshot" }
      | { type: "status.set"; status: OfficerStatus }
      | { type: "live.start"; incident_id: string | null }
      | DutyFixes
      | AnsweringMessage
      | NoticeClientMessage
      | IncidentSay
      | ListeningClientMessage
    ))
  | WatchClientMessage
  | CallerClientMessage;

/** What a page that watches is told of its watches, and says of them. */
export type WatchServerMessage = Extract<ConsoleServerMessage, { type: "stream.offer" | "watch.ended" }>;
export type WatchClientMessage = Extract<ConsoleClientMessage, { type: "stream.watch" | "watch.answer" | "watch.candidate" | "watch.layer" | "watch.stop" }>;

/** Server to the console. */
export type ConsoleServerMessage =
  | {
      type: "console.snapshot";
      now: Instant;
      me: { id: string; name: string; role: string };
      sessions: SessionSummary[];
      shared: SharedView[];
      /** Forces that share something and did not say what. */
      shared_missing: string[];
      partners: Partner[];
      /** What is asked of officers, or was over within an hour. */
      assignments: AssignmentView[];
      view_requests: ViewRequestView[]; late_picture_ms: number;
      seqs: Seqs;
      ref?: string | null;
    }
  | {
      type: "session.snapshot";
      session: SessionSummary;
      positions: Fix[];
      messages: ChatMsg[];
      stills: StillView[];
      still_asks: StillAsk[];
      uploads: UploadView[];
      /** Who speaks to the officer; of a caller's session nobody. */
      talk: TalkView | null;
      seqs: Seqs;
      ref?: string | null;
    }
  | {
      type: "stream.offer";
      watch_id: string;
      stream_id: string;
      session_id: string;
      sdp: string;
      ice_servers: IceServer[];
      ref?: string | null;
    }
  | ({ type: "watch.ended"; watch_id: string; session_id: string | null; reason: string } & Partial<Broadcast>)
  | ({ type: "session.changed"; session: SessionSummary } & Broadcast)
  | ({ type: "stream.coming"; session_id: string; stream_id: string } & Broadcast)
  | ({ type: "stream.delay"; session_id: string; sending_ms: number } & Broadcast)
  | ({ type: "position.changed"; session_id: string; fixes: Fix[] } & Broadcast)
  | ({ type: "item.changed"; item_id: string; session_id: string; state: "sealed" | "failed" } & Broadcast)
  | ({ type: "still.taken"; session_id: string; still: StillView } & Broadcast)
  | ({ type: "still.asked"; session_id: string; ask: StillAsk } & Broadcast)
  | ({ type: "upload.changed"; session_id: string; upload: UploadView } & Broadcast)
  | ({ type: "alarm.raised"; session_id: string; code: string; message: string } & Broadcast)
  | ({ type: "chat.message" } & ChatMsg & Broadcast)
  | ({ type: "position.trail"; session_id: string; fixes: Fix[] } & Broadcast)
  | SharedServerMessage
  | OfficersServerMessage | FlightsServerMessage
  | AskedServerMessage
  | IncidentServerMessage
  | SpeakingServerMessage
  | Pong
  | ErrorMessage;

/** The console to the server. */
export type ConsoleClientMessage = { ref?: string } & (
  | { type: "console.snapshot" }
  | { type: "session.open"; session_id: string }
  | { type: "session.close"; session_id: string }
  | { type: "stream.watch"; session_id: string; stream_id: string; replaces?: string }
  | { type: "watch.answer"; watch_id: string; sdp: string }
  | { type: "watch.candidate"; watch_id: string; candidate: IceCandidate | null }
  | { type: "watch.layer"; watch_id: string; layer: Layer }
  | { type: "watch.stop"; watch_id: string }
  | ({ type: "chat.send"; session_id: string; client_id: string } & Said)
  | { type: "recording.set"; session_id: string; on: boolean }
  | { type: "session.end"; session_id: string }
  | { type: "still.ask"; session_id: string; client_id: string }
  | SharedClientMessage
  | OfficersClientMessage | FlightsClientMessage
  | AskingMessage
  | IncidentClientMessage
  | SpeakingClientMessage
  | { type: "agency.revoke"; session_id: string; agency_id: string }
  | ShowingClientMessage
  | { type: "agency.dismiss"; session_id: string; agency_id: string; viewer_id: string }
  | Ping
);

/** What the socket itself needs to know of any frame. */
export interface Frame {
  type: string;
  topic?: string;
  seq?: number;
  /** The number of the first, where several broadcasts became one for a slow reader. */
  seq_from?: number;
}

/**
 * Read one frame of the wire.
 *
 * Returns null for anything that is not a JSON object with a `type`, and for a `seq` or `topic` of the wrong kind. The
 * fields of each type are the server's promise: our own server, over a connection of our own, so they are not checked
 * again on a slow phone.
 */
export function decodeFrame(text: string): Frame | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== "object" || value === null || !("type" in value)) return null;
  const { type, topic, seq, seq_from } = value as Record<string, unknown>;
  const isSound =
    typeof type === "string" &&
    (topic === undefined || typeof topic === "string") &&
    [seq, seq_from].every((number) => number === undefined || typeof number === "number");
  return isSound ? (value as Frame) : null;
}
