/** What a seat needs of its page. */

import type { Capture } from "../media/capture";
import type { FeedTracks } from "../media/reception";
import type { Waiting } from "../signalling/queue";
import type { GoneReason, RoomState, SeatClientMessage } from "../signalling/meetingmessages";

/** `taken`: another tab or device has it. `lost`: it is taken anew by itself. */
export type SeatState = "out" | "joining" | "in" | "lost" | "taken";

/** What the seat needs of the page. */
export interface SeatParts {
  capture: Capture;
  isPhone: boolean;
  send(message: SeatClientMessage, waiting?: Waiting): boolean;
  onState(state: SeatState): void;
  /** The room as it was when the seat was taken, or found again. */
  onRoom(room: RoomState): void;
  onTracks(tracks: ReadonlyMap<string, FeedTracks>): void;
  /** It is over for a reason of the server's; nothing is tried again. */
  onGone(reason: GoneReason): void;
  /** The server will not let this page in: a code of its errors. */
  onRefused(code: string, details: Record<string, unknown>): void;
  onScreen(): void;
  /** For tests. */
  createConnection?: (configuration: RTCConfiguration) => RTCPeerConnection;
  random?: () => number;
}
