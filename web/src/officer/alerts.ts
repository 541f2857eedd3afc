/**
 * Alerts while the page is closed: this browser's subscription at its push service, which the officer turns on and off.
 * It is confirmed to the server each time the page is opened, and made anew when the server's key has changed.
 */

import { csrfToken } from "../signalling/csrf";
import { bellMemory } from "./bell";

const DOOR = "/api/v1/push-subscriptions/";
const KEY = "sightline-alerts";

/**
 * looking: nothing is known yet. home_screen: an iPhone's browser, which has them only for a page on the Home Screen.
 * unavailable: nothing is pushed here, or not to this browser. failed: it did not work, and may the next time.
 */
export type AlertsState = "looking" | "unsupported" | "home_screen" | "unavailable" | "off" | "asking" | "on" | "refused" | "failed";

/** What alerts need of the browser; for tests, something else. */
export interface AlertsBrowser {
  /** null: it has no notifications, or no push. */
  permission(): NotificationPermission | null;
  ask(): Promise<NotificationPermission>;
  registration(): Promise<ServiceWorkerRegistration>;
  isAppleOutsideHomeScreen(): boolean;
  fetch(address: string, given: RequestInit): Promise<Response>;
}

/** What the screen shows of it, and what may be tapped. */
export interface AlertsPart {
  readonly state: AlertsState;
  readonly hasSound: boolean;
  turnOn(): Promise<void>;
  turnOff(): Promise<void>;
  setSound(isOn: boolean): void;
}

/** Remembers on this phone that alerts are wanted, so that they are on again after the next sign-in. */
const memory = {
  isWanted(): boolean {
    try {
      return window.localStorage.getItem(KEY) === "on";
    } catch {
      return false;
    }
  },
  remember(isWanted: boolean): void {
    try {
      window.localStorage.setItem(KEY, isWanted ? "on" : "off");
    } catch {
      // Without storage they are turned on by a tap each time.
    }
  },
};

/** The server refused this browser for good: the words say so, instead of "try again". */
class NotHere extends Error {}

/** This browser's alerts. */
export class Alerts implements AlertsPart {
  state: AlertsState = "looking";

  constructor(private readonly onChange: () => void, private readonly browser: AlertsBrowser = new PageBrowser()) {}

  get hasSound(): boolean {
    return bellMemory.isWanted();
  }

  setSound(isOn: boolean): void {
    bellMemory.remember(isOn);
    this.onChange();
  }

  /** Find out how it stands, and confirm what is on; again whenever the officer comes back to the page. */
  async look(): Promise<void> {
    if (this.state === "asking") return;
    const permission = this.browser.permission();
    if (permission === null) this.become(this.browser.isAppleOutsideHomeScreen() ? "home_screen" : "unsupported");
    else if (permission === "denied") this.become("refused");
    else if (permission === "granted" && memory.isWanted()) await this.subscribe();
    else this.become((await this.key().catch(() => "")) === null ? "unavailable" : "off");
  }

  /** Called in the tap itself: browsers ask at no other time. */
  async turnOn(): Promise<void> {
    this.become("asking");
    const permission = await this.browser.ask().catch(() => "default" as const);
    if (permission !== "granted") {
      this.become(permission === "denied" ? "refused" : "off");
      return;
    }
    memory.remember(true);
    await this.subscribe();
  }

  async turnOff(): Promise<void> {
    memory.remember(false);
    const subscription = await this.subscription();
    if (subscription !== null) {
      await this.send("DELETE", { endpoint: subscription.endpoint }).catch(() => undefined);
      await subscription.unsubscribe().catch(() => false);
    }
    this.become("off");
  }

  /** The officer signs out: this browser takes nothing more, whatever the server still sends. */
  async forget(): Promise<void> {
    await (await this.subscription())?.unsubscribe().catch(() => false);
  }

  /** Take down what the phone shows of notices that were seen. */
  async clear(noticeIds: readonly string[]): Promise<void> {
    if (this.browser.permission() !== "granted") return;
    const registration = await this.browser.registration();
    for (const id of noticeIds) {
      for (const shown of await registration.getNotifications({ tag: id.replaceAll("-", "") })) shown.close();
    }
  }

  private async subscribe(): Promise<void> {
    try {
      const key = await this.key();
      if (key === null) throw new NotHere();
      const { pushManager } = await this.browser.registration();
      const subscription = (await kept(pushManager, key))
        ?? await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytesOf(key) });
      const { keys } = subscription.toJSON();
      await this.send("POST", { endpoint: subscription.endpoint, p256dh: keys?.p256dh, auth: keys?.auth });
      this.become("on");
    } catch (error) {
      this.become(error instanceof NotHere ? "unavailable" : "failed");
    }
  }

  private async subscription(): Promise<PushSubscription | null> {
    if (this.browser.permission() !== "granted") return null;
    const registration = await this.browser.registration().catch(() => null);
    return (await registration?.pushManager.getSubscription().catch(() => null)) ?? null;
  }

  private async key(): Promise<string | null> {
    const answer = await this.browser.fetch(DOOR, {});
    if (!answer.ok) throw new Error(`answered ${answer.status}`);
    return ((await answer.json()) as { public_key: string | null }).public_key;
  }

  private async send(method: string, body: object): Promise<void> {
    const headers = { "Content-Type": "application/json", "X-CSRFToken": csrfToken() };
    const answer = await this.browser.fetch(DOOR, { method, headers, body: JSON.stringify(body) });
    if (answer.status === 400 || answer.status === 409) throw new NotHere();
    if (!answer.ok) throw new Error(`answered ${answer.status}`);
  }

  private become(state: AlertsState): void {
    this.state = state;
    this.onChange();
  }
}

/** The subscription that there is, if it is for this key; one for a key that was replaced is given up. */
async function kept(manager: PushManager, key: string): Promise<PushSubscription | null> {
  const found = await manager.getSubscription();
  const own = found?.options.applicationServerKey ?? null;
  if (found === null || (own !== null && base64url(own) === key)) return found;
  await found.unsubscribe();
  return null;
}

function base64url(bytes: ArrayBuffer): string {
  return btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const clear = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(clear, (letter) => letter.charCodeAt(0));
}

/** The older browsers of the floor have none. */
function notifications(): typeof Notification | undefined {
  return (window as Partial<Pick<Window & typeof globalThis, "Notification">>).Notification;
}

/** The page's own browser. */
class PageBrowser implements AlertsBrowser {
  permission(): NotificationPermission | null {
    const hasPush = "serviceWorker" in navigator && "PushManager" in window;
    return hasPush ? (notifications()?.permission ?? null) : null;
  }

  ask(): Promise<NotificationPermission> {
    return notifications()?.requestPermission() ?? Promise.resolve("default");
  }

  registration(): Promise<ServiceWorkerRegistration> {
    return navigator.serviceWorker.ready;
  }

  isAppleOutsideHomeScreen(): boolean {
    const isApple = /iPhone|iPad|iPod/.test(navigator.userAgent) || (navigator.userAgent.includes("Macintosh") && navigator.maxTouchPoints > 1);
    return isApple && !matchMedia("(display-mode: standalone)").matches;
  }

  fetch(address: string, given: RequestInit): Promise<Response> {
    return fetch(address, { credentials: "same-origin", ...given });
  }
}
