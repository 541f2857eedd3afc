/** What a peer connection's statistics say of the way out, second by second. */

import type { Sample } from "./ladder";

/** The part of a sample that the connection knows. */
export type Uplink = Pick<Sample, "path" | "available_bps" | "frames" | "isTopSent" | "rtt_ms" | "lost">;

/** No connection: nothing gets out. */
export const NO_UPLINK: Uplink = { path: "none", available_bps: null, frames: 0, isTopSent: false, rtt_ms: null, lost: null };

const LEAST_FRAMES = 3;
/** A phone that sends one layer only sends a good one above this, in bit/s. */
const GOOD_SINGLE_BPS = 400_000;

/** The fields of statistics that are read; browsers leave some out. */
interface Stat {
  id: string;
  type: string;
  kind?: string;
  rid?: string;
  framesSent?: number;
  availableOutgoingBitrate?: number;
  currentRoundTripTime?: number;
  nominated?: boolean;
  roundTripTime?: number;
  fractionLost?: number;
}

/** Makes differences of counters. One for each publisher; a new connection counts anew. */
export class UplinkMeter {
  private counts = new Map<string, number>();
  private at: number | null = null;

  /** Read statistics that were taken at `at` (ms). @param isConnected the connection's own word */
  read(stats: Iterable<unknown>, isConnected: boolean, at: number): Uplink {
    const all = [...stats] as Stat[];
    const seconds = this.at === null ? 1 : Math.max((at - this.at) / 1000, 0.2);
    this.at = at;
    const layers = all.filter((stat) => stat.type === "outbound-rtp" && stat.kind === "video");
    // On a line that chokes the pair in use may be "in-progress": its state says nothing.
    const pairs = all.filter((stat) => stat.type === "candidate-pair" && stat.nominated === true);
    const pair = pairs.find((stat) => stat.availableOutgoingBitrate !== undefined) ?? pairs[0];
    const reports = all.filter((stat) => stat.type === "remote-inbound-rtp" && stat.kind === "video");
    const rates = new Map(layers.map((stat) => [stat.rid ?? "", this.rate(stat.id, stat.framesSent ?? 0, seconds)]));
    const available_bps = pair?.availableOutgoingBitrate ?? null;
    return {
      path: isConnected ? "up" : "none",
      available_bps,
      frames: Math.max(0, ...rates.values()),
      isTopSent: isTopSent(rates, available_bps),
      rtt_ms: worst([pair?.currentRoundTripTime, ...reports.map((stat) => stat.roundTripTime)]),
      lost: reports.length === 0 ? null : Math.max(...reports.map((stat) => stat.fractionLost ?? 0)),
    };
  }

  private rate(id: string, count: number, seconds: number): number {
    const before = this.counts.get(id) ?? count;
    this.counts.set(id, count);
    return Math.max(0, count - before) / seconds;
  }
}

/** The longest way there and back in ms: the pair's own checks are rare, the reports of the picture are not. */
function worst(times_s: (number | undefined)[]): number | null {
  const known = times_s.filter((time) => time !== undefined);
  return known.length === 0 ? null : Math.max(...known) * 1000;
}

function isTopSent(rates: ReadonlyMap<string, number>, available_bps: number | null): boolean {
  const top = rates.get("h");
  if (top !== undefined) return top >= LEAST_FRAMES;
  return (rates.get("") ?? 0) >= LEAST_FRAMES && (available_bps ?? Infinity) >= GOOD_SINGLE_BPS;
}
