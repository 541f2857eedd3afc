/**
 * "Exit this page": leaves at once for a page that says nothing, and lets nobody come back by Back.
 *
 * The camera goes off first (the caller's page listens for EXIT_EVENT), then the page is blank, then it is replaced. What
 * stays in the history of the window is covered by a mark in its storage: a page that is drawn again by Back leaves again
 * before it is shown. Opening a link anew, on purpose, takes the mark away.
 */

/**
 * Told to the document before the page goes; listeners are done when it goes. A type, so that a script which listens is
 * held to the name without loading this one: it stands on every public page already, as one file of its own.
 */
export type ExitEvent = "sightline:exit";
const EXIT_EVENT: ExitEvent = "sightline:exit";

const MARK = "sightline-left";
/** Tells the server that pages of this browser may be come back to: it then lets none be drawn before this script ran. */
const LEFT_COOKIE = "sl_left=1; Path=/; Max-Age=86400; SameSite=Lax";
/** Presses of Shift or Escape, each within PRESS_MS of the one before, that leave the page. */
const PRESSES = 3;
const PRESS_MS = 5_000;

/** What leaving needs of a browser; replaced in tests. */
export interface ExitHost {
  page: Document;
  storage: Pick<Storage, "getItem" | "setItem" | "removeItem">;
  /** How this page came to be shown: "navigate", "reload" or "back_forward". */
  arrival(): string;
  replace(url: string): void;
}

/** The one link of a public page that leads out. */
function linkOf(page: Document): HTMLAnchorElement | null {
  return page.querySelector<HTMLAnchorElement>("#exit-page");
}

/** Leaves: listeners first, then nothing is to be seen, then another page takes the place of this one. */
export function leave(host: ExitHost, url: string): void {
  remember(host.storage, url);
  host.page.cookie = LEFT_COOKIE;
  host.page.dispatchEvent(new CustomEvent(EXIT_EVENT));
  blank(host.page);
  host.replace(url);
}

/** Nothing of the page is to be seen, whatever is drawn while the other one loads. */
function blank(page: Document): void {
  page.documentElement.hidden = true;
  page.documentElement.style.setProperty("display", "none", "important");
  page.title = "…";
}

/** A window without storage still leaves; only Back is then not covered. */
function remember(storage: ExitHost["storage"], url: string): void {
  try {
    storage.setItem(MARK, url);
  } catch {
    // Storage is turned off.
  }
}

function remembered(storage: ExitHost["storage"]): string | null {
  try {
    return storage.getItem(MARK);
  } catch {
    return null;
  }
}

/** A page that was left and is drawn again: out of sight and away. Returns whether it was. */
function leaveAgain(host: ExitHost): boolean {
  const url = remembered(host.storage);
  if (url === null) return false;
  blank(host.page);
  host.replace(url);
  return true;
}

/** Watches the link, the keys and the ways back. Runs before the page is drawn. */
export function guardExit(host: ExitHost, view: EventTarget): void {
  if (host.arrival() === "back_forward" && leaveAgain(host)) return;
  if (remembered(host.storage) !== null) host.storage.removeItem(MARK);
  view.addEventListener("pageshow", (event) => {
    if ((event as PageTransitionEvent).persisted) leaveAgain(host);
  });
  host.page.addEventListener("click", (event) => {
    const link = (event.target as Element | null)?.closest<HTMLAnchorElement>("#exit-page");
    if (link == null) return;
    event.preventDefault();
    leave(host, link.href);
  });
  watchKeys(host);
}

function watchKeys(host: ExitHost): void {
  let pressed: { key: string; count: number; at: number } = { key: "", count: 0, at: 0 };
  host.page.addEventListener("keydown", (event) => {
    const { key, timeStamp: at } = event;
    if (key !== "Shift" && key !== "Escape") {
      pressed = { key: "", count: 0, at };
      return;
    }
    if (event.repeat) return;
    const goesOn = pressed.key === key && at - pressed.at <= PRESS_MS;
    pressed = { key, count: goesOn ? pressed.count + 1 : 1, at };
    const link = linkOf(host.page);
    if (pressed.count >= PRESSES && link !== null) leave(host, link.href);
  });
}
