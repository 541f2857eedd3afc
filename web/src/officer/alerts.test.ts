import { render } from "lit-html";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Alerts, type AlertsBrowser } from "./alerts";
import { alertsView } from "./alertsview";

const SERVER_KEY = "BAEC-_8";

interface Sent {
  method: string;
  body: unknown;
}

/** A browser with a push service behind it, and the server that it tells. */
class Phone implements AlertsBrowser {
  allowed: NotificationPermission | null = "default";
  answer: NotificationPermission = "granted";
  isApple = false;
  key: string | null = SERVER_KEY;
  status = 201;
  readonly sent: Sent[] = [];
  made = 0;
  /** For which key of the server's there is a subscription. */
  subscribed: string | null = null;
  readonly closed: string[] = [];

  permission(): NotificationPermission | null {
    return this.allowed;
  }

  ask(): Promise<NotificationPermission> {
    this.allowed = this.answer;
    return Promise.resolve(this.answer);
  }

  isAppleOutsideHomeScreen(): boolean {
    return this.isApple;
  }

  registration(): Promise<ServiceWorkerRegistration> {
    const pushManager = {
      getSubscription: () => Promise.resolve(this.subscribed === null ? null : this.subscription(this.subscribed)),
      subscribe: ({ applicationServerKey }: { applicationServerKey: Uint8Array }) => {
        this.made += 1;
        this.subscribed = btoa(String.fromCharCode(...applicationServerKey)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
        return Promise.resolve(this.subscription(this.subscribed));
      },
    };
    const getNotifications = ({ tag }: { tag: string }) => Promise.resolve([{ close: () => this.closed.push(tag) }]);
    return Promise.resolve({ pushManager, getNotifications } as unknown as ServiceWorkerRegistration);
  }

  fetch(_address: string, { method, body }: RequestInit): Promise<Response> {
    if (method === undefined) return Promise.resolve(Response.json({ public_key: this.key }));
    this.sent.push({ method, body: JSON.parse(body as string) as unknown });
    return Promise.resolve(new Response(null, { status: this.status }));
  }

  private subscription(key: string): PushSubscription {
    const bytes = Uint8Array.from(atob(key.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
    return {
      endpoint: `https://push.example/${key}`,
      options: { applicationServerKey: bytes.buffer },
      toJSON: () => ({ keys: { p256dh: "point", auth: "secret" } }),
      unsubscribe: () => {
        this.subscribed = null;
        return Promise.resolve(true);
      },
    } as unknown as PushSubscription;
  }
}

const BODY = { endpoint: `https://push.example/${SERVER_KEY}`, p256dh: "point", auth: "secret" };
let phone: Phone;
let alerts: Alerts;
let screen: HTMLElement;

beforeEach(() => {
  localStorage.clear();
  phone = new Phone();
  screen = document.createElement("div");
  alerts = new Alerts(() => render(alertsView(alerts), screen), phone);
});

afterEach(() => {
  vi.restoreAllMocks();
});

describe("alerts while the officer's page is closed", () => {
  it("test_officer_turns_alerts_on_by_one_tap_and_off_by_another", async () => {
    await alerts.look();
    expect(alerts.state).toBe("off");
    expect(phone.sent).toEqual([]);
    await alerts.turnOn();
    expect(alerts.state).toBe("on");
    expect(phone.sent).toEqual([{ method: "POST", body: BODY }]);
    await alerts.turnOff();
    expect(alerts.state).toBe("off");
    expect(phone.sent[1]).toEqual({ method: "DELETE", body: { endpoint: BODY.endpoint } });
    expect(phone.subscribed).toBeNull();
    await alerts.look();
    expect(alerts.state).toBe("off");
  });

  it("test_page_that_is_opened_again_confirms_without_a_tap", async () => {
    await alerts.turnOn();
    await alerts.look();
    expect(phone.made).toBe(1);
    expect(phone.sent).toHaveLength(2);
    expect(alerts.state).toBe("on");
  });

  it("test_page_subscribes_anew_when_the_servers_key_was_replaced", async () => {
    await alerts.turnOn();
    phone.key = "BAECAwQ";
    await alerts.look();
    expect(phone.made).toBe(2);
    expect(phone.sent[1]?.body).toMatchObject({ endpoint: "https://push.example/BAECAwQ" });
  });

  it("test_officer_who_signs_out_leaves_a_phone_that_takes_nothing_and_is_on_again_after_signing_in", async () => {
    await alerts.turnOn();
    await alerts.forget();
    expect(phone.subscribed).toBeNull();
    await alerts.look();
    expect(alerts.state).toBe("on");
    expect(phone.made).toBe(2);
  });

  it("test_officer_who_said_no_reads_what_to_do_and_is_not_asked_again", async () => {
    phone.answer = "denied";
    await alerts.turnOn();
    expect(alerts.state).toBe("refused");
    expect(screen.textContent).toContain("Allow them in its settings");
    expect(screen.querySelector("button")).toBeNull();
  });

  it("test_officer_who_closed_the_question_may_try_again", async () => {
    phone.answer = "default";
    await alerts.turnOn();
    expect(alerts.state).toBe("off");
    expect(screen.querySelector("[data-testid=alerts-on]")).not.toBeNull();
  });

  it("test_iphone_in_the_browser_is_told_of_the_home_screen_and_another_that_it_cannot", async () => {
    phone.allowed = null;
    await alerts.look();
    expect(alerts.state).toBe("unsupported");
    phone.isApple = true;
    await alerts.look();
    expect(screen.textContent).toContain("Add to Home Screen");
    expect(screen.textContent).toContain("16.4");
  });

  it("test_officer_where_nothing_is_pushed_reads_so", async () => {
    phone.key = null;
    await alerts.look();
    expect(alerts.state).toBe("unavailable");
  });

  it.each([[400, "unavailable"], [409, "unavailable"], [503, "failed"]] as const)("test_server_that_answers_%i_leaves_alerts_%s", async (status, state) => {
    phone.status = status;
    await alerts.turnOn();
    expect(alerts.state).toBe(state);
  });

  it("test_page_without_a_network_offers_them_still", async () => {
    vi.spyOn(phone, "fetch").mockRejectedValue(new TypeError("no network"));
    await alerts.look();
    expect(alerts.state).toBe("off");
    await alerts.turnOn();
    expect(alerts.state).toBe("failed");
  });

  it("test_what_the_phone_shows_goes_when_it_was_seen", async () => {
    await alerts.clear(["0123-4567"]);
    expect(phone.closed).toEqual([]);
    await alerts.turnOn();
    await alerts.clear(["0123-4567"]);
    expect(phone.closed).toEqual(["01234567"]);
  });

  it("test_officer_turns_the_sound_off_on_this_phone", async () => {
    await alerts.turnOn();
    screen.querySelector<HTMLButtonElement>("[data-testid=alerts-sound]")!.click();
    expect(alerts.hasSound).toBe(false);
    expect(screen.textContent).toContain("Sound off");
  });
});
