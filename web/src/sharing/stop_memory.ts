/** Remembers on this phone that STOP was pressed, so that loading the page again never starts anything. */

const KEY = "sightline-stopped";

/** Note that STOP was pressed for a session. */
export function rememberStop(sessionId: string): void {
  try {
    window.localStorage.setItem(KEY, sessionId);
  } catch {
    // Without storage the server's word is all there is.
  }
}

/** Whether STOP was pressed for this session. */
export function hasStopped(sessionId: string): boolean {
  try {
    return window.localStorage.getItem(KEY) === sessionId;
  } catch {
    return false;
  }
}
