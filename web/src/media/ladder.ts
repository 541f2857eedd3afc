/**
 * The ladder: how much of a picture a phone's line carries. Pure: fed with one sample a second, it says on which rung
 * the phone stands and what is to be sent. Down is quick; up is tried first and said only when it was proven, and each
 * try that fails makes the next one wait longer, so that nothing flaps.
 */

import type { Rung, RungReason } from "../signalling/messages";

/** The way to the media server. */
export type Path = "none" | "up";

/** What is known of the last second. Times are ms of one steady clock. */
export interface Sample {
  at: number;
  camera: "on" | "off" | "lost";
  /** The phone gives no pictures for now (page hidden, camera muted): nothing can be judged. */
  isPaused: boolean;
  hasPosition: boolean;
  path: Path;
  /** What the browser believes to get out, in bit/s; null where it does not say. */
  available_bps: number | null;
  /** Frames that were sent of any layer, and whether the top one is among them. */
  frames: number;
  isTopSent: boolean;
  rtt_ms: number | null;
  /** Part of the packets that did not arrive, 0 to 1. */
  lost: number | null;
}

/** The rungs of a phone that is watched: below video there are pictures, then the place, then words. */
export const CALLER_RUNGS: readonly Rung[] = ["video", "video_low", "stills", "position", "text"];
/** The rungs of somebody in a call: below video there is the voice, and whether that gets through its own tracks tell. */
export const CALL_RUNGS = ["video", "video_low", "voice"] as const;
/** Any rung of any list. */
export type AnyRung = Rung | (typeof CALL_RUNGS)[number];

/** What the video sender sends. */
export type Sending = "all" | "lower" | "lowest" | "nothing";

/** Where the phone stands (`rung` is null until something was proven), and what it does. */
export interface Decision<R extends AnyRung = Rung> {
  rung: R | null;
  reason: RungReason;
  sending: Sending;
  takesStills: boolean;
}

/** Time for which something must be so before it counts, in ms. */
const TIMES = {
  connecting: 12_000,
  interrupted: 4_000,
  topMissing: 5_000,
  topProven: 2_500,
  smallProven: 5_000,
  noStill: 20_000,
  topTrial: 12_000,
  smallTrial: 10_000,
  frameless: 20_000,
} as const;

/** First and longest wait before the rung above is tried, in ms. */
const WAIT = { first: 8_000, longest: 60_000 } as const;
/** Who stood on a rung for so long has earned a short wait again, in ms. */
const STEADY_MS = 30_000;
/** Below this, not even the smallest video fits, in bit/s. */
const SMALLEST_BPS = 30_000;
/** A line with less room than this, or with longer delays and losses, is not worth a trial of more. */
const CALM = { bps: 60_000, rtt_ms: 600, lost: 0.05 } as const;
/** A line with this much left is not what keeps frames back. */
const ROOM = { bps: 100_000, rtt_ms: 1_500, lost: 0.1 } as const;
const LEAST_FRAMES = 3;
/** A line that chokes lets something through now and then: so many bad seconds of the last ones are too many. */
const STARVING = { seconds: 5, of: 8 } as const;
const WORST_RTT_MS = 2_500;
const WORST_LOSS = 0.3;

/** Whether video gets through, of whatever size. */
function isFlowing(sample: Sample): boolean {
  const isSent = sample.path === "up" && sample.frames >= LEAST_FRAMES;
  const arrives = (sample.rtt_ms ?? 0) < WORST_RTT_MS && (sample.lost ?? 0) < WORST_LOSS;
  return isSent && arrives && (sample.available_bps ?? Infinity) >= SMALLEST_BPS;
}

/** Whether a line that carries video shows no sign of strain. */
function isCalm(sample: Sample): boolean {
  const isQuick = (sample.rtt_ms ?? 0) < CALM.rtt_ms && (sample.lost ?? 0) < CALM.lost;
  return isFlowing(sample) && isQuick && (sample.available_bps ?? Infinity) >= CALM.bps;
}

/**
 * Whether so few frames are the phone's doing: its processor or its camera is slow, while the line has room. Less to
 * send would not help there.
 */
