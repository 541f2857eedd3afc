/**
 * What the service worker does with a push: it shows a notice that names nobody and no place, for it lies on a locked
 * screen, and opens the page when it is tapped. Only the worker may import this: it is served as one file.
 */

import type { NoticeKind, PushedNotice } from "../signalling/noticeshapes";

const WORDS: Readonly<Record<NoticeKind, string>> = {
  assignment: "Control room: new assignment", view_request: "Control room: new request", message: "Control room: new message",
  consultation: "Control room: consultation",
};
const PAGE = "/officer/";

/** A window of the worker's origin. */
export interface WorkerWindow {
  readonly url: string;
  readonly visibilityState: DocumentVisibilityState;
  focus(): Promise<unknown>;
}

/** What of the worker's world it needs. */
export interface PushScope {
  readonly registration: { showNotification(title: string, options: NotificationOptions): Promise<void> };
  readonly clients: {
    matchAll(options: { type: "window"; includeUncontrolled: true }): Promise<readonly WorkerWindow[]>;
    openWindow(address: string): Promise<unknown>;
  };
}

/** Show what was pushed. A browser that shows nothing for a push may end the subscription: something is shown, always. */
export async function showPush(scope: PushScope, text: string | null): Promise<void> {
  const notice = readPush(text);
  const isInView = (await officerWindows(scope)).some((window) => window.visibilityState === "visible");
  // One with the same tag takes the place of the one before, without another sound: a push may come twice.
  await scope.registration.showNotification(notice === null ? "Control room" : WORDS[notice.kind], {
    body: "Tap to open.", lang: "en", icon: "/assets/icon.svg", silent: isInView,
    tag: notice?.id ?? "control-room", requireInteraction: notice !== null && notice.kind !== "message",
  });
}

/** Bring the officer's page to the front, or open it. */
export async function openPage(scope: PushScope): Promise<void> {
  const [open] = await officerWindows(scope);
  await (open === undefined ? scope.clients.openWindow(PAGE) : open.focus());
}

async function officerWindows(scope: PushScope): Promise<WorkerWindow[]> {
  const windows = await scope.clients.matchAll({ type: "window", includeUncontrolled: true });
  return windows.filter((window) => new URL(window.url).pathname === PAGE);
}

/** What was pushed; null for what is no notice, whoever sent it. */
export function readPush(text: string | null): PushedNotice | null {
  try {
    const found = JSON.parse(text ?? "") as Partial<PushedNotice> | null;
    const isNotice = found !== null && typeof found.id === "string" && /^[0-9a-f]{32}$/.test(found.id) && String(found.kind) in WORDS;
    return isNotice ? (found as PushedNotice) : null;
  } catch {
    return null;
  }
}
