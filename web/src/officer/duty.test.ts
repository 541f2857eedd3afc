import { render } from "lit-html";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { PositionEvents } from "../media/position";
import type { OfficerState, PositionReport } from "../signalling/messages";
import { Duty } from "./duty";
import { Bench, liveSession, officerState, textOf } from "./fake_page";

const SHIFT = { status: "available", status_at: "2026-11-27T06:00:00.000Z", began_at: "2026-11-27T06:00:00.000Z" } as const;

/** All of a test: what one leaves behind must not be written down in the next. */
const shifts: Shift[] = [];

class Shift {
  readonly stopped = vi.fn();
  readonly watches: PositionEvents[] = [];
  at = Date.parse("2026-11-27T06:00:00.000Z");
  duty!: Duty;
  readonly bench = new Bench({
    parts: [(host) => {
      this.duty = new Duty(host, {
        now: () => this.at,
        storage: localStorage,
        watch: (events) => {
          this.watches.push(events);
          return this.stopped;
        },
      });
      return this.duty;
    }],
  });

  constructor() {
    shifts.push(this);
  }

  /** Time goes by on a line that stands. */
  wait(ms: number): void {
    for (let passed = 0; passed < ms; passed += 1_000) {
      vi.advanceTimersByTime(1_000);
      const now = new Date().toISOString();
      this.bench.line.feed({ type: "heartbeat.pong", sent_at: now, now });
    }
  }

  /** On duty, and connected. */
  begin(changes: Partial<OfficerState> = {}): this {
    this.bench.open(officerState({ shift: SHIFT, ...changes }));
    return this;
  }

  /** The phone moves on, and says where it is. */
  move(after_ms = 2_000, change: Partial<PositionReport> = {}): this {
    this.at += after_ms;
    this.watches.at(-1)!.onFix({ latitude: 51.79, longitude: -0.08, accuracy_m: 8, fixed_at: this.at, speed_mps: 12, ...change });
    return this;
  }

  get frames(): { ref: string; fixes: { fixed_at: number }[] }[] {
    return this.bench.line.sent.filter(({ type }) => type === "duty.fixes") as never;
  }

  /** The server has the last frame. */
  keep(isDoubtful = false): this {
    const { ref, fixes } = this.frames.at(-1)!;
    this.bench.line.feed({ type: "duty.kept", ref, count: fixes.length, refused: 0, is_doubtful: isDoubtful });
    return this;
  }

  lose(): this {
    this.bench.line.drop(4012);
    return this;
  }

  back(changes: Partial<OfficerState> = {}): this {
    this.bench.app.start();
    this.bench.line.accept();
    this.bench.line.feed(officerState({ shift: SHIFT, ...changes }));
    return this;
  }

  get words(): string {
    return textOf(this.duty.homeView());
  }
}

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval"] });
});

afterEach(() => {
  for (const { duty } of shifts.splice(0)) duty.signedOut();
  vi.useRealTimers();
});

describe("an officer's position", () => {
  it("test_officer_off_duty_is_not_watched_and_reads_so", () => {
    const shift = new Shift();
    shift.bench.open();
    expect(shift.watches).toHaveLength(0);
    expect(shift.words).toContain("Off duty: the control room does not see where you are");
  });

  it("test_officer_on_duty_is_watched_told_so_and_sent", () => {
    const shift = new Shift().begin();
    expect(shift.words).toContain("looking for your position");
    shift.move();
    expect(shift.frames).toHaveLength(1);
    expect(shift.words).not.toContain("the control room sees where you are");
    shift.keep();
    expect(shift.words).toContain("On duty: the control room sees where you are");
    expect(shift.words).toContain("±8 m");
  });

  it("test_officer_who_goes_off_duty_is_watched_no_more_and_nothing_stays_on_the_phone", () => {
    const shift = new Shift().begin().lose().move().move(6_000);
    expect(localStorage.length).toBe(1);
    shift.back({ shift: null });
    expect(shift.stopped).toHaveBeenCalledOnce();
    expect(localStorage.length).toBe(0);
    expect(shift.frames).toHaveLength(0);
    shift.move();
    expect(shift.frames).toHaveLength(0);
  });

  it("test_officer_whose_position_is_doubtful_is_not_said_to_be_seen_and_the_phone_sends_it_no_more", () => {
    const shift = new Shift().begin().move().keep(true);
    expect(shift.words).toContain("your position is doubtful");
    expect(shift.words).not.toContain("sees where you are");
    expect(shift.frames).toHaveLength(1);
    shift.move(16_000).keep();
    expect(shift.words).toContain("the control room sees where you are");
  });

  it("test_officer_whose_line_is_lost_has_the_way_kept_and_sent_newest_first", () => {
    const shift = new Shift().begin().lose();
    for (let index = 0; index < 130; index += 1) shift.move(5_000);
    expect(shift.words).toContain("Not sent yet: 130 positions, oldest 10 min ago");
    shift.back();
    const [first] = shift.frames;
    expect(first!.fixes).toHaveLength(120);
    expect(first!.fixes.at(-1)!.fixed_at).toBe(shift.at);
    shift.keep();
    expect(shift.frames[1]!.fixes).toHaveLength(10);
    shift.keep();
    expect(shift.frames).toHaveLength(2);
    expect(shift.words).not.toContain("Not sent yet");
  });

  it("test_officer_whose_answer_was_lost_is_sent_again", () => {
    const shift = new Shift().begin().move();
    const [first] = shift.frames;
    shift.lose().back();
    expect(shift.frames.map(({ fixes }) => fixes)).toEqual([first!.fixes]);
    shift.wait(11_000);
    expect(shift.frames).toHaveLength(2);
  });

  it("test_officer_whose_page_was_loaded_again_has_lost_nothing", () => {
    new Shift().begin().lose().move();
    window.dispatchEvent(new Event("pagehide"));
    const again = new Shift().begin();
    expect(again.frames[0]!.fixes).toHaveLength(1);
    expect(again.keep().frames).toHaveLength(1);
    expect(localStorage.length).toBe(0);
  });

  it("test_officer_of_another_shift_or_another_person_sends_nothing_of_the_one_before", () => {
    new Shift().begin().lose().move();
    const other = officerState();
    const later = new Shift().begin({ me: { ...other.me, id: "6" } });
    expect(later.frames).toHaveLength(0);
    expect(localStorage.length).toBe(0);
  });

  it("test_officer_who_is_live_is_sent_by_the_session_alone", () => {
    const shift = new Shift().begin();
    shift.bench.app.goLive(null);
    shift.bench.line.feed(officerState({ shift: SHIFT, live: liveSession(), ref: "start" }));
    shift.move().move();
    expect(shift.frames).toHaveLength(0);
    // Without a line the way is kept, but for the newest: that one waits for the session.
    shift.lose().move(6_000).move(6_000).move(6_000);
    const newest = shift.at;
    shift.back({ live: liveSession() });
    expect(shift.frames[0]!.fixes.map(({ fixed_at }) => newest - fixed_at)).toEqual([12_000, 6_000]);
  });

  it("test_officer_whose_phone_is_minutes_wrong_is_sent_on_the_servers_clock", () => {
    const shift = new Shift().begin();
    const ping = shift.bench.line.sent.find(({ type }) => type === "heartbeat.ping") as unknown as { sent_at: string };
    shift.bench.line.feed({ type: "heartbeat.pong", sent_at: ping.sent_at, now: new Date(Date.parse(ping.sent_at) + 300_000).toISOString() });
    shift.move();
    expect(Math.abs(shift.frames[0]!.fixes[0]!.fixed_at - shift.at - 300_000)).toBeLessThan(1_000);
  });
});

