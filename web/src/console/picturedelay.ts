/** How old a picture is when it is seen. Pure. */

import type { SendingDelay } from "./state";
import type { WatchStatus } from "./tiletruth";

/** A phone says every 4 s what its part is; after this time without a word, in ms, it is not known any more. */
export const SENDING_KNOWN_MS = 12_000;
/** A picture that is older than this, in ms, is marked, until the force's own limit is known: what it shows may be over. */
export const LATE_MS = 2_000;

/** The delay in words, and whether it is marked. */
export interface DelayWords {
  ms: number | null;
  isLate: boolean;
  text: string;
}

/** When the picture on the screen was taken, by the server's clock: as far back as is measured, and whether that is the whole way. */
export function pictureTime(sending: SendingDelay | undefined, watch: WatchStatus | null, now: number): { at: string; isSure: boolean } {
  const known = sending !== undefined && now - sending.at <= SENDING_KNOWN_MS ? sending.sending_ms : null;
  const receiving = watch?.receiving_ms ?? null;
  return { at: new Date(now - (known ?? 0) - (receiving ?? 0)).toISOString(), isSure: known !== null && receiving !== null };
}

/** What counts of a picture's delay. */
export interface DelayFacts {
  sending: SendingDelay | undefined;
  watch: WatchStatus | null;
  /** Ms of the server's clock. */
  now: number;
  /** The force's limit, in ms. */
  limit: number;
  /** Few drones measure their part: what is known of the rest is said, as what it is. */
  isDrone: boolean;
}

/** From the camera to this screen; unknown unless both ends have measured their part. */
export function pictureDelay({ sending, watch, now, limit, isDrone }: DelayFacts): DelayWords {
  const receiving = watch?.receiving_ms ?? null;
  if (receiving === null) return { ms: null, isLate: false, text: "delay unknown" };
  if (sending === undefined || now - sending.at > SENDING_KNOWN_MS) {
    const text = isDrone ? `${seconds(receiving)} s from the server, before it unknown` : "delay unknown";
    return { ms: null, isLate: isDrone && receiving > limit, text };
  }
  const ms = sending.sending_ms + receiving;
  return { ms, isLate: ms > limit, text: `${seconds(ms)} s delay` };
}

/** Rounded up: a picture is never said to be younger than it is. */
function seconds(ms: number): string {
  return (Math.ceil(ms / 100) / 10).toFixed(1);
}
