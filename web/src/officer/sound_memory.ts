/** Remembers on this phone whether the officer wants the microphone on; it is, until it was turned off. */

const KEY = "sightline-microphone";

export const soundMemory = {
  /** Whether the microphone is to be on. */
  isWanted(): boolean {
    try {
      return window.localStorage.getItem(KEY) !== "off";
    } catch {
      return true;
    }
  },
  /** Note what the officer chose. */
  remember(isWanted: boolean): void {
    try {
      window.localStorage.setItem(KEY, isWanted ? "on" : "off");
    } catch {
      // Without storage it is on again the next time, and the screen says so.
    }
  },
};
