/** The line check: one leg after the other, each of which ends by itself, and a stop that is always there. */

import type { Capture } from "../media/capture";
import { measureLevel, type LevelMeter } from "../media/level";
import type { IceServer } from "../signalling/messages";
import type { CheckResults, LegName, MeetingClientMessage, MeetingServerMessage } from "../signalling/meetingmessages";
import { pathCodes, unchecked, type CheckCode } from "./checkwords";
import { NOT_PROBED, Probe, type Probed, type ProbeParts } from "./probe";

/** Time for a picture to come, for a voice to be heard, for an answer of the person, and for relays, in ms. */
const FRAMES_MS = 5_000;
const VOICE_MS = 6_000;
const HEARD_MS = 12_000;
const RELAYS_MS = 5_000;
const LOOK_MS = 100;
/** Louder than this is a voice, 0 to 1. */
const VOICE = 0.06;

/** What the check needs of the page. */
export interface LineCheckParts extends Pick<ProbeParts, "onBack" | "createConnection"> {
  capture: Capture;
  /** Whether the own picture moves on the page. */
  readonly hasFrames: () => boolean;
  readonly send: (message: MeetingClientMessage) => boolean;
  browser: string;
  /** No sound may come out of this page. */
  isSilent: boolean;
  readonly playTone: () => void;
  readonly onChange: () => void;
  /** For tests. */
  meter?: (track: MediaStreamTrack) => LevelMeter | null;
}

/** One check, which can be run again. */
export class LineCheck {
  results: CheckResults;
  /** The leg that is being checked. */
  running: LegName | null = null;
  /** A tone was played, and the person has not said whether it was heard. */
  wantsHeard = false;
  isDone = false;
  private runs = 0;
  private relays: ((servers: IceServer[] | null) => void) | null = null;
  private heard: ((isHeard: boolean | null) => void) | null = null;
  private probe: Probe | null = null;

  constructor(private readonly parts: LineCheckParts) {
    this.results = unchecked(parts.browser);
  }

  /** Check everything. Camera and microphone are asked for where they are not on. */
  async run(): Promise<void> {
    if (this.running !== null) return;
    this.runs += 1;
    const run = this.runs;
    this.results = unchecked(this.parts.browser);
    this.isDone = false;
    this.go("camera");
    await this.parts.capture.open();
    const legs: [LegName, () => Promise<void>][] = [
      ["camera", () => this.checkCamera()], ["microphone", () => this.checkMicrophone()], ["speaker", () => this.checkSpeaker()], ["udp", () => this.checkPaths(run)],
    ];
    for (const [leg, check] of legs) {
      if (run !== this.runs) return;
      this.go(leg);
      await check();
    }
    if (run === this.runs) this.finish();
  }

  /** Stop; what was found so far stands. */
  stop(): void {
    if (this.running === null) return;
    this.runs += 1;
    this.probe?.close();
    this.note({}, ["stopped"]);
    this.finish();
  }

  /** The person says whether the tone was heard. */
  answer(isHeard: boolean): void {
    this.heard?.(isHeard);
  }

  /** Play it once more. */
  playAgain(): void {
    if (!this.parts.isSilent) this.parts.playTone();
  }

  /** Take in a frame; returns whether it was the check's. */
  receive(message: MeetingServerMessage): boolean {
    if (message.type === "check.ready") {
      this.relays?.(message.ice_servers);
      return true;
    }
    if (message.type === "error" && message.ref === "check") {
      this.relays?.(null);
      return true;
    }
    return this.probe?.receive(message) ?? false;
  }

  private go(leg: LegName): void {
    this.running = leg;
    this.parts.onChange();
  }

  private finish(): void {
    this.running = null;
    this.isDone = true;
    this.wantsHeard = false;
    this.heard?.(null);
    this.parts.send({ type: "check.report", results: this.results });
    this.parts.onChange();
  }

  private async checkCamera(): Promise<void> {
    const { capture } = this.parts;
    if (capture.standing.camera !== "on") {
      this.note({ camera: "failed" }, [capture.fault ?? "unknown"]);
      return;
    }
    const isSeen = await until(() => this.parts.hasFrames(), FRAMES_MS);
    if (isSeen) this.note({ camera: "ok" }, []);
    else this.note({ camera: "failed" }, ["no_frames"]);
  }

