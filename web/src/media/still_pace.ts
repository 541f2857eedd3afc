/** How large the next still may be and when it is due, by what became of the ones before. Pure. */

/** Size of the first still when nothing is known of the line, in bytes. */
const FIRST_BYTES = 10_000;
const LEAST_BYTES = 3_000;
const MOST_BYTES = 90_000;
/** A still should be out within this time, in ms: what it takes the line for, heartbeats and positions wait. */
const AIM_MS = 2_000;
const EVERY_MS = 3_000;
/** Longest wait after failures, in ms. */
const SELDOM_MS = 12_000;
/** A still that is not out by then is given up, in ms. */
export const STILL_DEADLINE_MS = 9_000;
/** A line that is this fast may carry video again, in bit/s. */
const FAST_BPS = 250_000;

/** The pace of stills. */
export class StillPace {
  private bytes = FIRST_BYTES;
  private dueAt = 0;
  private failures = 0;

  /** Most bytes for the next still. */
  get budget_bytes(): number {
    return this.bytes;
  }

  /** Whether a still is due. */
  isDue(at: number): boolean {
    return at >= this.dueAt;
  }

  /** One got out. Returns whether the line was fast. */
  sent(at: number, bytes: number, took_ms: number): boolean {
    this.failures = 0;
    const fitting = (bytes / Math.max(took_ms, 50)) * AIM_MS;
    // Up by half at most: a small still that was quick says little of a large one.
    this.bytes = clamp(Math.min(fitting, this.bytes * 1.5));
    this.dueAt = at + Math.max(EVERY_MS, took_ms);
    return took_ms < 1_500 && (bytes * 8_000) / Math.max(took_ms, 1) >= FAST_BPS;
  }

  /** One did not get out. */
  failed(at: number): void {
    this.failures += 1;
    this.bytes = clamp(this.bytes / 3);
    this.dueAt = at + Math.min(1_000 * 2 ** this.failures, SELDOM_MS);
  }
}

function clamp(bytes: number): number {
  return Math.round(Math.min(Math.max(bytes, LEAST_BYTES), MOST_BYTES));
}
