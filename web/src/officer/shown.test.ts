import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { FakeSocket } from "../signalling/fake_socket";
import type { OfficerState, ShownPicture } from "../signalling/messages";
import { Bench, liveSession, officerState } from "./fake_page";
import { Shown } from "./shown";
import { drawPage } from "./view";

const EVIL = '<img src=x onerror="alert(1)">';
const NOON = Date.parse("2026-11-27T12:00:00.000Z");
const STREAM = { id: "s-1", state: "live", live_at: null, stalled_at: null, last_media_at: null, ended_at: null, end_reason: "" } as const;

function picture(change: Partial<ShownPicture> = {}): ShownPicture {
  return {
    session_id: "77777777-7777-4777-8777-777777777777", kind: "caller", officer: null, source: null, incident: { id: "i-1", reference: "HERTS-2611-0001" },
    shown_at: "2026-11-27T11:59:00.000Z", stream: { ...STREAM }, position: null, flight: null, trail: [], ...change,
  };
}

function shownState(...pictures: ShownPicture[]): OfficerState {
  return officerState({ pictures });
}

/** A page with the part alone, drawn with every change. */
class ShownBench {
  readonly root = document.body.appendChild(document.createElement("div"));
  readonly bench: Bench;

  constructor(state: OfficerState) {
    this.bench = new Bench({ parts: [(host) => new Shown(host)] }, () => this.draw());
    this.bench.open(state);
  }

  get line(): FakeSocket {
    return this.bench.line;
  }

  part(name: string): HTMLElement | null {
    return this.root.querySelector(`[data-testid=${name}]`);
  }

  tap(name: string): void {
    (this.part(name) as HTMLButtonElement).click();
  }

  /** Frames about watches, in order. */
  get asked(): string[] {
    return this.line.types.filter((type) => type.startsWith("watch.") || type === "stream.watch");
  }

  private draw(): void {
    const { app, page } = this.bench;
    drawPage(this.root, { page, acts: app, parts: app.parts, preview: document.createElement("video"), signOut: () => undefined });
  }
}

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
  vi.useFakeTimers({ toFake: ["setTimeout", "setInterval", "Date"], now: NOON });
});

afterEach(() => {
  document.body.replaceChildren();
  vi.useRealTimers();
});

