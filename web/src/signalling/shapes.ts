/** The things that messages of both sockets are made of. Times are ISO 8601 in UTC with milliseconds. */

/** An instant, for example "2026-11-22T14:05:27.120Z". */
export type Instant = string;
export type LinkKind = "location" | "location_video";
export type Scope = "location" | "video" | "recording";
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
  | "publishing" | "page_hidden" | "page_visible" | "camera_muted" | "camera_unmuted";

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
  text: string;
  sent_at: Instant;
  client_id: string;
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

/** One live session as the control room sees it. */
export interface SessionSummary {
  id: string;
  /** Rises with each change: of two sights of a session, the higher one is the later. */
  revision: number;
  state: SessionState;
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
  language: string;
  created_at: Instant;
  created_by_name: string;
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
  watchers: { name: string }[];
  outcome: { code: string; label: string; note: string } | null;
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
