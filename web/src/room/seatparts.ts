/** What a seat needs of its page. */

import type { Capture } from "../media/capture";
import type { FeedTracks } from "../media/reception";
import type { Waiting } from "../signalling/queue";
import type { GoneReason, RoomState, SeatClientMessage } from "../signalling/meetingmessages";

/** `taken`: another tab or device has it. `lost`: it is taken anew by itself. */
export type SeatState = "out" | "joining" | "in" | "lost" | "taken";

/** Times in ms: until a way without media is tried anew, and between two tries to join. */
export const RESTART_AFTER_MS = 4_000;
export const AGAIN_MS = [300, 600, 1_200, 2_500, 5_000] as const;
export const JITTER_MS = 500;
/** Longest wait for the answer to a join, in ms. */
export const ANSWER_MS = 8_000;
/** Refusals that a moment may change. */
export const LATER = new Set([
  "media_unavailable", "unavailable", "busy", "rate_limited", "gateway_failed", "internal", "outcome_unknown", "place_over", "too_many_requests",
]);

/** Ends of a place after which the person still may have one. */
export const COMES_BACK: ReadonlySet<GoneReason> = new Set(["media_lost", "hangup", "silent", "recording_goes_on"]);

/** What the seat needs of the page. */
export interface SeatParts {
  capture: Capture;
  isPhone: boolean;
  readonly send: (message: SeatClientMessage, waiting?: Waiting) => boolean;
  readonly onState: (state: SeatState) => void;
  /** The room as it was when the seat was taken, or found again. */
  readonly onRoom: (room: RoomState) => void;
  readonly onTracks: (tracks: ReadonlyMap<string, FeedTracks>) => void;
  /** It is over for a reason of the server's; nothing is tried again. */
  readonly onGone: (reason: GoneReason) => void;
  /** The server will not let this page in: a code of its errors. */
  readonly onRefused: (code: string, details: Record<string, unknown>) => void;
  readonly onScreen: () => void;
  /** For tests. */
  createConnection?: (configuration: RTCConfiguration) => RTCPeerConnection;
  random?: () => number;
}
