/** What officers are asked to do: who is near, who goes where, and who shows what is there. Times are ISO 8601 in UTC. */

import type { DutyStatus, OfficerFix, OfficerView } from "./officershapes";
import type { Fix, Instant } from "./shapes";

/** With how far away they were at their newest fix, and how old it was when this was answered; null: not known. */
export interface NearOfficer extends OfficerView {
  distance_m: number | null;
  accuracy_m: number | null;
  age_s: number | null;
}

/** The answer of officers/nearest/. */
export interface Nearest {
  now: Instant;
  /** Null while it is not known where that is; a point that was named has no time. */
  place: Pick<Fix, "latitude" | "longitude"> & Partial<Fix> | null;
  officers: NearOfficer[];
  /** Who was asked to go there, whatever they do. */
  assigned: NearOfficer[];
}

export interface IncidentName {
  id: string;
  reference: string;
  external_reference: string;
  type_label: string;
}

export type AssignmentRefusal = "committed" | "too_far" | "not_equipped" | "end_of_shift" | "other";
export type ViewRefusal = "not_safe" | "busy" | "no_signal" | "other";

/** An officer asked to go to an incident. */
export interface AssignmentView {
  id: string;
  /** Rises with each change. */
  revision: number;
  incident: IncidentName;
  officer: { id: string; name: string; number: string };
  /** What the officer does now; null: off duty. */
  status: DutyStatus | null;
  note: string;
  state: "asked" | "accepted" | "declined" | "ended";
  asked_by_name: string;
  asked_at: Instant;
  answered_at: Instant | null;
  refusal: "" | AssignmentRefusal | "off_duty";
  ended_at: Instant | null;
  end_reason: "" | "done" | "withdrawn" | "stood_down" | "off_duty" | "incident_closed";
}

/** An officer asked to go live. */
export interface ViewRequestView {
  id: string;
  revision: number;
  incident: IncidentName | null;
  officer: { id: string; name: string; number: string };
  reason: string;
  state: "asked" | "accepted" | "declined" | "withdrawn" | "expired";
  asked_by_name: string;
  asked_at: Instant;
  expires_at: Instant;
  closed_at: Instant | null;
  refusal: "" | ViewRefusal | "off_duty";
  /** The session in which the officer then went live. */
  session_id: string | null;
}

/** Somebody who goes to the same incident. */
export interface Goer {
  id: string;
  name: string;
  number: string;
  status: DutyStatus;
  fix: OfficerFix | null;
}

/** What the officer is asked, or has accepted, as the own page reads it. */
export interface OwnAssignment extends Pick<AssignmentView, "id" | "incident" | "note" | "asked_by_name" | "asked_at" | "answered_at"> {
  state: "asked" | "accepted";
  /** The newest that was accepted. */
  is_current: boolean;
  place: Fix | null;
  /** How far that was from the officer's fix of `distance_at`. */
  distance_m: number | null;
  distance_at: Instant | null;
  colleagues: Goer[];
}

/** Who asks to see, and why. */
export type OwnViewRequest = Pick<ViewRequestView, "id" | "incident" | "reason" | "asked_by_name" | "asked_at" | "expires_at">;

/** What the console says of it. */
export type AskingMessage =
  | { type: "assignment.ask"; incident_id: string; officer_id: string; note: string }
  | { type: "assignment.end"; assignment_id: string }
  | { type: "view.request"; officer_id: string; incident_id: string | null; reason: string }
  | { type: "view.withdraw"; request_id: string };

/** What the officer's page answers. */
export type AnsweringMessage =
  | { type: "assignment.accept"; assignment_id: string }
  | { type: "assignment.decline"; assignment_id: string; reason: AssignmentRefusal }
  | { type: "assignment.done"; assignment_id: string }
  | { type: "view.accept"; request_id: string }
  | { type: "view.decline"; request_id: string; reason: ViewRefusal };

interface Broadcast {
  topic: string;
  seq: number;
}

/** What every console is told. */
export type AskedServerMessage =
  | ({ type: "assignment.changed"; assignment: AssignmentView } & Broadcast)
  | ({ type: "view.changed"; request: ViewRequestView } & Broadcast);