describe("trouble with an officer's position", () => {
  it("test_officer_who_refused_the_position_reads_what_to_do_and_can_try_again", () => {
    const shift = new Shift().begin();
    shift.watches[0]!.onFault("denied");
    expect(shift.words).toContain("the control room does not see where you are");
    expect(shift.words).toContain("settings");
    const root = document.createElement("div");
    render(shift.duty.homeView(), root);
    root.querySelector<HTMLButtonElement>("[data-testid=duty-retry]")!.click();
    expect(shift.watches).toHaveLength(2);
  });

  it("test_officer_whose_phone_falls_silent_is_asked_again", () => {
    const shift = new Shift().begin().move().keep();
    shift.at += 21_000;
    vi.advanceTimersByTime(1_000);
    expect(shift.watches).toHaveLength(2);
    expect(shift.stopped).toHaveBeenCalledOnce();
  });

  it("test_officer_whom_the_server_holds_for_off_duty_asks_how_it_stands_and_sends_no_more", () => {
    const shift = new Shift().begin().move();
    shift.bench.line.feed({ type: "error", code: "not_on_duty", message: "", ref: shift.frames[0]!.ref });
    expect(shift.bench.line.types.at(-1)).toBe("officer.snapshot");
    expect(shift.stopped).toHaveBeenCalledOnce();
  });

  it("test_officer_whose_fixes_are_refused_for_good_does_not_send_them_for_ever", () => {
    const shift = new Shift().begin().move();
    shift.bench.line.feed({ type: "error", code: "invalid_field", message: "", ref: shift.frames[0]!.ref });
    shift.wait(20_000);
    expect(shift.frames).toHaveLength(1);
    shift.move();
    expect(shift.frames[1]!.fixes).toHaveLength(1);
  });

  it("test_officer_whose_fixes_are_refused_for_now_sends_them_later", () => {
    const shift = new Shift().begin().move();
    shift.bench.line.feed({ type: "error", code: "unavailable", message: "", ref: shift.frames[0]!.ref });
    shift.move();
    expect(shift.frames).toHaveLength(1);
    shift.wait(5_000);
    expect(shift.frames[1]!.fixes).toHaveLength(2);
  });

  it("test_officer_who_was_signed_out_or_signs_out_leaves_nothing_on_the_phone", () => {
    const shift = new Shift().begin().lose().move();
    void shift.bench.app.signedOut();
    window.dispatchEvent(new Event("pagehide"));
    expect(localStorage.length).toBe(0);
    const other = new Shift().begin().move();
    other.bench.line.drop(4401);
    expect(other.stopped).toHaveBeenCalledOnce();
    expect(localStorage.length).toBe(0);
  });

  it("test_page_that_is_being_left_does_not_watch_again_whatever_it_still_hears", () => {
    const shift = new Shift().begin().move();
    void shift.bench.app.signedOut();
    shift.bench.line.feed(officerState({ shift: SHIFT }));
    expect(shift.watches).toHaveLength(1);
    expect(shift.words).toContain("Off duty");
  });
});
