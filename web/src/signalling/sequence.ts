/** Finds broadcasts that never arrived: each topic counts its messages, and a hole means that the screen is stale. */

import type { Seqs } from "./messages";

/** `next` is expected, `repeat` was seen before, `gap` means that something is missing. */
export type Verdict = "next" | "repeat" | "gap";

/** Last sequence number seen of each topic. */
export class SequenceTracker {
  private readonly last = new Map<string, number>();

  /**
   * Note one broadcast.
   *
   * The first of a topic sets the base line. A number that goes back is a gap too: the counter starts again when its
   * store was lost, and ignoring what follows would leave a silent, stale screen. `first` is the number of the first of
   * several that became one on the way to a slow reader.
   */
  observe(topic: string, seq: number, first = seq): Verdict {
    const previous = this.last.get(topic);
    if (previous === seq) return "repeat";
    this.last.set(topic, seq);
    const follows = previous === undefined || (first <= previous + 1 && seq > previous);
    return follows ? "next" : "gap";
  }

  /** Take over the numbers that a snapshot contains. */
  rebase(seqs: Seqs): void {
    for (const [topic, seq] of Object.entries(seqs)) this.last.set(topic, seq);
  }

  /** Forget one topic (it was closed) or all of them (the connection is new). */
  forget(topic?: string): void {
    if (topic === undefined) this.last.clear();
    else this.last.delete(topic);
  }
}
