/** Brings a line back at once when the network or the page does, rather than when the policy's delay is over. */

/** What is needed of a LiveSocket. */
interface Revivable {
  revive(): void;
}

/** Follow the page's own events; returns a function that stops following. */
export function reopenWithNetwork(socket: Revivable, page: Window = window): () => void {
  const revive = (): void => {
    if (page.document.visibilityState !== "hidden") socket.revive();
  };
  page.addEventListener("online", revive);
  page.document.addEventListener("visibilitychange", revive);
  // A page that was frozen, or comes out of the cache of pages, had no timers meanwhile.
  page.addEventListener("pageshow", revive);
  return () => {
    page.removeEventListener("online", revive);
    page.document.removeEventListener("visibilitychange", revive);
    page.removeEventListener("pageshow", revive);
  };
}
