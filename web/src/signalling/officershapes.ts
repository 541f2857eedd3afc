/** Officers on duty: where they are, as their own phones tell it and as the control room sees it. */

import type { Instant, OfficerStatus, PositionReport } from "./shapes";

/** Where an officer is, or was. The server's clock; degrees WGS 84, metres, metres per second. */
export interface OfficerFix {
  latitude: number;
  longitude: number;
  accuracy_m: number;
  heading_deg: number | null;
  speed_mps: number | null;
  fixed_at: Instant;
  received_at: Instant;
  /** It waited on the phone for a network: more than a minute old when it arrived. */
  is_late: boolean;
}

/** An officer on duty, as the control room sees one. */
export interface OfficerView {
  id: string;
  name: string;
  number: string;
  role: string;
  team: string;
  /** Labels, for people. */
  skills: string[];
  languages: string;
  status: Exclude<OfficerStatus, "off_duty">;
  status_at: Instant;
  began_at: Instant;
  /** Null until the first of the shift. */
  fix: OfficerFix | null;
  /** The own live session that goes on. */
  session_id: string | null;
}

/** Where a phone on duty was; `fixed_at` is milliseconds since 1970 by the server's clock. */
export type DutyFix = Omit<PositionReport, "altitude_m">;

/** What the server says of officers on duty to a console that follows them. */
export type OfficersServerMessage =
  | { type: "officers.snapshot"; now: Instant; officers: OfficerView[]; seqs: Record<string, number>; ref?: string | null }
  | { type: "officers.moved"; officers: { id: string; fix: OfficerFix }[]; topic: string; seq: number }
  | { type: "officer.on_duty"; officer: OfficerView; topic: string; seq: number }
  | { type: "officer.off_duty"; id: string; topic: string; seq: number };

/** What the console asks of them. */
export type OfficersClientMessage = { type: "officers.follow" } | { type: "officers.leave" };

/** What the officer's page sends while on duty and not live: 1 to 120 fixes. */
export interface DutyFixes {
  type: "duty.fixes";
  fixes: DutyFix[];
}

/** They are kept for good; `refused` of them were not, being too old or in the future. */
export interface DutyKept {
  type: "duty.kept";
  count: number;
  refused?: number;
  ref?: string | null;
}
