/**
 * How much of others' pictures this page's line carries: all, all small, the speaker and the interpreters, or voices only.
 * Pure: fed once a second. Down is quick; up is a trial, and each one that fails makes the next wait longer.
 */

import type { Downlink } from "../media/downlink";
import { DOWN_STEPS, type DownStep } from "./wanted";

/** What is known of the last second. */
export type DownSample = Pick<Downlink, "lost" | "available_bps" | "freezes"> & { at: number };

/** A second is bad above these losses or below this room, and calm below these losses. */
const BAD = { lost: 0.08, bps: 80_000 } as const;
const CALM_LOST = 0.02;
/** So many bad seconds of the last ones are too many. */
const TOO_MANY = { seconds: 4, of: 6 } as const;
/** Time a step must have been calm before the one above is tried, at first and at most, in ms. */
const WAIT = { first: 10_000, longest: 120_000 } as const;
/** Who lasts so long on a step has earned a short wait again, in ms. */
const STEADY_MS = 45_000;

/** The policy, with its memory. */
export class DownLadder {
  private index = 0;
  private bad: boolean[] = [];
  private enteredAt: number | null = null;
  private calmSince: number | null = null;
  private wait: number = WAIT.first;
  private isTrial = false;

  /** Where it stands. */
  get step(): DownStep {
    return DOWN_STEPS[this.index] ?? "all";
  }

  /** Take in a second; returns where it stands then. */
  take(sample: DownSample): DownStep {
    this.enteredAt ??= sample.at;
    const isBad = isBadSecond(sample, this.step);
    this.bad = [...this.bad, isBad].slice(-TOO_MANY.of);
    if (this.bad.filter((one) => one).length >= TOO_MANY.seconds && this.index < DOWN_STEPS.length - 1) {
      this.goDown(sample.at);
      return this.step;
    }
    this.lookUp(sample, isBad);
    return this.step;
  }

  private goDown(at: number): void {
    // A step that was tried and did not last was tried too early.
    const lasted = at - (this.enteredAt ?? at);
    if (lasted > STEADY_MS) this.wait = WAIT.first;
    else if (this.isTrial) this.wait = Math.min(this.wait * 2, WAIT.longest);
    this.enter(this.index + 1, at, false);
  }

  private lookUp(sample: DownSample, isBad: boolean): void {
    const isCalm = !isBad && (sample.lost ?? 0) < CALM_LOST;
    if (!isCalm) this.calmSince = null;
    else this.calmSince ??= sample.at;
    if (this.index > 0 && this.calmSince !== null && sample.at - this.calmSince >= this.wait) this.enter(this.index - 1, sample.at, true);
  }

  private enter(index: number, at: number, isTrial: boolean): void {
    this.index = index;
    this.isTrial = isTrial;
    this.enteredAt = at;
    this.bad = [];
    this.calmSince = null;
  }
}

/** With voices only, what is lost of them is all that tells; there is no picture that could stand still. */
function isBadSecond({ lost, available_bps, freezes }: DownSample, step: DownStep): boolean {
  const isLossy = (lost ?? 0) > BAD.lost;
  if (step === "voice") return isLossy;
  return isLossy || freezes > 1 || (available_bps !== null && available_bps < BAD.bps);
}
