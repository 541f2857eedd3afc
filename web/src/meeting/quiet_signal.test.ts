import { beforeEach, describe, expect, it, vi } from "vitest";
import { hasQuietSignal, listenQuietly, signalTime } from "./quiet_signal";

let own: HTMLElement;
let other: HTMLElement;
let give: ReturnType<typeof vi.fn>;

const at = (event: Event, time: number): Event => {
  Object.defineProperty(event, "timeStamp", { value: time });
  return event;
};
const tap = (target: Element, time: number): void => void target.dispatchEvent(at(new Event("pointerup", { bubbles: true }), time));
const press = (key: string, time: number, more: KeyboardEventInit = {}): void => void document.dispatchEvent(at(new KeyboardEvent("keydown", { key, ...more }), time));

beforeEach(() => {
  document.body.replaceChildren();
  [own, other] = [document.createElement("figure"), document.createElement("figure")];
  own.append(document.createElement("video"));
  document.body.append(own, other, document.createElement("input"));
  give = vi.fn();
});

describe("the silent signal", () => {
  it("test_page_is_the_same_before_and_after_in_every_letter_and_so_is_its_storage", () => {
    const stop = listenQuietly(give as () => void, (target) => own.contains(target));
    document.querySelector("input")!.focus();
    const before = [document.documentElement.outerHTML, document.title, document.activeElement, localStorage.length, sessionStorage.length, document.cookie];
    const log = vi.spyOn(console, "log");
    [0, 300, 600].forEach((time) => tap(own.querySelector("video")!, time));
    [2_000, 2_300, 2_600].forEach((time) => press("0", time));
    expect(give).toHaveBeenCalledTimes(2);
    expect([document.documentElement.outerHTML, document.title, document.activeElement, localStorage.length, sessionStorage.length, document.cookie]).toEqual(before);
    expect(log).not.toHaveBeenCalled();
    stop();
  });

  it("test_two_taps_slow_taps_taps_elsewhere_and_a_held_key_are_nothing", () => {
    const stop = listenQuietly(give as () => void, (target) => own.contains(target));
    [0, 300].forEach((time) => tap(own, time));
    [10_000, 12_000, 14_000].forEach((time) => tap(own, time));
    [20_000, 20_200].forEach((time) => tap(own, time));
    tap(other, 20_300);
    tap(own, 20_400);
    [30_000, 30_100, 30_200].forEach((time) => press("0", time, { repeat: true }));
    press("0", 40_000);
    press("1", 40_100);
    press("0", 40_200);
    press("0", 40_300);
    const field = document.querySelector("input")!;
    [50_000, 50_100, 50_200].forEach((time) => field.dispatchEvent(at(new KeyboardEvent("keydown", { key: "0", bubbles: true }), time)));
    expect(give).not.toHaveBeenCalled();
    stop();
    [0, 100, 200].forEach((time) => tap(own, time));
    expect(give).not.toHaveBeenCalled();
  });

  it("test_frame_is_as_long_as_a_ping", () => {
    const now = new Date("2026-11-28T10:44:15.120Z");
    const ping = JSON.stringify({ type: "heartbeat.ping", sent_at: now.toISOString() });
    const signal = JSON.stringify({ type: "signal.send", sent_at: signalTime(now) });
    expect([signal.length, Date.parse(signalTime(now))]).toEqual([ping.length, now.getTime()]);
  });

  it("test_members_of_the_public_have_it_and_their_aids_have_not", () => {
    expect((["victim", "witness", "reporting_person", "interpreter", "solicitor", "officer"] as const).map(hasQuietSignal)).toEqual([true, true, true, false, false, false]);
  });
});
