/** Items of evidence as the REST API shows them. */

/** A stretch of the session in the playable file; of a call with the number of its part. */
export interface ItemSegment {
  started_at: string;
  offset_ms: number;
  duration_ms: number;
  part?: number;
}

/** Somebody's picture and sound in the film of a call; of who was left out later there is the role alone. */
export interface CastLine {
  name: string;
  role: string;
  source: string;
  is_left_out: boolean;
}

/** A recording of a session, a call, or a sequence: the pictures that stood for a stretch of its video. */
export interface Item {
  /** Stills and uploads stand in the gallery. */
  kind: "recording" | "still" | "upload" | "sequence" | "call";
  id: string;
  state: "sealing" | "sealed" | "failed" | "erased";
  started_at: string | null;
  ended_at: string | null;
  duration_ms: number | null;
  /** Where stretches of the session lie in the playable file. */
  segments?: ItemSegment[];
  /** When it was not recorded, and of a call why. */
  gaps?: { from: string | null; to: string | null; reason?: string }[];
  /** Of a call. */
  cast?: CastLine[];
  /** Of a sequence. */
  picture_count?: number;
  is_complete: boolean;
  failure_reason?: string;
  erase_due_at?: string | null;
  /** The hold in force: the item is kept beyond its time. */
  hold?: { reason: string; placed_by_name: string } | null;
  files?: { role: string; sha256?: string; bytes?: number }[];
}