function isPhoneSlow(sample: Sample): boolean {
  const hasRoom = sample.available_bps !== null && sample.available_bps >= ROOM.bps;
  const isQuick = sample.rtt_ms !== null && sample.rtt_ms < ROOM.rtt_ms && (sample.lost ?? 0) < ROOM.lost;
  return sample.frames < LEAST_FRAMES && hasRoom && isQuick;
}

/** The policy, with its memory. The list has at least the two rungs of video and one below them. */
export class Ladder<R extends AnyRung = Rung> {
  private rung: AnyRung | null = null;
  private reason: RungReason = "good";
  private enteredAt = 0;
  private trialSince: number | null = null;
  private wait: number = WAIT.first;
  private nextTrialAt = 0;
  private stillAt = 0;
  private wasUp = false;
  /** Whether video got through, second by second, newest last. */
  private flowed: boolean[] = [];
  private readonly since = new Map<string, number>();
  private readonly below: AnyRung;

  constructor(private readonly rungs: readonly AnyRung[] = CALLER_RUNGS) {
    this.below = rungs[2] ?? "stills";
  }

  /** Take in a second. */
  step(sample: Sample): Decision<R> {
    if (sample.isPaused) {
      this.since.clear();
      this.trialSince = null;
      this.stillAt = sample.at;
    } else if (sample.camera !== "on") {
      this.withoutCamera(sample);
    } else {
      this.withCamera(sample);
    }
    return this.decision;
  }

  /** A still was delivered: stills get out. */
  noteStill(at: number): void {
    this.stillAt = at;
    if (this.reason === "stills_fail" || this.reason === "no_position") this.enter("stills", "very_slow_uplink", at);
  }

  /** A still was delivered fast: video is worth an early trial. */
  hurry(at: number): void {
    if (this.trialSince === null) this.nextTrialAt = Math.min(this.nextTrialAt, Math.max(at, this.enteredAt + WAIT.first));
  }

  /** Where it stands now. */
  get decision(): Decision<R> {
    const { reason } = this;
    const hasCamera = reason !== "camera_off" && reason !== "camera_lost";
    const takesStills = this.hasStills && hasCamera && this.isBelowVideo() && this.trialSince === null;
    return { rung: this.rung as R | null, reason, sending: this.sending(hasCamera), takesStills };
  }

  private get hasStills(): boolean {
    return this.rungs.includes("stills");
  }

  private sending(hasCamera: boolean): Sending {
    if (!hasCamera) return "nothing";
    if (this.rung === "video" || this.rung === null) return "all";
    if (this.rung === "video_low") return this.trialSince === null ? "lower" : "all";
    return this.trialSince === null ? "nothing" : "lowest";
  }

  private isBelowVideo(): boolean {
    return this.rung !== null && this.rung !== "video" && this.rung !== "video_low";
  }

  private withoutCamera(sample: Sample): void {
    const reason = sample.camera === "lost" ? "camera_lost" : "camera_off";
    const rung = !this.hasStills ? this.below : sample.hasPosition ? "position" : "text";
    if (this.rung !== rung || this.reason !== reason) this.enter(rung, reason, sample.at);
  }

  private withCamera(sample: Sample): void {
    if (this.reason === "camera_off" || this.reason === "camera_lost") this.begin(sample.at);
    if (this.isBelowVideo()) this.onStills(sample);
    else this.onVideo(sample);
    this.wasUp = sample.path === "up";
  }

  /** A camera came on: nothing is proven yet. */
  private begin(at: number): void {
    this.enter("video", "good", at);
    this.rung = null;
    this.wait = WAIT.first;
  }