  private async checkMicrophone(): Promise<void> {
    const { sound } = this.parts.capture;
    if (sound === null) {
      // Where both were refused one sentence says it.
      this.note({ microphone: "failed" }, this.results.codes.length > 0 ? [] : ["no_microphone"]);
      return;
    }
    const meter = (this.parts.meter ?? measureLevel)(sound);
    const isHeard = meter === null || (await until(() => meter.read() > VOICE, VOICE_MS));
    meter?.close();
    if (isHeard) this.note({ microphone: "ok" }, []);
    else this.note({ microphone: "failed" }, ["silent"]);
  }

  /** In safe mode nothing sounds: what nobody may hear is not checked. */
  private async checkSpeaker(): Promise<void> {
    if (this.parts.isSilent) return;
    this.parts.playTone();
    this.wantsHeard = true;
    this.parts.onChange();
    const isHeard = await new Promise<boolean | null>((resolve) => {
      this.heard = resolve;
      setTimeout(() => resolve(null), HEARD_MS);
    });
    this.heard = null;
    this.wantsHeard = false;
    if (isHeard === true) this.note({ speaker: "ok" }, []);
    else if (isHeard === false) this.note({ speaker: "failed" }, ["no_tone"]);
  }

  private async checkPaths(run: number): Promise<void> {
    const servers = await this.askRelays();
    if (servers === null) {
      this.note({}, ["not_checked"]);
      return;
    }
    const first = await this.try("normal", servers, false);
    if (run !== this.runs) return;
    const { rtt_ms, loss_pct } = first;
    // Without a picture nothing fills the line, and it cannot be said to be slow.
    const up_kbit_s = this.parts.capture.picture === null ? null : first.up_kbit_s;
    this.note({ rtt_ms, up_kbit_s, loss_pct, ...(first.isOk && first.protocol === "udp" ? { udp: "ok" } : {}) }, []);
    for (const leg of ["udp", "tcp", "tls"] as const) {
      if (run !== this.runs) return;
      if (this.results[leg] === "ok") continue;
      this.go(leg);
      const only = onlyBy(servers, leg);
      if (only.length === 0) this.note({ [leg]: "absent" }, []);
      else this.note({ [leg]: (await this.try(leg, only, true)).isOk ? "ok" : "failed" }, []);
    }
    // A way that nobody offers is not one that works: without a relay to try, the first way is all there is.
    if (this.results.udp === "absent") this.note({ udp: first.isOk ? "ok" : "failed" }, []);
    this.note({}, pathCodes(this.results));
  }

  private askRelays(): Promise<IceServer[] | null> {
    return new Promise((resolve) => {
      this.relays = resolve;
      if (!this.parts.send({ type: "check.begin", ref: "check" })) resolve(null);
      setTimeout(() => resolve(null), RELAYS_MS);
    });
  }

  private async try(name: string, servers: IceServer[], isRelayed: boolean): Promise<Probed> {
    const probe = new Probe(this.parts, `check:${this.runs}:${name}`, servers, isRelayed);
    this.probe = probe;
    const found = await probe.run(!isRelayed).catch(() => NOT_PROBED);
    if (this.probe === probe) this.probe = null;
    return found;
  }

  /** What comes after a stop is not written down any more. */
  private note(found: Partial<CheckResults>, codes: readonly CheckCode[]): void {
    if (this.running === null) return;
    this.results = { ...this.results, ...found, codes: [...this.results.codes, ...codes] };
    this.parts.onChange();
  }
}

/** The relays that are reached by one way only. */
export function onlyBy(servers: readonly IceServer[], way: "udp" | "tcp" | "tls"): IceServer[] {
  const isOf = (url: string): boolean => {
    if (way === "tls") return url.startsWith("turns:");
    if (!url.startsWith("turn:")) return false;
    const transport = /[?&]transport=(\w+)/.exec(url)?.[1] ?? "udp";
    return transport === way;
  };
  return servers.flatMap((server) => {
    const [url] = [server.urls].flat().filter(isOf);
    return url === undefined ? [] : [{ ...server, urls: url }];
  }).slice(0, 1);
}

async function until(isSo: () => boolean, atMost: number): Promise<boolean> {
  for (let passed = 0; passed < atMost; passed += LOOK_MS) {
    if (isSo()) return true;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  return isSo();
}
