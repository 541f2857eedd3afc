/** How long a picture takes from the media server to this screen. */

import { candidateTrip, Mean, OneWay, type Stats } from "./delay";

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

function middle(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}
