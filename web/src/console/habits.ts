/** What the page remembers and shows of itself: preferences, colours, title, focus after a dialog. */

import { signalPhrase } from "./phrases";
import { keepPictureChoices, keepPreferences, readPictureChoices, readPreferences, themeOf } from "./preferences";
import { incidentName } from "./select";
import type { Signal } from "./signals";
import { initialState, type ConsoleState, type Me } from "./state";

/** Signals that are said at once, whatever is being read out; others wait for a pause. */
const URGENT: readonly string[] = ["lost", "alarm"];

/** A storage of the browser where it allows one. */
export function storageOrNull(kind: "localStorage" | "sessionStorage"): Storage | null {
  try {
    return window[kind];
  } catch {
    return null;
  }
}

/** The screen of who sits here, with what this workstation remembers. An address with ?view=wall begins with the wall. */
export function firstState(me: Me): ConsoleState {
  const state = initialState(
    me, readPreferences(storageOrNull("localStorage")), readPictureChoices(storageOrNull("sessionStorage"), me.id),
  );
  return isWallWindow() ? { ...state, mode: "wall" } : state;
}

/** Whether this window was opened for the wall alone. */
export function isWallWindow(): boolean {
  return new URLSearchParams(location.search).get("view") === "wall";
}

/** Keeps what has changed for the next time. */
export function keepHabits(after: ConsoleState, before: ConsoleState): void {
  if (after.preferences !== before.preferences) keepPreferences(storageOrNull("localStorage"), after.preferences);
  if (after.pictureChoices !== before.pictureChoices) {
    keepPictureChoices(storageOrNull("sessionStorage"), after.me.id, after.pictureChoices);
  }
  if (after.preferences.theme !== before.preferences.theme) showTheme(after);
}

/** Draws in the chosen colours, and changes with the workstation's own where they are to be as it is. */
export function followTheme(state: () => ConsoleState): void {
  showTheme(state());
  window.matchMedia("(prefers-color-scheme: light)").addEventListener("change", () => showTheme(state()));
}

/** The theme that is on the screen now. */
export function shownTheme(state: ConsoleState): "dark" | "light" {
  return themeOf(state.preferences.theme, window.matchMedia("(prefers-color-scheme: light)").matches);
}

function showTheme(state: ConsoleState): void {
  document.documentElement.dataset.theme = shownTheme(state);
}

/** The number of sessions with something new, and the newest of it, for those who look at another window. */
export function titleOf(state: ConsoleState): string {
  const marked = Object.values(state.marks);
  const newest = marked.flat().reduce<{ kind: Signal["kind"]; at: number } | null>((last, mark) => (last === null || mark.at >= last.at ? mark : last), null);
  return newest === null ? "Sightline" : `(${marked.length}) ${signalPhrase(newest.kind)} - Sightline`;
}

/** Signals as words for who hears the screen. */
export function wordsOf(signals: readonly Signal[], sessions: ConsoleState["sessions"]): { polite?: string; urgent?: string } {
  const say = (chosen: readonly Signal[]): string => chosen.flatMap(({ sessionId, kind }) => {
    const session = sessions[sessionId];
    return session === undefined ? [] : [`${incidentName(session)}: ${signalPhrase(kind)}`];
  }).join(". ");
  const [urgent, polite] = [say(signals.filter((one) => URGENT.includes(one.kind))), say(signals.filter((one) => !URGENT.includes(one.kind)))];
  return { ...(polite === "" ? {} : { polite }), ...(urgent === "" ? {} : { urgent }) };
}

/** Opens a dialog that was just drawn, and gives the focus back to where it was once there is none. */
export class DialogFocus {
  private before: HTMLElement | null = null;
  private wasOpen = false;

  /** Call after each drawing. */
  follow(host: HTMLElement): void {
    const dialog = host.querySelector("dialog");
    if (dialog !== null && !dialog.open) {
      if (!this.wasOpen) this.before = document.activeElement instanceof HTMLElement ? document.activeElement : null;
      dialog.showModal();
    }
    if (dialog === null && this.wasOpen) this.giveBack();
    this.wasOpen = dialog !== null;
  }

  private giveBack(): void {
    const isFree = document.activeElement === null || document.activeElement === document.body;
    if (isFree && this.before?.isConnected === true) this.before.focus();
    this.before = null;
  }
}
