/** The ladder at work on this page: measures each second, sends more or less, takes stills, and tells every change. */

import { Ladder, type Decision, type Sample } from "../media/ladder";
import type { Publisher } from "../media/publisher";
import { STILL_DEADLINE_MS, StillPace } from "../media/still_pace";
import { takeStill } from "../media/stills";
import { csrfToken } from "../signalling/csrf";
import type { SharingEvent, SharingModel } from "./model";

const EVERY_MS = 1_000;

/** What the ladder needs of the page. */
export interface RungPage {
  readonly model: () => SharingModel;
  readonly publisher: Publisher;
  readonly preview: HTMLVideoElement;
  readonly dispatch: (event: SharingEvent) => void;
  /** What to add to this phone's clock to get the server's, in ms. */
  readonly clockOffset: () => number;
  readonly stillsAddress: string;
}

/** Runs the ladder while the caller shares. */
export class Rungs {
  private ladder = new Ladder();
  private pace = new StillPace();
  private timer: ReturnType<typeof setInterval> | undefined;
  private isMeasuring = false;
  private upload: AbortController | null = null;

  constructor(private readonly page: RungPage) {}

  /** Begin; once is enough. */
  start(): void {
    this.timer ??= setInterval(() => void this.tick(), EVERY_MS);
  }

  /** The end: nothing is measured or sent any more. */
  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    this.upload?.abort();
    this.ladder = new Ladder();
    this.pace = new StillPace();
  }

  private async tick(): Promise<void> {
    if (this.isMeasuring || !isSharing(this.page.model())) return;
    this.isMeasuring = true;
    try {
      const at = performance.now();
      const uplink = await this.page.publisher.measure(at);
      if (this.timer === undefined || !isSharing(this.page.model())) return;
      this.follow(this.ladder.step({ at, ...uplink, ...phoneOf(this.page.model()) }), at);
    } finally {
      this.isMeasuring = false;
    }
  }

  private follow(decision: Decision, at: number): void {
    const { rung, reason, sending, takesStills } = decision;
    this.page.publisher.send(sending);
    const said = this.page.model().rung;
    if (rung !== null && (said?.rung !== rung || said.reason !== reason)) this.page.dispatch({ type: "rung", rung, reason });
    if (takesStills && this.upload === null && this.pace.isDue(at)) void this.sendStill();
  }

  private async sendStill(): Promise<void> {
    const upload = new AbortController();
    this.upload = upload;
    const deadline = setTimeout(() => upload.abort(), STILL_DEADLINE_MS);
    try {
      const still = await takeStill(this.page.preview, this.pace.budget_bytes);
      if (still === null) return;
      const begun = performance.now();
      const taken_at = Math.round(still.taken_at + this.page.clockOffset());
      const isTaken = await postStill(`${this.page.stillsAddress}?purpose=ladder&taken_at=${taken_at}`, still.jpeg, upload.signal);
      const now = performance.now();
      if (!isTaken) this.pace.failed(now);
      else this.delivered(now, still.jpeg.size, now - begun);
    } finally {
      clearTimeout(deadline);
      this.upload = null;
    }
  }

  private delivered(at: number, bytes: number, took_ms: number): void {
    this.ladder.noteStill(at);
    if (this.pace.sent(at, bytes, took_ms)) this.ladder.hurry(at);
  }
}

function isSharing(model: SharingModel): boolean {
  return model.step === "live" && model.scopes?.includes("video") === true;
}

/** What the page knows of the phone. */
function phoneOf(model: SharingModel): Pick<Sample, "camera" | "isPaused" | "hasPosition"> {
  const { camera, position } = model;
  const isLost = camera.state === "off" && camera.fault !== null;
  return {
    camera: camera.state === "off" ? (isLost ? "lost" : "off") : "on",
    isPaused: model.isHidden || camera.isMuted || camera.state === "asking",
    hasPosition: position.state === "on" && position.last !== null && position.fault === null,
  };
}

/** Send a still; false when it did not get out. The page's cookie says whose it is. */
async function postStill(address: string, jpeg: Blob, signal: AbortSignal): Promise<boolean> {
  try {
    const headers = { "Content-Type": "image/jpeg", "X-CSRFToken": csrfToken(), "X-Still-Hash": await sha256(jpeg) };
    return (await fetch(address, { method: "POST", body: jpeg, headers, signal })).ok;
  } catch {
    return false;
  }
}

async function sha256(jpeg: Blob): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", await jpeg.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
