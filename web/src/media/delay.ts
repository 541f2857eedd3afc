/**
 * How long a picture takes on one leg, from what the browser itself counts.
 *
 * The media server has no clock in common with a phone, and its reports restart the clock of the phone's. So each end
 * measures its own leg: what the picture waits inside the browser, and the way to or from the server. A way is half of
 * the shortest round trip seen, and all of what a later one takes longer: queues stand where the pictures go.
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
class Mean {
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

/** From the camera's picture to the media server. */
export class SendingMeter {
  private readonly encoding = new Mean();
  private readonly waiting = new Mean();
  private readonly way = new OneWay();

  /** Milliseconds at this look; null where the browser does not count enough, or nothing was sent. */
  take(stats: Stats): number | null {
    const entries = [...stats];
    const sent = entries.find((one) => one.type === "outbound-rtp" && one.kind === "video");
    const trip = reportedTrip(entries) ?? candidateTrip(entries);
    if (sent === undefined || trip === null) return null;
    const encoding = this.encoding.take(sent.totalEncodeTime, sent.framesEncoded);
    const waiting = this.waiting.take(sent.totalPacketSendDelay, sent.packetsSent);
    if (encoding === null) return null;
    return Math.round(encoding + (waiting ?? 0) + this.way.take(trip));
  }
}

/** From the media server to the screen. */
export class ReceivingMeter {
  private readonly processing = new Mean();
  private readonly way = new OneWay();
  private shown: number[] = [];

  /** A picture was presented: what lies between its arrival and its presentation, where the browser says. */
  presented(metadata: { receiveTime?: number; expectedDisplayTime?: number }): void {
    const { receiveTime, expectedDisplayTime } = metadata;
    if (receiveTime === undefined || expectedDisplayTime === undefined) return;
    this.shown.push(Math.max(0, expectedDisplayTime - receiveTime));
  }

  /** Milliseconds at this look; null where the browser does not count enough, or nothing arrived. */
  take(stats: Stats): number | null {
    const entries = [...stats];
    const received = entries.find((one) => one.type === "inbound-rtp" && one.kind === "video");
    const trip = candidateTrip(entries);
    if (received === undefined || trip === null) return null;
    const counted = this.processing.take(received.totalProcessingDelay, received.framesDecoded);
    const inside = middle(this.shown) ?? counted;
    this.shown = [];
    return inside === null ? null : Math.round(inside + this.way.take(trip));
  }
}

/** The round trip that the media server's reports give: measured where the pictures go. */
function reportedTrip(entries: Record<string, unknown>[]): number | null {
  const report = entries.find((one) => one.type === "remote-inbound-rtp" && one.kind === "video");
  return typeof report?.roundTripTime === "number" ? report.roundTripTime * 1000 : null;
}

/** The round trip of the pair of addresses that is used. */
function candidateTrip(entries: Record<string, unknown>[]): number | null {
  const pair = entries.find((one) => one.type === "candidate-pair" && one.nominated === true && one.state === "succeeded");
  return typeof pair?.currentRoundTripTime === "number" ? pair.currentRoundTripTime * 1000 : null;
}

function middle(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}

/** The entries of a report of the browser. */
export function statsOf(report: RTCStatsReport): Record<string, unknown>[] {
  const entries: Record<string, unknown>[] = [];
  report.forEach((entry: Record<string, unknown>) => entries.push(entry));
  return entries;
}
