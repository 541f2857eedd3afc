/** How old a fix is, and how old it looks. A stale position must never look live. */

import type { Fix } from "../signalling/messages";

/** fresh: up to 15 s. ageing: up to 60 s (amber). stale: older (grey). */
export type Freshness = "fresh" | "ageing" | "stale";

/** Seconds after which a fix is shown amber. */
export const AGEING_AFTER_S = 15;

/** Seconds after which a fix is shown grey. */
export const STALE_AFTER_S = 60;

/**
 * Age of a fix in seconds at `now` (milliseconds of the server's clock).
 *
 * The phone's clock may run ahead, so the age counts from the earlier of the fix and its arrival.
 */
export function fixAge(fix: Pick<Fix, "fixed_at" | "received_at">, now: number): number {
  const fixed = Date.parse(fix.fixed_at);
  const received = Date.parse(fix.received_at);
  const taken = Number.isNaN(fixed) ? received : Math.min(fixed, Number.isNaN(received) ? fixed : received);
  return Math.max(0, (now - taken) / 1000);
}

/** How a fix of an age in seconds is shown. */
export function freshnessOf(ageSeconds: number): Freshness {
  if (ageSeconds <= AGEING_AFTER_S) return "fresh";
  return ageSeconds <= STALE_AFTER_S ? "ageing" : "stale";
}

/** Opacity of a marker: full while fresh, then fading to a third over five minutes. */
export function markerOpacity(ageSeconds: number): number {
  if (ageSeconds <= AGEING_AFTER_S) return 1;
  const faded = 0.85 - ((ageSeconds - AGEING_AFTER_S) / 285) * 0.52;
  return Math.max(0.33, faded);
}
