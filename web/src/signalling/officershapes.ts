/** Officers on duty: where they are, as their own phones say it and as the control room follows it. */

import type { Instant, OfficerStatus, PositionReport } from "./shapes";

/** Where an officer was: degrees WGS 84, metres, degrees from north, metres per second. */
export interface OfficerFix {
  latitude: number;
  longitude: number;
  accuracy_m: number;
  heading_deg: number | null;
  speed_mps: number | null;
  fixed_at: Instant;
  received_at: Instant;
  /** Taken while the phone had no network. */
  is_late: boolean;
}

/** What somebody on duty does. */
export type DutyStatus = Exclude<OfficerStatus, "off_duty">;

/** An officer on duty as the control room sees them. */
export interface OfficerView {
  id: string;
  name: string;
  number: string;
  role: string;
  team: string;
  skills: string[];
  languages: string;
  status: DutyStatus;
  status_at: Instant;
  began_at: Instant;
  /** Null until the phone has said where it is. */
  fix: OfficerFix | null;
  /** The officer's own session that goes on. */
  session_id: string | null;
  /** Since when what the phone says of its position is not believed; null: it is. */
  doubt_at: Instant | null;
}

/** Where a phone on duty was; `fixed_at` is milliseconds since 1970 by the server's clock. */
export type DutyFix = Omit<PositionReport, "altitude_m">;

/** The officer's page to the server: 1 to 120 fixes. */
export interface DutyFixes {
  type: "duty.fixes";
  fixes: DutyFix[];
}

/** `count` fixes are durable, and may be forgotten on the phone; `refused` never will be kept. */
export interface DutyKept {
  type: "duty.kept";
  count: number;
  refused: number;
  /** The newest of them is kept, and not believed. */
  is_doubtful?: boolean;
  ref?: string | null;
}

/** What the server says of officers to a console that follows them. */
export type OfficersServerMessage =
  | { type: "officers.snapshot"; now: Instant; officers: OfficerView[]; seqs: Record<string, number>; ref?: string | null }
  /** An id that is not known is passed over: its officer went off duty a moment ago. */
  | { type: "officers.moved"; officers: { id: string; fix: OfficerFix }[]; topic: string; seq: number; seq_from?: number }
  | { type: "officer.doubtful"; id: string; at: Instant; topic: string; seq: number }
  | { type: "officer.on_duty"; officer: OfficerView; topic: string; seq: number }
  /** A shift whose `began_at` is later than `at` stands. */
  | { type: "officer.off_duty"; id: string; at: Instant; topic: string; seq: number };

/** What the console asks about officers. */
export type OfficersClientMessage = { type: "officers.follow" } | { type: "officers.leave" };
