import { render } from "lit-html";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { recording } from "../meeting/texts/en/recording";
import { room } from "../meeting/texts/en/room";
import { words } from "../meeting/texts/en/words";
import { RecordingSign } from "./sign";

const ON = { on: true, part: { number: 1, started_at: "2026-11-28T14:00:00.000Z" } };
const OFF = { on: false, part: null };
const NOW = Date.parse("2026-11-28T14:02:05.000Z");

function setUp() {
  const play = vi.fn();
  const sign = new RecordingSign({ play });
  const shown = (isSelf = true): string => {
    const host = document.createElement("div");
    render(sign.view({ room, recording, words }, NOW, isSelf), host);
    return host.textContent.replace(/\s+/g, " ").trim();
  };
  return { sign, shown, tones: () => play.mock.calls.flat() as string[] };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("RecordingSign", () => {
  it("test_nothing_is_seen_or_heard_while_nothing_is_recorded", () => {
    const { sign, shown, tones } = setUp();
    sign.follow(OFF);
    sign.someoneJoined();
    vi.advanceTimersByTime(300_000);
    expect([shown(), tones()]).toEqual(["", []]);
  });

  it("test_recording_is_heard_at_its_begin_each_minute_when_somebody_joins_and_at_its_end", () => {
    const { sign, tones } = setUp();
    sign.follow(OFF);
    sign.follow(ON);
    sign.follow(ON);
    vi.advanceTimersByTime(120_000);
    sign.someoneJoined();
    sign.follow(OFF);
    vi.advanceTimersByTime(300_000);
    expect(tones()).toEqual(["begin", "still", "still", "begin", "end"]);
  });

  it("test_who_comes_into_a_recording_hears_it_and_sees_for_how_long_it_goes_on", () => {
    const { sign, shown, tones } = setUp();
    sign.follow(ON);
    expect([tones(), shown()]).toEqual([["begin"], recording.signSince("2:05")]);
  });

  it("test_who_is_not_recorded_is_told_so_beside_the_sign", () => {
    const { sign, shown } = setUp();
    sign.follow(ON);
    expect(shown(false)).toContain(recording.notYou);
  });

  it("test_call_that_was_left_is_silent", () => {
    const { sign, shown, tones } = setUp();
    sign.follow(ON);
    sign.stop();
    vi.advanceTimersByTime(300_000);
    expect([shown(), tones()]).toEqual(["", ["begin"]]);
  });
});
