/** One incident whole: its people, its group text, its items and what happened in it. */

import type { Instant, OpenIncident, Seqs, SessionSummary, UploadView } from "./shapes";

/** An incident as its page shows it. */
export interface IncidentView {
  id: string;
  reference: string;
  external_reference: string;
  type: string;
  type_label: string;
  description: string;
  opened_at: Instant;
  opened_by_name: string;
  closed_at: Instant | null;
}

/** An officer who is on an incident; `session_id` is the own live session in it, where there is one. */
export interface OnIncident {
  id: string;
  name: string;
  number: string;
  session_id: string | null;
}

/** A line of the group text. No two of an incident have the same `sent_at`: it is their order. */
export interface IncidentMsg {
  id: string;
  incident_id: string;
  sender: "control" | "officer";
  sender_id: string;
  sender_name: string;
  text: string;
  sent_at: Instant;
  client_id: string;
}

/** An item of evidence, as far as a list shows it. */
export interface ItemLine {
  id: string;
  session_id: string;
  kind: "recording" | "still" | "upload" | "sequence" | "call";
  state: "sealing" | "sealed" | "failed" | "erasing";
  started_at: Instant;
  ended_at: Instant;
  sealed_at: Instant | null;
  duration_ms: number | null;
  picture_count: number;
  is_held: boolean;
}

/** A file that is not an item yet, or was refused. */
export type UploadLine = UploadView & { session_id: string };

/** One thing that happened; what `detail` holds depends on the kind. */
export interface TimelineEntry {
  id: string;
  at: Instant;
  kind: string;
  session_id: string | null;
  who: string;
  detail: Record<string, unknown>;
}

/** What an incident's page is made of. */
export interface IncidentPage {
  incident: IncidentView;
  sessions: SessionSummary[];
  officers: OnIncident[];
  messages: IncidentMsg[];
  items: ItemLine[];
  uploads: UploadLine[];
}

/** An incident that an officer is on, with its newest messages, oldest first. */
export interface Group {
  incident: OpenIncident;
  messages: IncidentMsg[];
}

/** A new line of the group text. */
export interface IncidentMessage {
  type: "incident.message";
  message: IncidentMsg;
  topic: string;
  seq: number;
}

/** What the server says of incidents. */
export type IncidentServerMessage =
  | ({ type: "incident.snapshot"; seqs: Seqs; ref?: string | null } & IncidentPage)
  | IncidentMessage
  | { type: "incident.changed"; incident: IncidentView; topic: string; seq: number }
  | {
      type: "incident.said"; incident_id: string; reference: string; session_id: string | null; sender_name: string; sent_at: Instant;
      topic: string; seq: number;
    };

/** A line that is to be said to everybody on an incident. */
export interface IncidentSay {
  type: "incident.say";
  incident_id: string;
  client_id: string;
  text: string;
}

/** What the console asks of incidents. */
export type IncidentClientMessage =
  | { type: "incident.open"; incident_id: string }
  | { type: "incident.close"; incident_id: string }
  | IncidentSay;
