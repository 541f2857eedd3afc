/** What an outside agency is shown, and what our consoles are told of agencies. */

import type { Fix, IceCandidate, Instant, SessionKind, SessionSummary, StreamView } from "./shapes";

/** Where a message to an agency's contact stands. */
export interface AgencyMessageView {
  state: "queued" | "sending" | "sent" | "delivered" | "failed";
  queued_at: Instant;
  failure_reason: string;
}

/** Somebody of an agency who opened the link. */
export interface AgencyViewerView {
  id: string;
  name: string;
  opened_at: Instant;
  /** Null while no right code was entered. */
  verified_at: Instant | null;
  is_watching: boolean;
  code_made_at: Instant | null;
  code_message: AgencyMessageView | null;
}

export type AgencyKind = "ambulance" | "fire" | "coastguard" | "local_authority" | "other";
export type AgencyPurpose = "medical" | "fire_rescue" | "search" | "public_safety" | "joint_response" | "other";

/** What an agency may watch of a session of ours, and who of it waits or does. */
export interface AgencyShareView {
  id: string;
  kind: AgencyKind;
  agency: string;
  contact_name: string;
  contact_phone_masked: string;
  contact_email_masked: string;
  purpose: string;
  granted_by_name: string;
  granted_at: Instant;
  ends_at: Instant;
  most_viewers: number;
  link_message: AgencyMessageView | null;
  viewers: AgencyViewerView[];
}

/** What is shared with an agency, as its own page has it. */
export interface AgencyView {
  id: string;
  force_name: string;
  agency: string;
  /** Who films. */
  kind: SessionKind;
  reference: string;
  purpose: string;
  granted_at: Instant;
  ends_at: Instant;
  stream: StreamView | null;
  /** What gets through of the picture, and what of the phone's page bears on it. */
  rung: SessionSummary["rung"];
  progress: SessionSummary["progress"];
  /** Whether whoever films agrees to the position: without that none is shown, whatever came before. */
  shows_position: boolean;
  /** Rises with each change of the session. */
  revision: number;
}

/** Why an agency may watch no longer. */
export type AgencyEnd = "revoked" | "expired" | "session_over" | "no_consent";

/** Why one viewer of it may: the control room ended it, or the page was not heard and another took the place. */
export type AgencyViewerEnd = "left" | "dismissed" | "displaced";

/** The server to an agency's page, beside a watch's own frames. */
export type AgencyServerMessage =
  | {
      type: "agency.snapshot";
      now: Instant;
      viewer: { id: string; name: string };
      shared: AgencyView;
      position: Fix | null;
      seqs: Record<string, number>;
      ref?: string | null;
    }
  | { type: "agency.changed"; shared: AgencyView; topic: string; seq: number }
  | { type: "agency.position"; fix: Fix; topic: string; seq: number }
  | { type: "agency.viewer_ended"; viewer_id: string; reason: AgencyViewerEnd; topic: string; seq: number }
  | { type: "agency.ended"; at: Instant | null; reason: AgencyEnd; topic: string; seq: number };

/** An agency's page to the server. */
export type AgencyClientMessage = { ref?: string } & (
  | { type: "agency.snapshot" }
  | { type: "agency.watch"; stream_id: string; replaces?: string }
  | { type: "watch.answer"; watch_id: string; sdp: string }
  | { type: "watch.candidate"; watch_id: string; candidate: IceCandidate | null }
  | { type: "watch.stop"; watch_id: string }
  | { type: "agency.leave" }
);
