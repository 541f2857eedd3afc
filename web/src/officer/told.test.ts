import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { AlertsBrowser } from "./alerts";
import { Bench, liveSession, officerState } from "./fake_page";
import { Told } from "./told";
import { drawPage } from "./view";

const NOTICE = { id: "n1", kind: "assignment", subject_id: null, created_at: "2026-11-27T06:00:00.000Z" } as const;

/** A page whose phone lets nothing through but what the test says. */
class Phone {
  readonly ringer = { vibrate: vi.fn(), sound: vi.fn() };
  readonly unsubscribe = vi.fn((): Promise<boolean> => Promise.resolve(true));
  readonly closed: string[] = [];
  permission: NotificationPermission = "granted";
  readonly bench = new Bench({ parts: [(host) => new Told(host, { ringer: this.ringer, browser: this.browser })] });

  get browser(): AlertsBrowser {
    const registration = {
      pushManager: { getSubscription: () => Promise.resolve({ unsubscribe: this.unsubscribe }) },
      getNotifications: ({ tag }: { tag: string }) => Promise.resolve([{ close: () => this.closed.push(tag) }]),
    } as unknown as ServiceWorkerRegistration;
    return {
      permission: () => this.permission,
      ask: () => Promise.resolve(this.permission),
      registration: () => Promise.resolve(registration),
      isAppleOutsideHomeScreen: () => false,
      fetch: () => Promise.resolve(Response.json({ public_key: "BAEC-_8" })),
    };
  }

  drawn(): HTMLElement {
    const { page, app } = this.bench;
    const root = document.createElement("div");
    drawPage(root, { page, acts: app, parts: app.parts, preview: document.createElement("video"), signOut: () => undefined });
    return root;
  }

  tell(): this {
    this.bench.line.feed({ type: "officer.notice", notice: NOTICE, topic: "officer.5", seq: 1 });
    return this;
  }
}

/** What was promised already has happened. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
  vi.useFakeTimers({ toFake: ["setTimeout", "setInterval"] }); // no socket is opened again after its test
});

afterEach(() => {
  vi.useRealTimers();
});

describe("what the control room tells the officer", () => {
  it("test_officer_is_told_takes_it_down_at_once_and_the_server_hears_of_it_when_there_is_a_line", async () => {
    const phone = new Phone();
    const { bench } = phone;
    bench.open();
    phone.tell();
    expect(bench.page.server?.notices).toEqual([NOTICE]);
    expect(phone.ringer.sound).toHaveBeenCalledOnce();
    bench.line.drop(4012);
    phone.drawn().querySelector<HTMLButtonElement>("[data-testid=notice-seen]")!.click();
    expect(bench.page.server?.notices).toEqual([]);
    bench.app.start();
    bench.line.accept();
    expect(bench.line.sent).toContainEqual({ type: "notice.seen", notice_id: "n1" });
    await settled();
    expect(phone.closed).toEqual(["n1"]);
  });

  it("test_notice_that_was_seen_on_another_phone_goes_from_this_one", async () => {
    const phone = new Phone();
    phone.bench.open(officerState({ notices: [NOTICE] }));
    expect(phone.ringer.vibrate).not.toHaveBeenCalled();
    phone.bench.line.feed({ type: "officer.notice_seen", notice_id: "n1", topic: "officer.5", seq: 1 });
    expect(phone.drawn().querySelector("[data-testid=notice]")).toBeNull();
    await settled();
    expect(phone.closed).toEqual(["n1"]);
  });

  it("test_notices_are_on_top_of_every_screen_and_alerts_under_the_status_of_the_first", async () => {
    const phone = new Phone();
    phone.permission = "denied";
    phone.bench.open();
    phone.tell();
    await settled();
    const shows = (what: string): boolean => phone.drawn().querySelector(`[data-testid=${what}]`) !== null;
    const home = phone.drawn();
    expect(home.firstElementChild?.querySelector("[data-testid=notice]")).not.toBeNull();
    expect(home.querySelector(".statuses ~ [data-testid=alerts]")?.textContent).toContain("Alerts are blocked");
    phone.bench.app.choose(true);
    expect([shows("notice"), shows("alerts")]).toEqual([true, false]);
    phone.bench.line.feed(officerState({ notices: [NOTICE], live: liveSession(), ref: "start" }));
    expect([shows("live"), shows("notice"), shows("alerts")]).toEqual([true, true, false]);
  });

  it("test_officer_who_is_live_when_told_hears_no_tone", () => {
    const phone = new Phone();
    phone.bench.open().goLive();
    phone.tell();
    expect(phone.ringer.vibrate).toHaveBeenCalledOnce();
    expect(phone.ringer.sound).not.toHaveBeenCalled();
  });

  it("test_alerts_are_looked_at_again_when_the_officer_comes_back", async () => {
    const phone = new Phone();
    phone.permission = "denied";
    phone.bench.open();
    await settled();
    expect(phone.drawn().querySelector<HTMLElement>("[data-testid=alerts]")?.dataset.state).toBe("refused");
    phone.permission = "default";
    document.dispatchEvent(new Event("visibilitychange"));
    await settled();
    await vi.waitFor(() => expect(phone.drawn().querySelector<HTMLElement>("[data-testid=alerts]")?.dataset.state).toBe("off"));
  });

  it("test_signing_out_gives_the_subscription_up_and_waits_no_longer_than_a_moment_for_it", async () => {
    const phone = new Phone();
    phone.bench.open();
    await phone.bench.app.signedOut();
    expect(phone.unsubscribe).toHaveBeenCalledOnce();
    phone.unsubscribe.mockReturnValue(new Promise(() => undefined));
    const left = vi.fn();
    void phone.bench.app.signedOut().then(left);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(left).not.toHaveBeenCalled();
    phone.bench.line.feed(officerState({ notices: [NOTICE] }));
    expect(phone.ringer.vibrate).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(left).toHaveBeenCalledOnce();
  });
});
