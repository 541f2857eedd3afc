/** Whether this tab is the one that is in the call: a tab that is loaded again goes back in by itself, another one asks. */

const KEY = "sightline-in-meeting";

/** This tab is in the call of this session, or, for null, in none. Storage that is turned off only costs a tap. */
export function rememberHere(sessionId: string | null): void {
  try {
    if (sessionId === null) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, sessionId);
  } catch {
    // Nothing is kept here.
  }
}

/** Whether this tab was in a call when its page went; of a page that knows its session, in that one's. */
export function wasHere(sessionId?: string): boolean {
  try {
    const kept = sessionStorage.getItem(KEY);
    return kept !== null && (sessionId === undefined || kept === sessionId);
  } catch {
    return false;
  }
}
