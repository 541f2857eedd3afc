/**
 * How long a picture takes on one leg, from what the browser itself counts.
 *
 * The media server has no clock in common with a phone, and its reports restart the clock of the phone's. So each end
 * measures its own leg: what the picture waits inside the browser, and the way to or from the server. A way is half of
 * the shortest round trip seen, and all of what a later one takes longer: queues stand where the pictures go. Here is what
 * both ends count alike: a phone loads no more than its own leg.
 */

/** Entries of `RTCPeerConnection.getStats`. */
export type Stats = Iterable<Record<string, unknown>>;

/** The way in one direction, by round trips. */
export class OneWay {
  private least: number | null = null;

  /** Milliseconds of the way, for a round trip in milliseconds. */
  take(roundTrip_ms: number): number {
    this.least = Math.min(this.least ?? roundTrip_ms, roundTrip_ms);
    return this.least / 2 + (roundTrip_ms - this.least);
  }
}

/** The mean of what is counted in totals, between two looks at them. */
export class Mean {
  private total = 0;
  private count = 0;

  /** Mean in milliseconds of a total in seconds; null while nothing was added. */
  take(total_s: unknown, count: unknown): number | null {
    if (typeof total_s !== "number" || typeof count !== "number") return null;
    const [added, more] = [total_s - this.total, count - this.count];
    [this.total, this.count] = [total_s, count];
    return more > 0 && added >= 0 ? (added / more) * 1000 : null;
  }
}

/** The round trip of the pair of addresses that is used. */
export function candidateTrip(entries: Record<string, unknown>[]): number | null {
  const pair = entries.find((one) => one.type === "candidate-pair" && one.nominated === true && one.state === "succeeded");
  return typeof pair?.currentRoundTripTime === "number" ? pair.currentRoundTripTime * 1000 : null;
}

/** The entries of a report of the browser. */
export function statsOf(report: RTCStatsReport): Record<string, unknown>[] {
  const entries: Record<string, unknown>[] = [];
  report.forEach((entry: Record<string, unknown>) => entries.push(entry));
  return entries;
}