describe("what an officer is shown", () => {
  it("test_nothing_is_listed_where_nothing_is_shown", () => {
    expect(new ShownBench(shownState()).part("shown-list")).toBeNull();
  });

  it("test_card_says_whose_it_is_where_and_how_old_that_is_and_no_more", () => {
    const fix = { fixed_at: "2026-11-27T11:59:48.000Z", received_at: "2026-11-27T11:59:48.000Z", accuracy_m: 8, grid_reference: "TL 32600 12600", latitude: 51.8, longitude: -0.08 };
    const { root } = new ShownBench(shownState(
      picture({ position: fix as ShownPicture["position"] }),
      picture({ session_id: "8", kind: "officer", officer: { id: "9", name: EVIL, number: "77" } }),
      picture({ session_id: "9", kind: "flight", source: { id: "a", name: "DJI M30T 1581F" } }),
    ));
    const cards = [...root.querySelectorAll("[data-testid=shown-picture]")].map((card) => card.textContent.replace(/\s+/g, " "));
    expect(cards[0]).toMatch(/Caller HERTS-2611-0001 TL 32600 12600, ±8 m, 12 s ago Watch/);
    expect(cards[1]).toContain(`77 ${EVIL}`);
    expect(cards[1]).toContain("Place not known");
    expect(cards[2]).toContain("Drone DJI M30T 1581F");
    expect(root.querySelector("img")).toBeNull();
  });

  it("test_picture_that_is_not_there_cannot_be_watched_and_a_lost_one_says_since_when", () => {
    const { root } = new ShownBench(shownState(
      picture({ stream: null }), picture({ session_id: "8", stream: { ...STREAM, id: "s-2", state: "stalled", stalled_at: "2026-11-27T11:58:00.000Z" } }),
    ));
    const [none, lost] = [...root.querySelectorAll<HTMLButtonElement>("[data-testid=watch-picture]")];
    expect([none?.disabled, lost?.disabled]).toEqual([true, false]);
    expect(root.textContent).toMatch(/No signal since \d\d:58:00/);
  });

  it("test_one_tap_asks_for_the_picture_and_close_lets_it_go", () => {
    const bench = new ShownBench(shownState(picture()));
    bench.tap("watch-picture");
    expect(bench.line.sent.find((frame) => frame.type === "stream.watch")).toMatchObject({ session_id: picture().session_id, stream_id: "s-1", ref: "watch:s-1" });
    expect(bench.part("shown-truth")?.textContent).toBe("CONNECTING");
    expect(bench.root.querySelector("video[data-testid=video]")).not.toBeNull();
    bench.tap("close-picture");
    expect(bench.part("shown-sheet")).toBeNull();
    expect(bench.root.querySelector("video[data-testid=video]")).toBeNull();
  });

  it("test_picture_that_is_hidden_says_so_and_is_not_asked_for_again", () => {
    const bench = new ShownBench(shownState(picture()));
    bench.tap("watch-picture");
    const before = bench.asked.length;
    bench.line.feed({ type: "watch.ended", watch_id: "w1", session_id: picture().session_id, reason: "not_shown", topic: "officer.5", seq: 1 });
    bench.line.feed(shownState());
    vi.advanceTimersByTime(20_000);
    expect(bench.part("shown-over")?.textContent).toContain("The control room shows this picture no longer.");
    expect(bench.root.querySelector("video[data-testid=video]")).toBeNull();
    expect(bench.asked.slice(before)).toEqual([]);
    bench.tap("close-picture");
    expect(bench.part("shown-sheet")).toBeNull();
  });

  it("test_picture_that_is_listed_no_longer_is_over", () => {
    const bench = new ShownBench(shownState(picture()));
    bench.tap("watch-picture");
    bench.line.feed(shownState());
    expect(bench.part("shown-over")?.textContent).toContain("The session is over, or the control room shows it no longer.");
  });

  it("test_watch_of_another_picture_that_ends_ends_not_this_one", () => {
    const bench = new ShownBench(shownState(picture(), picture({ session_id: "8" })));
    bench.tap("watch-picture");
    bench.line.feed({ type: "watch.ended", watch_id: "w9", session_id: "8", reason: "not_shown", topic: "officer.5", seq: 1 });
    expect(bench.part("shown-over")).toBeNull();
  });

  it("test_refusal_of_the_server_is_said", () => {
    const bench = new ShownBench(shownState(picture()));
    bench.tap("watch-picture");
    bench.line.feed({ type: "error", code: "not_on_incident", message: "You are not on this incident.", ref: "watch:s-1" });
    expect(bench.part("shown-over")?.textContent).toContain("You are not on this incident any more.");
  });

  it("test_stream_that_is_new_is_asked_for_and_no_picture_is_called_so", () => {
    const bench = new ShownBench(shownState(picture()));
    bench.tap("watch-picture");
    bench.line.feed(shownState(picture({ stream: null })));
    expect(bench.part("shown-truth")?.textContent).toBe("NO PICTURE YET");
    bench.line.feed(shownState(picture({ stream: { ...STREAM, id: "s-2" } })));
    expect(bench.line.sent.filter((frame) => frame.type === "stream.watch").map((frame) => (frame as { stream_id?: string }).stream_id)).toEqual(["s-1", "s-2"]);
  });

  it("test_line_that_was_lost_asks_again_and_signing_out_closes", async () => {
    const bench = new ShownBench(shownState(picture()));
    bench.tap("watch-picture");
    bench.line.drop(4012);
    vi.advanceTimersByTime(1_000);
    bench.line.accept();
    bench.line.feed(shownState(picture()));
    expect(bench.asked).toContain("stream.watch");
    await bench.bench.app.signedOut();
    expect(bench.part("shown-sheet")).toBeNull();
  });

  it("test_officer_who_is_live_watches_by_a_tap_and_reads_that_the_own_picture_goes_on", () => {
    const bench = new ShownBench(shownState(picture()));
    bench.bench.app.goLive(null);
    bench.line.feed({ ...shownState(picture()), live: liveSession(), ref: "start" });
    expect(bench.part("live")).not.toBeNull();
    bench.tap("watch-picture");
    expect(bench.part("own-goes-on")?.textContent).toContain("your own picture goes on");
    expect(bench.bench.done).not.toContain("close");
  });
});
