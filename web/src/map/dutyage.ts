/** How old an officer's position is, and how old it looks. At rest one comes every 15 s, so it is fresh for longer than a caller's. */

import type { OfficerFix } from "../signalling/messages";
import { fixAge, type Freshness } from "./freshness";

/** Seconds after which it is faded, and after which it is hollow. */
export const DUTY_AGEING_S = 30;
export const DUTY_STALE_S = 120;

/** Age in seconds at `now`, milliseconds of the server's clock. */
export function dutyAge(fix: OfficerFix, now: number): number {
  return fixAge(fix, now);
}

/** How an age in seconds looks. */
export function dutyFreshness(seconds: number): Freshness {
  if (seconds <= DUTY_AGEING_S) return "fresh";
  return seconds <= DUTY_STALE_S ? "ageing" : "stale";
}
