/** The things that messages of both sockets are made of. Times are ISO 8601 in UTC with milliseconds. */

import type { AgencyShareView } from "./agencyshapes";
import type { ShareView } from "./sharedshapes";

/** An instant, for example "2026-11-22T14:05:27.120Z". */
export type Instant = string;
export type LinkKind = "location" | "location_video" | "location_upload";
export type Scope = "location" | "video" | "recording" | "upload";
export type StillRefusal = "no_camera" | "denied" | "failed" | "not_supported";
export type SessionState = "draft" | "invited" | "opened" | "consented" | "live" | "ended" | "expired";
export type StreamState = "prepared" | "admitted" | "connecting" | "live" | "stalled" | "ended";
export type RecordingState = "off" | "starting" | "recording" | "alarm";
export type RiskOutcome = "clear" | "refused" | "overridden";
export type InvitationState =
  | "queued" | "sending" | "sent" | "delivered" | "failed" | "opened" | "consented" | "expired" | "withdrawn";

/** Steps of the caller's way, as the page reports them (the control room's funnel). */
export type ProgressStep =
  | "page_shown" | "consent_shown"
  | "location_asked" | "location_granted" | "location_denied"
  | "camera_asked" | "camera_granted" | "camera_denied" | "camera_failed"
  | "publishing" | "page_hidden" | "page_visible" | "page_left" | "camera_muted" | "camera_unmuted";

/** How much of the picture the caller's line carries, best first, and what stands in for it. */
export type Rung = "video" | "video_low" | "stills" | "position" | "text";
export type RungReason =
  | "good" | "slow_uplink" | "very_slow_uplink" | "no_media_path" | "stills_fail" | "camera_lost" | "camera_off"
  | "no_position";
/** A layer of a picture that is sent in several sizes. */
export type Layer = "high" | "middle" | "low";

/** One position: degrees WGS 84, metres, degrees from north, metres per second; the grid is OSGB36 by OSTN15. */
export interface Fix {
  latitude: number;
  longitude: number;
  accuracy_m: number;
  fixed_at: Instant;
  received_at: Instant;
  easting: number | null;
  northing: number | null;
  grid_reference: string | null;
  altitude_m: number | null;
  heading_deg: number | null;
  speed_mps: number | null;
}

/** What anyone may know about one publisher's media. */
export interface StreamView {
  id: string;
  state: StreamState;
  live_at: Instant | null;
  stalled_at: Instant | null;
  last_media_at: Instant | null;
  ended_at: Instant | null;
  end_reason: string | null;
}

/** One line of chat between the control room and the caller. */
export interface ChatMsg {
  id: string;
  session_id: string;
  sender: "operator" | "caller";
  sender_name: string;
  /** What was sent, in `language`. */
  text: string;
  language: string;
  /** Code of a fixed phrase; null for what was typed, which nobody translates. */
  phrase: string | null;
  /** What the other side reads, in `shown_language`. */
  shown_text: string;
  shown_language: string;
  sent_at: Instant;
  client_id: string;
}

/** A picture of the caller's phone, which `url` shows; hash and size are of what the phone sent, `taken_at` by its clock. */
export interface StillView {
  id: string;
  purpose: "asked" | "own" | "ladder";
  ask_id: string | null;
  item_id: string | null;
  taken_at: Instant;
  received_at: Instant;
  width: number;
  height: number;
  sha256: string;
  bytes: number;
  url: string;
}

/** A request for a picture: open until it is answered. */
export interface StillAsk {
  id: string;
  client_id: string;
  asked_by_name: string;
  asked_at: Instant;
  answered_at: Instant | null;
  refusal: "" | StillRefusal;
}

/** A photo or video that a caller took before. `medium` and `sha256` are empty until it was checked. */
export interface UploadView {
  id: string;
  file_name: string;
  bytes: number;
  received_bytes: number;
  state: "arriving" | "checking" | "ready" | "refused" | "expired";
  refusal: string;
  medium: "" | "picture" | "video";
  sha256: string;
  item_id: string | null;
  created_at: Instant;
  finished_at: Instant | null;
}

/** A fixed phrase in the reader's own language. */
export interface Phrase {
  code: string;
  text: string;
}

/** One ICE server, as RTCPeerConnection takes it. */
export interface IceServer {
  urls: string | string[];
  username?: string;
  credential?: string;
}

/** A trickled candidate; null says that there are no more. */
export interface IceCandidate {
  candidate: string;
  sdpMid: string | null;
  sdpMLineIndex: number | null;
  usernameFragment?: string | null;
}

