import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { PositionEvents } from "../media/position";
import { Duty } from "./duty";
import { FakeLocks, type FakeTabLocks } from "./fake_locks";
import { Bench, officerState, textOf } from "./fake_page";
import { OneTab } from "./one_tab";

const SHIFT = { status: "available", status_at: "2026-11-27T06:00:00.000Z", began_at: "2026-11-27T06:00:00.000Z" } as const;
const START = Date.parse("2026-11-27T06:00:00.000Z");

let visibility: DocumentVisibilityState = "visible";
const pages: Page[] = [];

/** All that was promised has come. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

function show(state: DocumentVisibilityState): void {
  visibility = state;
}

/** The page of an officer on duty in one tab. */
class Page {
  readonly watches: PositionEvents[] = [];
  readonly stopped = vi.fn();
  at = START;
  duty!: Duty;
  readonly bench: Bench;

  constructor(readonly locks: FakeTabLocks | null) {
    pages.push(this);
    this.bench = new Bench({
      parts: [(host) => {
        this.duty = new Duty(host, {
          now: () => this.at, storage: localStorage, locks,
          watch: (events) => {
            this.watches.push(events);
            return this.stopped;
          },
        });
        return this.duty;
      }],
    });
    this.bench.open(officerState({ shift: SHIFT }));
  }

  move(after_ms: number): void {
    this.at += after_ms;
    this.watches.at(-1)?.onFix({ latitude: 51.79, longitude: -0.08, accuracy_m: 8, fixed_at: this.at, speed_mps: 12 });
  }

  get isWatching(): boolean {
    return this.watches.length > this.stopped.mock.calls.length;
  }

  get sent(): number[] {
    const frames = this.bench.line.sent.filter(({ type }) => type === "duty.fixes") as unknown as { fixes: { fixed_at: number }[] }[];
    return frames.flatMap(({ fixes }) => fixes.map(({ fixed_at }) => fixed_at - START));
  }

  get words(): string {
    return textOf(this.duty.homeView());
  }
}

beforeEach(() => {
  localStorage.clear();
  show("visible");
  vi.spyOn(document, "visibilityState", "get").mockImplementation(() => visibility);
});

afterEach(() => {
  for (const { duty } of pages.splice(0)) duty.signedOut();
  vi.restoreAllMocks();
});

describe("the one tab that sends", () => {
  function wanting(locks: FakeTabLocks | null): OneTab {
    const tab = new OneTab(() => undefined, locks);
    tab.want();
    return tab;
  }

  it("test_tab_of_a_browser_without_locks_sends_at_once", () => {
    expect(wanting(null).isMine).toBe(true);
  });

  it("test_hidden_tab_waits_and_takes_over_when_the_first_closes", async () => {
    const browser = new FakeLocks();
    const first = browser.tab();
    wanting(first);
    show("hidden");
    const second = wanting(browser.tab());
    await settled();
    expect(second.isMine).toBe(false);
    first.close();
    await settled();
    expect(second.isMine).toBe(true);
  });

  it("test_tab_that_is_shown_takes_the_place_and_the_other_has_it_again_afterwards", async () => {
    const browser = new FakeLocks();
    const first = wanting(browser.tab());
    await settled();
    const second = wanting(browser.tab());
    await settled();
    expect([first.isMine, first.isElsewhere, second.isMine]).toEqual([false, true, true]);
    second.leave();
    await settled();
    expect([first.isMine, first.isElsewhere, second.isMine, second.isElsewhere]).toEqual([true, false, false, false]);
  });

  it("test_tab_that_left_while_it_waited_or_was_about_to_have_it_never_has_it", async () => {
    const browser = new FakeLocks();
    const holder = browser.tab();
    wanting(holder);
    await settled();
    show("hidden");
    const waiting = wanting(browser.tab());
    waiting.leave();
    show("visible");
    const hasty = wanting(browser.tab());
    hasty.leave();
    holder.close();
    await settled();
    expect([waiting.isMine, hasty.isMine]).toEqual([false, false]);
    const next = wanting(browser.tab());
    await settled();
    expect(next.isMine).toBe(true);
  });

  it("test_tab_whose_browser_refuses_locks_sends_all_the_same", async () => {
    const tab = wanting({ request: () => Promise.reject(new DOMException("", "SecurityError")) } as unknown as FakeTabLocks);
    await settled();
    expect(tab.isMine).toBe(true);
  });
});

describe("two tabs of an officer on duty", () => {
  it("test_officer_with_two_tabs_is_sent_by_the_one_that_was_shown_last_and_reads_so_in_the_other", async () => {
    const browser = new FakeLocks();
    const first = new Page(browser.tab());
    await settled();
    first.move(2_000);
    expect([first.sent, first.words.includes("another tab")]).toEqual([[2_000], false]);

    const second = new Page(browser.tab());
    await settled();
    expect([first.isWatching, second.isWatching]).toEqual([false, true]);
    expect(first.words).toBe("On duty: your position is sent from another tab.");
    expect(second.words).not.toContain("another tab");
  });

  it("test_officer_who_closes_the_tab_that_sends_is_sent_by_the_other_with_what_was_not_sent_yet", async () => {
    const browser = new FakeLocks();
    const first = new Page(browser.tab());
    await settled();
    first.bench.line.drop(4012);
    first.move(6_000);
    const locks = browser.tab();
    const second = new Page(locks);
    await settled();
    expect(second.sent).toEqual([6_000]);
    second.at = first.at;
    second.move(15_000);
    locks.close();
    window.dispatchEvent(new Event("pagehide"));
    await settled();

    expect(first.isWatching).toBe(true);
    expect(first.words).not.toContain("another tab");
    first.bench.app.start();
    first.bench.line.accept();
    first.bench.line.feed(officerState({ shift: SHIFT }));
    expect(first.sent).toEqual([6_000, 21_000]);
  });

  it("test_officer_who_comes_back_to_a_tab_that_waits_is_sent_by_that_one", async () => {
    const browser = new FakeLocks();
    const first = new Page(browser.tab());
    show("hidden");
    const second = new Page(browser.tab());
    await settled();
    expect([first.isWatching, second.isWatching]).toEqual([true, false]);

    show("visible");
    document.dispatchEvent(new Event("visibilitychange"));
    await settled();
    expect([first.isWatching, second.isWatching]).toEqual([false, true]);
  });

  it("test_officer_whose_shift_ends_is_watched_in_no_tab", async () => {
    const browser = new FakeLocks();
    const [first, second] = [new Page(browser.tab()), new Page(browser.tab())];
    await settled();
    for (const { bench } of [second, first]) bench.line.feed(officerState({ shift: null }));
    await settled();
    expect([first.isWatching, second.isWatching]).toEqual([false, false]);
    expect(first.words).toContain("Off duty");
  });
});
