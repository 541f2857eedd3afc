/**
 * The silent signal: three taps on the own picture, or three times 0. Nothing on the page, in its sound or in its storage
 * tells that it was given: no class, no focus, no mark, no word, and what goes out is one frame as long as a heartbeat.
 */

import type { Role } from "../signalling/meetingmessages";

/** Who is offered it. */
const OFFERED: ReadonlySet<Role> = new Set(["victim", "witness", "reporting_person"]);
const TIMES = 3;
/** Each within this time of the one before, in ms. */
const WITHIN_MS = 1_500;

/** Whether somebody in this role is told of the signal, and can give it. */
export function hasQuietSignal(role: Role): boolean {
  return OFFERED.has(role);
}

/** The moment in the form that makes the frame as long as a ping. */
export function signalTime(now: Date = new Date()): string {
  return now.toISOString().replace("Z", "000Z");
}

/** Counts repeated acts; tells of each third one. */
class Thrice {
  private count = 0;
  private last = 0;

  /** One more at `at` (ms); returns whether it was the third of a row. */
  add(at: number): boolean {
    this.count = at - this.last <= WITHIN_MS ? this.count + 1 : 1;
    this.last = at;
    if (this.count < TIMES) return false;
    this.count = 0;
    return true;
  }

  forget(): void {
    this.count = 0;
  }
}

/** Listens for it; `give` sends it. Returns a function that stops listening. */
export function listenQuietly(give: () => void, isOwnPicture: (target: Element) => boolean, page: Document = document): () => void {
  const stop = new AbortController();
  const taps = new Thrice();
  const keys = new Thrice();
  // Nothing is prevented or stopped: whatever a tap or a key does otherwise, it still does.
  page.addEventListener("pointerup", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    if (target === null || !isOwnPicture(target)) taps.forget();
    else if (taps.add(event.timeStamp)) give();
  }, { signal: stop.signal, passive: true });
  page.addEventListener("keydown", (event) => {
    const isTyping = event.target instanceof Element && event.target.closest("input, textarea") !== null;
    if (event.key !== "0" || isTyping) keys.forget();
    else if (!event.repeat && keys.add(event.timeStamp)) give();
  }, { signal: stop.signal, passive: true });
  return () => stop.abort();
}
