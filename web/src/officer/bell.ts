/** Says that a notice has come: a short vibration and two notes. While the officer is live no note: it would be recorded. */

import type { OfficerPage } from "./state";

const KEY = "sightline-notice-sound";
const VIBRATION_MS = [180, 90, 180];
/** [frequency in Hz, start in s, length in s] */
const NOTES: readonly (readonly [number, number, number])[] = [[784, 0, 0.14], [1047, 0.16, 0.24]];
const GAIN = 0.25;

/** What rings; for tests, something else. */
export interface Ringer {
  vibrate(): void;
  sound(): void;
}

/** Remembers on this phone whether notices are heard; they are, until it was turned off. */
export const bellMemory = {
  isWanted(): boolean {
    try {
      return window.localStorage.getItem(KEY) !== "off";
    } catch {
      return true;
    }
  },
  remember(isWanted: boolean): void {
    try {
      window.localStorage.setItem(KEY, isWanted ? "on" : "off");
    } catch {
      // Without storage it is on again the next time.
    }
  },
};

/** Rings once for what is new; not for what was there when the page was opened. */
export class NoticeBell {
  private known: ReadonlySet<string> | null = null;

  constructor(private readonly ringer: Ringer) {}

  /** Look at the page as it is now. */
  look({ server, joined }: OfficerPage): void {
    if (server === null) return;
    const before = this.known;
    const ids = server.notices.map((notice) => notice.id);
    this.known = new Set([...(before ?? []), ...ids]);
    if (before === null || ids.every((id) => before.has(id)) || !bellMemory.isWanted()) return;
    this.ringer.vibrate();
    if (joined === null) this.ringer.sound();
  }
}

/** The phone itself. Browsers stay silent until the first touch of the page, which wakes the sound. */
export class PhoneRinger implements Ringer {
  private context: AudioContext | null = null;

  constructor(page: Document = document) {
    page.addEventListener("pointerdown", () => this.wake(), { passive: true });
  }

  vibrate(): void {
    // An iPhone's browser has none.
    if ("vibrate" in navigator) navigator.vibrate(VIBRATION_MS);
  }

  sound(): void {
    const { context } = this;
    if (context?.state !== "running") return;
    for (const [frequency, start, length] of NOTES) {
      const begin = context.currentTime + start;
      const oscillator = new OscillatorNode(context, { type: "sine", frequency });
      const gain = new GainNode(context, { gain: GAIN });
      gain.gain.setValueAtTime(GAIN, begin);
      gain.gain.exponentialRampToValueAtTime(0.0005, begin + length);
      oscillator.connect(gain).connect(context.destination);
      oscillator.start(begin);
      oscillator.stop(begin + length + 0.02);
    }
  }

  private wake(): void {
    if (!bellMemory.isWanted()) return;
    this.context ??= new AudioContext();
    // A phone call, say, suspends it: the next touch wakes it again.
    if (this.context.state !== "running") void this.context.resume().catch(() => undefined);
  }
}
