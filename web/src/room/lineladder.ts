/** Both ladders of a call at work: measures each second, sends less or more, shows less or more, and tells every change. */

import { CALL_RUNGS, Ladder, type Sample } from "../media/ladder";
import { DownlinkMeter } from "../media/downlink";
import type { Publisher } from "../media/publisher";
import type { Reception } from "../media/reception";
import type { CallRung } from "../signalling/meetingmessages";
import { DownLadder } from "./downladder";
import type { DownStep } from "./wanted";

const EVERY_MS = 1_000;

/** What the ladders need of the call. */
export interface LadderParts {
  readonly publisher: () => Publisher;
  readonly reception: () => Reception | null;
  /** Of the own camera. */
  readonly camera: () => Pick<Sample, "camera" | "isPaused">;
  /** The rung of the own picture, or the step of others', has changed. */
  readonly onChange: () => void;
}

/** Runs both while somebody is in a call. */
export class LineLadder {
  private up = new Ladder<(typeof CALL_RUNGS)[number]>(CALL_RUNGS);
  private down = new DownLadder();
  private meter = new DownlinkMeter();
  private measured: Reception | null = null;
  private timer: ReturnType<typeof setInterval> | undefined;
  private isMeasuring = false;

  constructor(private readonly parts: LadderParts) {}

  /** How much of the own picture gets out; "" before that is known, and while the camera is off by choice. */
  get rung(): CallRung {
    const { rung, reason } = this.up.decision;
    return rung === null || reason === "camera_off" ? "" : rung;
  }

  /** How much of others' pictures the line carries. */
  get step(): DownStep {
    return this.down.step;
  }

  /** Begin; once is enough. */
  start(): void {
    this.timer ??= setInterval(() => void this.tick(performance.now()), EVERY_MS);
  }

  /** The end: nothing is measured any more, and the next call begins anew. */
  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    this.up = new Ladder(CALL_RUNGS);
    this.down = new DownLadder();
    this.measured = null;
  }

  /** One second; `at` is the time in ms. */
  async tick(at: number): Promise<void> {
    if (this.isMeasuring) return;
    this.isMeasuring = true;
    const before = `${this.rung}/${this.step}`;
    try {
      const publisher = this.parts.publisher();
      const uplink = await publisher.measure(at);
      publisher.send(this.up.step({ at, ...uplink, ...this.parts.camera(), hasPosition: false }).sending);
      await this.measureDown(at);
    } finally {
      this.isMeasuring = false;
    }
    if (`${this.rung}/${this.step}` !== before) this.parts.onChange();
  }

  private async measureDown(at: number): Promise<void> {
    const reception = this.parts.reception();
    if (reception !== this.measured) {
      this.measured = reception;
      this.meter = new DownlinkMeter();
    }
    const stats = (await reception?.stats()) ?? null;
    if (stats !== null && this.measured === reception) this.down.take({ ...this.meter.read(stats.values()), at });
  }
}
