/** What a consultation is made of, for both of its pages (consultations/PROTOCOL.md is its text). */

import type { Instant, RiskOutcome, RiskRefusal, UploadView } from "./shapes";

export const ROLES = [
  "officer", "supervisor", "victim", "witness", "reporting_person", "interpreter", "bsl_interpreter", "appropriate_adult", "solicitor", "support_worker",
] as const;
export type Role = (typeof ROLES)[number];
/** `aid`: whoever helps a member of the public, or speaks for them. */
export type Side = "police" | "public" | "aid";
export type FeedSource = "camera" | "screen";
/** How much of somebody's own picture gets out; "" before that is known. */
export type CallRung = "video" | "video_low" | "voice" | "";
/** What is asked for of a feed's picture. Sound is never off. */
export type WantedLayer = "high" | "middle" | "low" | "off";
export type PlacePurpose = "call" | "talk" | "check";
export type Alone = "" | "yes" | "no" | "unsaid";
export type PersonState = "in_call" | "lost" | "private" | "coming";
export type ParticipantState = "invited" | "waiting" | "admitted" | "sent_away" | "left" | "removed" | "withdrawn" | "over";
export type ConsultationState = "planned" | "open" | "ended" | "cancelled" | "missed";
export type Phase = "early" | "check" | "waiting" | "private" | "call" | "away" | "sent_away" | "left" | "over" | "removed";
export const PURPOSES = ["report", "domestic_abuse", "scene_advice", "statement", "welfare", "other"] as const;
export type Purpose = (typeof PURPOSES)[number];

/** One camera or screen that is sent into the room. `layers`: bits of those that arrive. */
export interface FeedView {
  id: string;
  source: FeedSource;
  is_up: boolean;
  hears: boolean;
  layers: number;
  is_live: boolean;
}

/** Somebody who has a seat in the room, as everybody in it may know them. */
export interface PersonView {
  id: string;
  name: string;
  role: Role;
  side: Side;
  state: PersonState;
  is_leader: boolean;
  hand_at: Instant | null;
  is_muted: boolean;
  camera_off: boolean;
  rung: CallRung;
  is_recorded: boolean;
  feeds: FeedView[];
  since: Instant;
}

/** Whether it is recorded now, and since when this part of the recording goes on. */
export interface RecordingNow {
  on: boolean;
  part: { number: number; started_at: Instant } | null;
}

/** The whole room as everybody in it may know it; a lower revision is older. */
export interface RoomState {
  revision: number;
  people: PersonView[];
  screen_feed_id: string | null;
  is_locked: boolean;
  recording: RecordingNow;
  caution: { text: string } | null;
}

/** One line of the chat of a call. */
export interface SaidView {
  id: string;
  participant_id: string;
  name: string;
  role: Role;
  text: string;
  sent_at: Instant;
  client_id: string;
}

/** A file that was sent into a call, and by whom. */
export type CallUpload = UploadView & { sender_id: string; sender_name: string };

/** What somebody is asked to agree to; the version goes back with the answer. */
export interface RecordingWords {
  version: number;
  language: string;
  title: string;
  body: string;
  withdraw_text: string;
}

/** A question whether somebody may be recorded. `joined`: the asked one comes in; `someone_joined`: somebody else does. */
export interface ConsentAsked {
  round: number;
  why: "started" | "joined" | "someone_joined";
  wording: RecordingWords;
}

/** One leg of a line check. `absent`: not to be had here; `unsaid`: not tried. */
export type Leg = "ok" | "failed" | "absent" | "unsaid";
export const LEGS = ["camera", "microphone", "speaker", "udp", "tcp", "tls"] as const;
export type LegName = (typeof LEGS)[number];

/** What a line check found; `codes` say why something failed. */
export type CheckResults = Record<LegName, Leg> & {
  rtt_ms: number | null;
  up_kbit_s: number | null;
  loss_pct: number | null;
  browser: string;
  codes: string[];
};
export type CheckView = CheckResults & { at: Instant };