/** A reason against sending the link, with what the operator should do instead. */
export interface RiskRefusal {
  code: string;
  text: string;
  advice: string;
}

/** Why a link could not be opened; `old_link`: an earlier one of the session was tried. */
export type LinkTrouble = "link_in_use" | "link_withdrawn" | "link_expired" | "old_link";

/** A session that is offered to a colleague. */
export interface Handover {
  id: string;
  from_id: string;
  from_name: string;
  to_id: string;
  to_name: string;
  reason: string;
  offered_at: Instant;
}

/** Since when, and why, nobody looks after a session; escalated: supervisors are called. */
export interface Attention {
  state: "unattended" | "escalated";
  reason: "picture_unwatched" | "link_unanswered" | "message_unanswered";
  since: Instant;
  escalated_at: Instant | null;
}

/** Who shares in a session: a caller, an officer, an aircraft in the air, or the people of a call. */
export type SessionKind = "caller" | "officer" | "flight" | "consultation";

/** One live session as the control room sees it. */
export interface SessionSummary {
  id: string;
  /** Rises with each change: of two sights of a session, the higher one is the later. */
  revision: number;
  state: SessionState;
  kind: SessionKind;
  /** Of an officer's session: whose. */
  officer: { id: string; name: string; number: string } | null;
  /** Of a flight: its aircraft. */
  source: { id: string; name: string } | null;
  link_kind: LinkKind;
  incident: {
    id: string;
    reference: string;
    external_reference: string;
    type: string;
    type_label: string;
    description: string;
  };
  phone_number_masked: string;
  /** "" unless a link went by e-mail. */
  email_masked: string;
  language: string;
  safe_mode: boolean;
  created_at: Instant;
  created_by_name: string;
  assigned_to: { id: string; name: string };
  /** A hand-over that waits for its answer. */
  handover: Handover | null;
  /** Nobody looks after it; null while somebody does. */
  attention: Attention | null;
  opened_at: Instant | null;
  consented_at: Instant | null;
  live_at: Instant | null;
  ended_at: Instant | null;
  ended_by_kind: string;
  end_reason: string;
  invitation: {
    id: string;
    state: InvitationState;
    expires_at: Instant;
    sent_at: Instant | null;
    delivered_at: Instant | null;
    opened_at: Instant | null;
    failure_reason: string;
    channel: "sms" | "email";
    /** Messages with this same link. */
    sends: number;
    /** Why somebody could not open it, last. */
    trouble: { code: LinkTrouble; at: Instant } | null;
  } | null;
  risk: { outcome: RiskOutcome; refusals: RiskRefusal[] } | null;
  consent: {
    scopes: Scope[];
    given_at: Instant;
    withdrawn_at: Instant | null;
    wording_version: number;
    language: string;
  } | null;
  stream: StreamView | null;
  recording: { wanted: boolean; state: RecordingState; since: Instant | null; alarm_reason: string };
  last_position: Fix | null;
  progress: { step: ProgressStep; reason: string; at: Instant } | null;
  rung: { rung: Rung; reason: RungReason; at: Instant } | null;
  watchers: { name: string }[];
  /** What other forces may watch, until when. */
  shares: ShareView[];
  agencies: AgencyShareView[];
  outcome: { code: string; label: string; note: string } | null;
  /** Who shows the picture to the officers on the incident, and since when; null: nobody does. */
  shown: { by_name: string; at: Instant } | null;
}

/** Sequence numbers by topic: the last one that a snapshot contains. */
export type Seqs = Record<string, number>;

/** The words that a caller agrees to; version and language go back with the consent. */
export interface ConsentWording {
  version: number;
  language: string;
  title: string;
  intro: string;
  location_text: string;
  video_text: string;
  recording_text: string;
  upload_text: string;
  stop_text: string;
}

/** One fix as the phone reports it. */
export interface PositionReport {
  latitude: number;
  longitude: number;
  accuracy_m: number;
  fixed_at: number;
  altitude_m?: number;
  heading_deg?: number;
  speed_mps?: number;
}

/** What an officer is doing; off duty, no shift goes on. */
export type OfficerStatus = "available" | "en_route" | "at_scene" | "off_duty";

/** An incident that an officer may go live for. */
export interface OpenIncident {
  id: string;
  reference: string;
  external_reference: string;
  type_label: string;
  opened_at: Instant;
}
