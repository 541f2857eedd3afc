/**
 * The sign of a recording: seen in every layout, and heard when it begins, when it ends, when somebody joins, and softly once
 * a minute. The tones have an oscillator of their own: they are no part of what anybody says.
 */

import { html, nothing, type TemplateResult } from "lit-html";

import { counter } from "../console/times";
import type { RecordingNow } from "../signalling/meetingmessages";
import type { CallTexts } from "./texts";

/** Notes as [frequency in Hz, start in s, length in s]. */
type Notes = readonly (readonly [number, number, number])[];

const TONES = {
  begin: [[660, 0, 0.18], [880, 0.2, 0.22]],
  end: [[880, 0, 0.18], [660, 0.2, 0.22]],
  still: [[740, 0, 0.12]],
} as const satisfies Record<string, Notes>;
export type SignTone = keyof typeof TONES;

const LOUDNESS: Record<SignTone, number> = { begin: 0.12, end: 0.12, still: 0.04 };
const REMIND_MS = 60_000;

/** Plays the tones; a browser that keeps sound back until a touch plays them from the touch on. */
export class TonePlayer {
  private context: AudioContext | null = null;

  /** Play one. */
  play(tone: SignTone): void {
    try {
      this.context ??= new AudioContext();
      const { context } = this;
      void context.resume().catch(() => undefined);
      for (const note of TONES[tone]) sound(context, note, LOUDNESS[tone]);
    } catch {
      // Without sound the sign is still seen.
    }
  }
}

function sound(context: AudioContext, [frequency, start, length]: readonly [number, number, number], loudness: number): void {
  const begin = context.currentTime + start;
  const oscillator = new OscillatorNode(context, { type: "sine", frequency });
  const gain = new GainNode(context, { gain: 0 });
  gain.gain.setValueAtTime(0, begin);
  gain.gain.linearRampToValueAtTime(loudness, begin + 0.02);
  gain.gain.exponentialRampToValueAtTime(0.0005, begin + length);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(begin);
  oscillator.stop(begin + length + 0.02);
}

/** The sign of one call. */
export class RecordingSign {
  private now: RecordingNow = { on: false, part: null };
  private isKnown = false;
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor(private readonly player: Pick<TonePlayer, "play"> = new TonePlayer()) {}

  /** Whether the sign is on. */
  get isOn(): boolean {
    return this.now.on;
  }

  /** How it stands now. The first word says how it was found: of a recording that goes on there is a tone, too. */
  follow(recording: RecordingNow): void {
    const was = this.now.on;
    this.now = recording;
    if (recording.on && !was) this.begin();
    else if (!recording.on && was) this.end();
    this.isKnown = true;
  }

  /** Somebody came in while it goes on. */
  someoneJoined(): void {
    if (this.now.on) this.player.play("begin");
  }

  /** The call is left: no sign, no tone. */
  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    this.now = { on: false, part: null };
    this.isKnown = false;
  }

  /** The sign. @param now milliseconds of the server's clock @param isSelf whether the person of this page is recorded */
  view({ recording: words }: CallTexts, now: number, isSelf: boolean): TemplateResult | typeof nothing {
    const { on, part } = this.now;
    if (!on) return nothing;
    const time = part === null ? null : counter(Math.max(0, (now - Date.parse(part.started_at)) / 1000));
    return html`<p class="recording-sign" data-testid="recording-sign"><span class="recording-dot" aria-hidden="true"></span>
      <span>${time === null ? words.sign : words.signSince(time)}${isSelf ? nothing : html` <small>${words.notYou}</small>`}</span></p>`;
  }

  private begin(): void {
    this.player.play("begin");
    this.timer = setInterval(() => this.player.play("still"), REMIND_MS);
  }

  private end(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    if (this.isKnown) this.player.play("end");
  }
}
