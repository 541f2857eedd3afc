import { describe, expect, it } from "vitest";
import { loudness, measureLevel } from "./level";

describe("level", () => {
  it("test_browser_that_cannot_measure_has_no_meter", () => {
    expect(measureLevel({} as MediaStreamTrack)).toBeNull();
  });

  it("test_silence_is_nothing_a_voice_is_something_and_full_scale_is_one", () => {
    const wave = (height: number): Uint8Array => Uint8Array.from({ length: 100 }, (_, index) => 128 + (index % 2 === 0 ? height : -height));
    expect([loudness(wave(0)), loudness(new Uint8Array()), loudness(wave(127))]).toEqual([0, 0, 1]);
    expect(loudness(wave(8))).toBeGreaterThan(0.3);
  });
});
