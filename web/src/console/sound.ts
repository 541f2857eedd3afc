/** Short tones for what an operator must not miss. Made by WebAudio: no files, nothing to load. */

import type { SignalKind } from "./state";

/** off: silent. mine: sessions that I opened and the one that I chose. all: every session of the force. */
export type SoundSetting = "off" | "mine" | "all";

/** How loud, and which signals make no sound. */
export interface SoundTaste {
  volume: number;
  silenced: readonly string[];
}

const KEY = "sightline.console.sound";
const SETTINGS: readonly SoundSetting[] = ["off", "mine", "all"];
/** Gain of a tone at full volume. */
const LOUDEST = 0.4;

/** Notes of each signal: [frequency in Hz, start in s, length in s]. Rising is good news, falling is not. */
const TONES: Record<SignalKind, readonly (readonly [number, number, number])[]> = {
  opened: [[660, 0, 0.13], [880, 0.15, 0.2]],
  first_frame: [[660, 0, 0.11], [880, 0.13, 0.11], [1175, 0.26, 0.3]],
  caller_message: [[988, 0, 0.12]],
  officer_message: [[988, 0, 0.1], [1175, 0.12, 0.12]],
  caller_stopped: [[587, 0, 0.18], [440, 0.2, 0.3]],
  handed_over: [[880, 0, 0.12], [660, 0.14, 0.12], [880, 0.28, 0.2]],
  unattended: [[523, 0, 0.2], [523, 0.26, 0.2]],
  escalated: [[740, 0, 0.16], [740, 0.2, 0.16], [740, 0.4, 0.3]],
  lost: [[880, 0, 0.12], [587, 0.14, 0.12], [392, 0.28, 0.32]],
  alarm: [[740, 0, 0.18], [523, 0.2, 0.18], [740, 0.4, 0.18], [523, 0.6, 0.28]],
};

/** Every signal that has a sound of its own, in the order of a session's life. */
export const SOUNDS = Object.keys(TONES) as readonly SignalKind[];

/** Plays signals according to a setting that is kept on this workstation. */
export class Sounds {
  private context: AudioContext | null = null;
  private chosen: SoundSetting;

  constructor(
    private readonly storage: Storage | null,
    private readonly onChange: () => void,
    private readonly taste: () => SoundTaste = () => ({ volume: 0.6, silenced: [] }),
  ) {
    this.chosen = readSetting(storage);
  }

  /** What the operator asked for. */
  get setting(): SoundSetting {
    return this.chosen;
  }

  /** Whether tones can be heard now: browsers stay silent until a click or a key. */
  get isReady(): boolean {
    return this.context?.state === "running";
  }

  /** Keeps a setting and, in the same click, wakes the sound. Plays a sample, so that it is known to work. */
  async choose(setting: SoundSetting): Promise<void> {
    this.chosen = setting;
    try {
      this.storage?.setItem(KEY, setting);
    } catch {
      // A full or forbidden storage only forgets the setting.
    }
    await this.wake();
    if (setting !== "off") await this.attempt("opened");
  }

  /** Wakes the sound after a click or a key. */
  async wake(): Promise<void> {
    if (this.chosen !== "off") await this.rouse();
    this.onChange();
  }

  /** Plays a signal because somebody asked how it sounds, whatever the setting. */
  async attempt(kind: SignalKind): Promise<void> {
    const context = await this.rouse();
    this.sound(context, kind);
    this.onChange();
  }

  /** Plays the tones of a signal, if sound is on and awake, and this signal has not been switched off. */
  play(kind: SignalKind): void {
    const context = this.context;
    if (context?.state !== "running" || this.chosen === "off" || this.taste().silenced.includes(kind)) return;
    this.sound(context, kind);
  }

  private async rouse(): Promise<AudioContext> {
    this.context ??= new AudioContext();
    if (this.context.state === "suspended") await this.context.resume();
    return this.context;
  }

  private sound(context: AudioContext, kind: SignalKind): void {
    const gain = peakGain(this.taste().volume);
    if (gain === 0) return;
    for (const [frequency, start, length] of TONES[kind]) tone(context, { frequency, start, length, gain });
  }
}

/** Gain for a volume of 0 to 1. Ears hear by ratios: half the volume is a quarter of the gain. */
export function peakGain(volume: number): number {
  return LOUDEST * Math.min(1, Math.max(0, volume)) ** 2;
}

/** One soft note. */
function tone(context: AudioContext, note: { frequency: number; start: number; length: number; gain: number }): void {
  const begin = context.currentTime + note.start;
  const oscillator = new OscillatorNode(context, { type: "sine", frequency: note.frequency });
  const gain = new GainNode(context, { gain: 0 });
  gain.gain.setValueAtTime(0, begin);
  gain.gain.linearRampToValueAtTime(note.gain, begin + 0.015);
  gain.gain.exponentialRampToValueAtTime(0.0005, begin + note.length);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(begin);
  oscillator.stop(begin + note.length + 0.02);
}

/** The kept setting; "mine" on a workstation that has none. */
export function readSetting(storage: Storage | null): SoundSetting {
  let kept: string | null = null;
  try {
    kept = storage?.getItem(KEY) ?? null;
  } catch {
    // Storage may be forbidden: then the default holds.
  }
  return SETTINGS.find((setting) => setting === kept) ?? "mine";
}
