import { render } from "lit-html";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { SignalView } from "../signalling/meetingmessages";
import { SignalAlert } from "./signalalert";

const signal = (id: string, more: Partial<SignalView> = {}): SignalView => ({
  id, session_id: "s1", participant_id: "v", name: "<b>Sam</b>", at: "2026-11-28T14:05:00.000Z", seen_at: null, seen_by_name: "", ...more,
});

function setUp() {
  const page = document.implementation.createHTMLDocument("Consultation");
  page.title = "Consultation";
  let visibility = "visible";
  Object.defineProperty(page, "visibilityState", { get: () => visibility });
  const host = { sound: vi.fn(), notify: vi.fn(), page };
  const alert = new SignalAlert(host);
  const shown = (see = vi.fn()): HTMLElement => {
    const place = document.createElement("div");
    render(alert.view(see), place);
    return place;
  };
  return { alert, host, shown, hide: () => (visibility = "hidden") };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("SignalAlert", () => {
  it("test_nothing_is_seen_or_heard_while_there_is_none_and_one_that_was_seen_is_none", () => {
    const { alert, host, shown } = setUp();
    alert.snapshot([signal("1", { seen_at: "2026-11-28T14:06:00.000Z" })]);
    vi.advanceTimersByTime(60_000);
    expect([host.sound.mock.calls.length, shown().children.length, host.page.title]).toEqual([0, 0, "Consultation"]);
  });

  it("test_signal_is_heard_again_and_again_until_somebody_has_seen_it", () => {
    const { alert, host } = setUp();
    alert.changed(signal("1"));
    vi.advanceTimersByTime(8_000);
    expect([host.sound.mock.calls.length, host.page.title]).toEqual([3, "(!) Signal - Consultation"]);
    alert.changed(signal("1", { seen_at: "2026-11-28T14:06:00.000Z" }));
    vi.advanceTimersByTime(60_000);
    expect([host.sound.mock.calls.length, host.page.title]).toEqual([3, "Consultation"]);
  });

  it("test_officer_reads_what_not_to_do_and_names_are_text", () => {
    const { alert, shown } = setUp();
    alert.changed(signal("1"));
    const see = vi.fn();
    const place = shown(see);
    expect(place.querySelector("[role=alert]")?.textContent).toContain("Do not mention it aloud");
    expect(place.querySelector("bdi b")).toBeNull();
    place.querySelector<HTMLButtonElement>("[data-testid=signal-seen]")!.click();
    expect(see).toHaveBeenCalledWith(signal("1"));
  });

  it("test_computer_tells_only_while_the_page_is_not_in_view_and_without_a_name", () => {
    const { alert, host, hide } = setUp();
    alert.changed(signal("1"));
    expect(host.notify).not.toHaveBeenCalled();
    hide();
    alert.changed(signal("2"));
    alert.changed(signal("2"));
    expect(host.notify.mock.calls).toHaveLength(1);
    expect(host.notify.mock.calls[0]?.[0]).not.toContain("Sam");
  });
});
