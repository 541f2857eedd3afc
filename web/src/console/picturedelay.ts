/** How old a picture is when it is seen. Pure. */

import type { SendingDelay } from "./state";
import type { WatchStatus } from "./tiletruth";

/** A phone says every 4 s what its part is; after this time without a word, in ms, it is not known any more. */
export const SENDING_KNOWN_MS = 12_000;
/** A picture that is older than this, in ms, is marked: what it shows may be over. */
export const LATE_MS = 2_000;

/** The delay in words, and whether it is marked. */
export interface DelayWords {
  ms: number | null;
  isLate: boolean;
  text: string;
}

/** From the camera to this screen; unknown unless both ends have measured their part. `now` is ms of the server's clock. */
export function pictureDelay(sending: SendingDelay | undefined, watch: WatchStatus | null, now: number): DelayWords {
  const receiving = watch?.receiving_ms ?? null;
  if (sending === undefined || receiving === null || now - sending.at > SENDING_KNOWN_MS) {
    return { ms: null, isLate: false, text: "delay unknown" };
  }
  // Rounded up: a picture is never said to be younger than it is.
  const ms = sending.sending_ms + receiving;
  return { ms, isLate: ms > LATE_MS, text: `${(Math.ceil(ms / 100) / 10).toFixed(1)} s delay` };
}
