/** What a peer connection's statistics say of the way in, second by second: of all lines of a reception together. */

/** The last second of everything that was received. */
export interface Downlink {
  /** Part of the packets that did not arrive, 0 to 1; null before anything could arrive. */
  lost: number | null;
  /** What the browser believes could come in, in bit/s; null where it does not say. */
  available_bps: number | null;
  /** Pictures that stood still. */
  freezes: number;
  /** Loudness by line (`mid`), where the browser says it here. */
  levels: ReadonlyMap<string, number>;
}

/** The fields of statistics that are read; browsers leave some out. */
interface Stat {
  type: string;
  kind?: string;
  mid?: string;
  packetsLost?: number;
  packetsReceived?: number;
  freezeCount?: number;
  audioLevel?: number;
  nominated?: boolean;
  availableIncomingBitrate?: number;
}

/** Makes differences of counters. One for each reception. */
export class DownlinkMeter {
  private before: { lost: number; received: number; freezes: number } | null = null;

  /** Read statistics of this moment. */
  read(stats: Iterable<unknown>): Downlink {
    const all = [...stats] as Stat[];
    const inbound = all.filter((stat) => stat.type === "inbound-rtp");
    const now = {
      lost: sum(inbound.map((stat) => stat.packetsLost)),
      received: sum(inbound.map((stat) => stat.packetsReceived)),
      freezes: sum(inbound.map((stat) => stat.freezeCount)),
    };
    const { before } = this;
    this.before = now;
    const lost = before === null ? 0 : Math.max(0, now.lost - before.lost);
    const received = before === null ? 0 : Math.max(0, now.received - before.received);
    const pairs = all.filter((stat) => stat.type === "candidate-pair" && stat.nominated === true);
    return {
      lost: lost + received === 0 ? null : lost / (lost + received),
      available_bps: pairs.find((stat) => stat.availableIncomingBitrate !== undefined)?.availableIncomingBitrate ?? null,
      freezes: before === null ? 0 : Math.max(0, now.freezes - before.freezes),
      levels: levelsOf(inbound),
    };
  }
}

function levelsOf(inbound: readonly Stat[]): Map<string, number> {
  const levels = new Map<string, number>();
  for (const { kind, mid, audioLevel } of inbound) {
    if (kind === "audio" && mid !== undefined && audioLevel !== undefined) levels.set(mid, audioLevel);
  }
  return levels;
}

function sum(numbers: readonly (number | undefined)[]): number {
  return numbers.reduce<number>((total, number) => total + (number ?? 0), 0);
}
