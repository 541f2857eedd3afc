import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Capture } from "../media/capture";
import { Preview } from "./preview";

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("MediaStream", vi.fn(Object));
  vi.spyOn(HTMLMediaElement.prototype, "play").mockResolvedValue(undefined);
  vi.spyOn(HTMLMediaElement.prototype, "pause").mockImplementation(() => undefined);
  Object.defineProperty(HTMLMediaElement.prototype, "srcObject", { configurable: true, writable: true, value: null });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("Preview", () => {
  it("test_picture_and_microphone_are_shown_only_while_they_are_wanted", () => {
    const close = vi.fn();
    const read = vi.fn(() => 0.5);
    const preview = new Preview({ picture: {}, sound: {} } as unknown as Capture, () => ({ read, close }));
    preview.follow(true);
    vi.advanceTimersByTime(500);
    expect([preview.video.srcObject !== null, preview.video.muted, read.mock.calls.length > 0]).toEqual([true, true, true]);
    preview.follow(false);
    read.mockClear();
    vi.advanceTimersByTime(500);
    expect([preview.video.srcObject, close.mock.calls.length, read.mock.calls.length]).toEqual([null, 1, 0]);
  });
});
