/** The frames of a seat in a consultation, and of the socket /ws/meeting/ (consultations/PROTOCOL.md is their text). */

import type { ErrorMessage, Ping, Pong } from "./messages";
import type {
  Alone, CallRung, CallUpload, CheckResults, ConsentAsked, FeedSource, MeetingView, PlacePurpose, RecordingNow, Role, RoomState, SaidView, WantedLayer,
} from "./meetingshapes";
import type { IceCandidate, IceServer, Seqs } from "./shapes";

export type * from "./meetingshapes";

/** A reply carries the `ref` of what it answers; a broadcast its topic and number. */
interface Framed {
  ref?: string | null;
  topic?: string;
  seq?: number;
}

export type GoneReason =
  | "removed" | "put_back" | "private" | "media_lost" | "hangup" | "over" | "silent" | "replaced" | "locked" | "admitted" | "sent_away" | "left" | "withdrawn"
  | "rearmed" | "long_away" | "check_over" | "recording_goes_on";

/** The server's offer of everybody else. */
export interface ReceptionOffered {
  type: "reception.offer";
  reception_id: string;
  offer: number;
  sdp: string;
  lines: Record<string, { feed_id: string; medium: "audio" | "video" }>;
  ice_servers?: IceServer[] | null;
}

/** Whom a private talk is with. */
export interface TalkPerson {
  id?: string;
  name: string;
  role: Role;
}

/** Server to a page that is in a seat, or may be. */
export type SeatServerMessage = Framed & (
  | { type: "place.joined"; place_id: string; feed_id: string; sdp: string; room: RoomState }
  | { type: "place.resumed"; place_id: string; room: RoomState }
  | { type: "place.left" }
  | { type: "place.taken"; place_id?: string }
  | { type: "place.gone"; place_id?: string; reason: GoneReason }
  | { type: "seat.servers"; ice_servers: IceServer[] }
  | { type: "feed.opened"; feed_id: string; sdp: string }
  | { type: "feed.restarted"; feed_id: string; sdp: string }
  | ReceptionOffered
  /** Of which place's room it is; without one it is the call, as a desk is told. */
  | ({ type: "room.changed"; place_id?: string } & RoomState)
  | { type: "call.said"; message: SaidView }
  | { type: "mute.asked"; by_name: string }
  | ({ type: "consent.asked" } & ConsentAsked)
  | { type: "consent.kept"; round: number; answer: "yes" | "no" }
  | ({ type: "recording.changed"; reason: string } & RecordingNow)
  | { type: "caution.stated"; text: string }
  | { type: "upload.changed"; upload: CallUpload }
  | { type: "talk.asked"; talk_id: string; by: TalkPerson }
  | { type: "talk.began"; talk_id: string; with: TalkPerson; ice_servers: IceServer[] }
  | { type: "talk.ended"; talk_id: string; reason: string; back_to: "call" | "waiting" }
  | { type: "call.ended"; reason: string; questions: boolean }
);

/** A page that is in a seat, or may be, to the server. */
export type SeatClientMessage = { ref?: string } & (
  | { type: "place.join"; sdp: string; purpose: PlacePurpose; talk_id?: string }
  | { type: "place.resume"; place_id: string }
  | { type: "place.leave" }
  | { type: "seat.servers" }
  | { type: "feed.open"; source: Exclude<FeedSource, "camera">; sdp: string }
  | { type: "feed.restart"; feed_id: string; sdp: string }
  | { type: "feed.candidate"; feed_id: string; candidate: IceCandidate | null }
  | { type: "feed.close"; feed_id: string }
  | { type: "reception.answer"; reception_id: string; sdp: string; offer: number }
  | { type: "reception.candidate"; reception_id: string; candidate: IceCandidate | null }
  | { type: "reception.restart"; reception_id: string }
  | { type: "call.layers"; wanted: Record<string, WantedLayer> }
  | { type: "call.own"; is_muted: boolean; camera_off: boolean; rung: CallRung }
  | { type: "call.hand"; up: boolean }
  | { type: "call.say"; client_id: string; text: string }
  | { type: "consent.answer"; round: number; answer: "yes" | "no"; wording_version: number; language: string }
  | { type: "consent.withdraw" }
  | { type: "talk.ask"; with: string }
  | { type: "talk.accept"; talk_id: string }
  | { type: "talk.decline"; talk_id: string }
  | { type: "talk.end" }
);

/** Everything that a person's page needs, sent on each connect. */
export interface MeetingState {
  type: "meeting.state";
  meeting: MeetingView;
  seat: { place_id: string; purpose: PlacePurpose } | null;
  messages: SaidView[];
  uploads: CallUpload[];
  /** An answer that is due now. */
  wording: ConsentAsked | null;
  ice_servers: IceServer[] | null;
  seqs: Seqs;
  ref?: string | null;
}

/** Server to a person's page. */
export type MeetingServerMessage =
  | MeetingState
  | SeatServerMessage
  | (Framed & { type: "meeting.changed"; meeting: MeetingView; ice_servers?: IceServer[] | null })
  | (Framed & { type: "check.ready"; ice_servers: IceServer[] })
  | Pong
  | ErrorMessage;

/** A person's page to the server. */
export type MeetingClientMessage =
  | SeatClientMessage
  | ({ ref?: string } & (
      | { type: "check.begin" }
      | { type: "check.report"; results: CheckResults }
      | { type: "ready.say"; shown_name: string; alone: Exclude<Alone, ""> }
      | { type: "signal.send"; sent_at: string }
      | { type: "meeting.leave" }
      | { type: "language.set"; language: string }
    ))
  | Ping;
