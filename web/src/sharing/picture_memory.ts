/**
 * Remembers in this tab that the camera was on, so that loading the page again may turn it on again. The server cannot
 * tell a camera that was turned off from a line that was lost.
 */

const KEY = "sightline-picture";

/** Note that the camera of a session is on; null: it is off. */
export function rememberPicture(sessionId: string | null): void {
  try {
    if (sessionId === null) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, sessionId);
  } catch {
    // Without storage the caller touches the screen.
  }
}

/** Whether the camera was on for this session until the page was loaded again. */
export function hadPicture(sessionId: string): boolean {
  try {
    return sessionStorage.getItem(KEY) === sessionId;
  } catch {
    return false;
  }
}