/** Somebody who waits, as officers know them. A stale `admission` makes an act of a page that did not know the newest one refused. */
export interface WaitingView {
  id: string;
  admission: number;
  name: string;
  role: Role;
  language: string;
  state: ParticipantState;
  waiting_since: Instant | null;
  position: number | null;
  alone: Alone;
  check: CheckView | null;
  is_private: boolean;
  signal_at: Instant | null;
  is_here: boolean;
  told: { text: string } | null;
}

/** The meeting as the page of one of its people knows it. */
export interface MeetingView {
  session_id: string;
  participant_id: string;
  phase: Phase;
  starts_at: Instant;
  length_min: number;
  /** Null in safe mode. */
  purpose_words: string | null;
  language: string;
  safe_mode: boolean;
  position: number | null;
  ahead: number | null;
  call_number: string | null;
  call_after_at: Instant | null;
  message: string | null;
  role: Role;
  shown_name: string;
  has_aid_to_talk_to: { id: string; name: string; role: Role }[];
}

/** Somebody who was invited, as officers know them. */
export interface ParticipantLine {
  id: string;
  role: Role;
  side: Side;
  name: string;
  shown_name: string;
  state: ParticipantState;
  admission: number;
  language: string;
  safe_mode: boolean;
  /** Masked. */
  contact: string;
  user_id: string | null;
  link_opened_at: Instant | null;
  message: { kind: string; state: string; at: Instant | null; failure_reason: string } | null;
}

/** Somebody asks for another time. */
export interface MoveView {
  id: string;
  participant_id: string;
  name: string;
  text: string;
  asked_at: Instant;
  answer: "" | "moved" | "kept";
}

/** Somebody called for help without anybody beside them seeing it. */
export interface SignalView {
  id: string;
  session_id: string;
  participant_id: string;
  name: string;
  at: Instant;
  seen_at: Instant | null;
  seen_by_name: string;
}

/** Somebody became a suspect in the call. */
export interface CautionView {
  participant_id: string;
  name: string;
  at: Instant;
  reason: string;
  goes_on: boolean;
  recording: "off" | "asking" | "on";
  stated_by_name: string;
}

/** The whole consultation as officers know it. */
export interface ConsultationView {
  id: string;
  incident: { id: string; reference: string };
  purpose: Purpose;
  purpose_note: string;
  starts_at: Instant;
  length_min: number;
  team: string;
  state: ConsultationState;
  taken_by: { id: string; name: string } | null;
  is_locked: boolean;
  recording: {
    state: "off" | "asking" | "on";
    round: number;
    part: { number: number; started_at: Instant } | null;
    /** It was booked to be recorded. */
    wish: boolean;
    answers: { id: string; answer: "" | "yes" | "no" }[];
  };
  risk: { outcome: RiskOutcome | null; due_at: Instant | null; is_overdue: boolean; asked_at: Instant | null; refusals: RiskRefusal[] };
  caution: CautionView | null;
  participants: ParticipantLine[];
  counts: { inside: number; waiting: number; invited: number };
  moves: MoveView[];
  outcome: { code: string; label: string; note: string } | null;
  /** Since when no officer is in the call. */
  nobody_leads_since: Instant | null;
  revision: number;
}

/** Who looks at a consultation, in it. */
export interface DeskMe {
  participant_id: string | null;
  state: ParticipantState | "";
  is_leader: boolean;
  may_take: boolean;
  may_oversee: boolean;
  is_other_unit: boolean;
}

/** A consultation on the board. */
export interface BoardRow {
  id: string;
  revision: number;
  incident: { id: string; reference: string };
  purpose: Purpose;
  starts_at: Instant;
  length_min: number;
  team: string;
  state: ConsultationState;
  taken_by: { id: string; name: string } | null;
  roles: Role[];
  languages: string[];
  waiting: number;
  longest_since: Instant | null;
  inside: number;
  /** Somebody waits for longer than the force promises. */
  is_late: boolean;
  /** No officer is in the call; the risk was not asked again in time. */
  nobody_leads_since: Instant | null;
  is_risk_late: boolean;
  recording: "off" | "asking" | "on";
  has_signal: boolean;
  moves: number;
}

