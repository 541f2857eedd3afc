/** What crosses the border between two forces: what ours may be watched of, and what another shows to us. */

import type { ChatMsg, Fix, Instant, SessionKind, SessionSummary, StreamView } from "./shapes";

/** A force of the platform. */
export interface Partner {
  schema: string;
  name: string;
}

/** What another force may watch of a session of ours, and who of it does. */
export interface ShareView {
  id: string;
  /** The schema of the force that may watch. */
  force: string;
  purpose: string;
  chat: boolean;
  /** Whether they may play what is recorded, too; live only otherwise. */
  recording: boolean;
  granted_by_name: string;
  granted_at: Instant;
  ends_at: Instant;
  watchers: string[];
}

/** What another force shares with ours. Nothing else of its session is known here. */
export interface SharedView {
  id: string;
  force: Partner;
  /** Who films. */
  kind: SessionKind;
  reference: string;
  purpose: string;
  chat: boolean;
  /** Whether we may play what is recorded, too, until `ends_at`; live only otherwise. */
  recording: boolean;
  granted_at: Instant;
  ends_at: Instant;
  /** When their session ended; a share with the recording outlives it. */
  ended_at: Instant | null;
  stream: StreamView | null;
  /** What gets through of the picture, and what of the phone's page bears on it. */
  rung: SessionSummary["rung"];
  progress: SessionSummary["progress"];
  /** Whether whoever films agrees to the position: without that none is shown, whatever came before. */
  shows_position: boolean;
  /** Rises with each change of the session. */
  revision: number;
}

/** A sealed recording that another force shares: all that is known of it here. */
export interface SharedRecording {
  id: string;
  started_at: Instant;
  seconds: number;
  bytes: number;
  is_complete: boolean;
}

/** A line of another force's chat: read here, never written. */
export type SharedMsg = Omit<ChatMsg, "session_id" | "client_id">;

/** Why another force may watch no longer. */
export type SharedEnd = "revoked" | "expired" | "session_over" | "no_consent" | "erased";

/** What the server says of what other forces share. */
export type SharedServerMessage =
  | { type: "shared.snapshot"; shared: SharedView; position: Fix | null; messages: SharedMsg[]; recordings: SharedRecording[]; seqs: Record<string, number>; ref?: string | null }
  | { type: "shared.changed"; shared: SharedView; topic: string; seq: number }
  | { type: "shared.granted"; share_id: string; topic: string; seq: number }
  | { type: "shared.ended"; share_id: string; at: Instant | null; reason: SharedEnd; topic: string; seq: number }
  | { type: "shared.position"; share_id: string; fix: Fix; topic: string; seq: number }
  | { type: "shared.message"; share_id: string; message: SharedMsg; topic: string; seq: number }
  | { type: "shared.recordings"; share_id: string; recordings: SharedRecording[]; topic: string; seq: number };

/** What the console asks across the border. */
export type SharedClientMessage =
  | { type: "share.give"; session_id: string; force: string; purpose: string; ends_at: number; chat: boolean; recording: boolean }
  | { type: "share.revoke"; session_id: string; share_id: string }
  | { type: "shared.open"; share_id: string }
  | { type: "shared.close"; share_id: string }
  | { type: "shared.watch"; share_id: string; stream_id: string; replaces?: string };
