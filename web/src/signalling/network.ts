/** Brings a line back at once when the network or the page does, rather than when the policy's delay is over. */

/** What is needed of a LiveSocket. */
interface Revivable {
  revive(): void;
  restart(): void;
}

/** What browsers on phones tell of their network; others have nothing of it. */
interface NetworkInformation extends EventTarget {
  /** "wifi", "cellular" and so on. */
  readonly type?: string;
}

/**
 * Call `act` when the browser is back on a network, or on another one (from Wi-Fi to the mobile network, say); returns a
 * function that stops following.
 */
export function followNetwork(act: (change: "back" | "other") => void, page: Window = window): () => void {
  const stop = new AbortController();
  page.addEventListener("online", () => act("back"), { signal: stop.signal });
  const network = (page.navigator as Navigator & { connection?: NetworkInformation }).connection;
  let type = network?.type;
  // It also tells of every new guess of the speed.
  const note = (): void => {
    if (network?.type === type) return;
    type = network?.type;
    if (type !== "none") act("other");
  };
  network?.addEventListener("change", note, { signal: stop.signal });
  return () => stop.abort();
}

/** Follow the page's own events and its network; returns a function that stops following. */
export function reopenWithNetwork(socket: Revivable, page: Window = window): () => void {
  const revive = (): void => {
    if (page.document.visibilityState !== "hidden") socket.revive();
  };
  const stopFollowing = followNetwork((change) => {
    // A line over the network before this one is dead, whatever was heard on it a moment ago.
    if (change === "other") socket.restart();
    else revive();
  }, page);
  page.document.addEventListener("visibilitychange", revive);
  // A page that was frozen, or comes out of the cache of pages, had no timers meanwhile.
  page.addEventListener("pageshow", revive);
  return () => {
    stopFollowing();
    page.document.removeEventListener("visibilitychange", revive);
    page.removeEventListener("pageshow", revive);
  };
}