  private onVideo(sample: Sample): void {
    const { at } = sample;
    const isUp = sample.path === "up";
    const patience = this.rung === null ? TIMES.connecting : TIMES.interrupted;
    if (this.held("pathless", !isUp, at, patience)) {
      this.enter(this.below, "no_media_path", at);
      return;
    }
    const flows = isFlowing(sample);
    if (!isUp) this.flowed = [];
    else if (!isPhoneSlow(sample)) this.flowed = [...this.flowed, flows].slice(-STARVING.of);
    const isStarving = this.flowed.filter((one) => !one).length >= STARVING.seconds;
    if (isStarving || this.held("frameless", isUp && sample.frames === 0, at, TIMES.frameless)) {
      this.enter(this.below, "very_slow_uplink", at);
      return;
    }
    if (this.rung === "video_low") {
      this.onLowVideo(sample, flows);
      return;
    }
    const isTop = flows && sample.isTopSent;
    if (this.rung === null && this.held("top", isTop, at, 0)) {
      this.enter("video", "good", at);
      return;
    }
    if (this.held("topless", flows && !sample.isTopSent, at, TIMES.topMissing)) this.enter("video_low", "slow_uplink", at);
  }

  /** The top layer is off: try it when the line looks like it, and say it when it was seen to flow. */
  private onLowVideo(sample: Sample, flows: boolean): void {
    const { at } = sample;
    if (this.trialSince === null) {
      if (this.held("calm", isCalm(sample), at, TIMES.topProven) && at >= this.nextTrialAt) this.tryAbove(at);
      return;
    }
    const isStrained = this.held("strained", !isCalm(sample), at, TIMES.topProven);
    if (this.held("top", flows && sample.isTopSent, at, TIMES.topProven)) this.enter("video", "good", at);
    else if (isStrained || at - this.trialSince > TIMES.topTrial) this.giveUpTrial(at);
  }

  private onStills(sample: Sample): void {
    const { at } = sample;
    const isUp = sample.path === "up";
    // A path that has just come back is the best reason to try.
    if (isUp && !this.wasUp) this.nextTrialAt = at;
    if (this.trialSince !== null) {
      this.onSmallTrial(sample);
      return;
    }
    if (isUp && at >= this.nextTrialAt) {
      this.tryAbove(at);
      return;
    }
    this.chooseWithoutVideo(sample);
  }

  private onSmallTrial(sample: Sample): void {
    const { at } = sample;
    this.stillAt = Math.max(this.stillAt, at - TIMES.noStill / 2);
    if (this.held("small", isFlowing(sample), at, TIMES.smallProven)) this.enter("video_low", "slow_uplink", at);
    else if (sample.path !== "up" || at - (this.trialSince ?? at) > TIMES.smallTrial) this.giveUpTrial(at);
  }

  /** Stills, as long as they get out; then the position, where there is one; messages always. */
  private chooseWithoutVideo(sample: Sample): void {
    const { at } = sample;
    if (!this.hasStills) return;
    const areStillsOut = this.rung === "stills" && at - this.stillAt < TIMES.noStill;
    if (areStillsOut) return;
    const rung = sample.hasPosition ? "position" : "text";
    const reason = sample.hasPosition ? "stills_fail" : "no_position";
    if (this.rung !== rung) this.enter(rung, reason, at);
  }

  private tryAbove(at: number): void {
    this.trialSince = at;
    this.since.clear();
  }

  private giveUpTrial(at: number): void {
    this.trialSince = null;
    this.since.clear();
    this.wait = Math.min(this.wait * 2, WAIT.longest);
    this.nextTrialAt = at + this.wait;
  }

  private enter(rung: AnyRung, reason: RungReason, at: number): void {
    const isDown = this.rung !== null && this.rungs.indexOf(rung) > this.rungs.indexOf(this.rung);
    if (at - this.enteredAt > STEADY_MS) this.wait = WAIT.first;
    else if (isDown) this.wait = Math.min(this.wait * 2, WAIT.longest);
    if (rung === "stills" && this.rung !== "position" && this.rung !== "text") this.stillAt = at;
    this.rung = rung;
    this.reason = reason;
    this.enteredAt = at;
    this.trialSince = null;
    this.nextTrialAt = at + this.wait;
    this.since.clear();
    this.flowed = [];
  }

  /** Whether something has been so for this long. */
  private held(name: string, isSo: boolean, at: number, forMs: number): boolean {
    if (!isSo) {
      this.since.delete(name);
      return false;
    }
    const since = this.since.get(name) ?? at;
    this.since.set(name, since);
    return at - since >= forMs;
  }
}
