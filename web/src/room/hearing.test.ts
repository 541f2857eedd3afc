import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Hearing } from "./hearing";

class FakeStream {
  constructor(private readonly tracks: unknown[]) {}
  getTracks(): unknown[] {
    return this.tracks;
  }
}

const track = (name: string): MediaStreamTrack => ({ name }) as unknown as MediaStreamTrack;
const of = (entries: Record<string, MediaStreamTrack>): Map<string, MediaStreamTrack> => new Map(Object.entries(entries));
let play: ReturnType<typeof vi.fn<() => Promise<void>>>;

beforeEach(() => {
  vi.stubGlobal("MediaStream", FakeStream);
  play = vi.fn(() => Promise.resolve());
  vi.spyOn(HTMLMediaElement.prototype, "play").mockImplementation(play);
  vi.spyOn(HTMLMediaElement.prototype, "pause").mockImplementation(() => undefined);
  // happy-dom takes only its own streams.
  Object.defineProperty(HTMLMediaElement.prototype, "srcObject", { configurable: true, writable: true, value: null });
});
afterEach(() => void vi.unstubAllGlobals());

describe("Hearing", () => {
  it("test_each_feed_has_one_element_that_stays_while_its_track_does", () => {
    const hearing = new Hearing(() => undefined);
    const [a, b] = [track("a"), track("b")];
    hearing.show(of({ a, b }));
    const [first] = hearing.root.children;
    hearing.show(of({ a }));
    expect([...hearing.root.children]).toEqual([first]);
    expect(play).toHaveBeenCalledTimes(2);
    hearing.show(of({ a: track("a anew") }));
    expect([hearing.root.children[0], play.mock.calls.length]).toEqual([first, 3]);
  });

  it("test_browser_that_wants_a_touch_is_told_of_once_and_the_touch_plays_all", async () => {
    const changed = vi.fn();
    const hearing = new Hearing(changed);
    play.mockImplementation(() => Promise.reject(new DOMException("", "NotAllowedError")));
    hearing.show(of({ a: track("a"), b: track("b") }));
    await vi.waitFor(() => expect(hearing.needsTap).toBe(true));
    expect(changed).toHaveBeenCalledOnce();
    play.mockImplementation(() => Promise.resolve());
    await hearing.resume();
    expect([hearing.needsTap, play.mock.calls.length]).toEqual([false, 4]);
  });

  it("test_play_that_a_newer_source_interrupts_asks_for_no_touch", async () => {
    const hearing = new Hearing(() => undefined);
    play.mockImplementation(() => Promise.reject(new DOMException("", "AbortError")));
    hearing.show(of({ a: track("a") }));
    await Promise.resolve();
    await Promise.resolve();
    expect(hearing.needsTap).toBe(false);
  });

  it("test_device_that_is_off_is_silent_also_for_who_comes_later", () => {
    const hearing = new Hearing(() => undefined);
    hearing.show(of({ a: track("a") }));
    hearing.setOff(true);
    hearing.show(of({ a: track("a"), b: track("b") }));
    expect([...hearing.root.querySelectorAll("audio")].map((sound) => sound.muted)).toEqual([true, true]);
  });
});
