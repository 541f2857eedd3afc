/** Tries a waiting line at once when the network or the page comes back, rather than when the policy's delay is over. */

/** What is needed of a LiveSocket. */
interface Reopenable {
  readonly state: string;
  open(): void;
}

/** Follow the page's own events; returns a function that stops following. */
export function reopenWithNetwork(socket: Reopenable, page: Window = window): () => void {
  const reopen = (): void => {
    if (socket.state === "waiting" && page.document.visibilityState !== "hidden") socket.open();
  };
  page.addEventListener("online", reopen);
  page.document.addEventListener("visibilitychange", reopen);
  return () => {
    page.removeEventListener("online", reopen);
    page.document.removeEventListener("visibilitychange", reopen);
  };
}
