import { describe, expect, it } from "vitest";
import { Speaking } from "./speaking";

const STEP_MS = 200;

function setUp() {
  const speaking = new Speaking();
  let at = 0;
  /** Everybody this loud for so long; returns who speaks at each step. */
  const go = (ms: number, levels: Record<string, number>): (string | null)[] => {
    const said: (string | null)[] = [];
    for (let passed = 0; passed < ms; passed += STEP_MS) {
      at += STEP_MS;
      said.push(speaking.step(new Map(Object.entries(levels)), at));
    }
    return said;
  };
  return { speaking, go };
}

describe("Speaking", () => {
  it("test_silence_makes_nobody_speak_and_so_does_a_browser_without_levels", () => {
    const { go } = setUp();
    expect(go(5_000, { a: 0.001, b: 0.002 }).at(-1)).toBeNull();
    expect(go(5_000, {}).at(-1)).toBeNull();
  });

  it("test_voice_counts_after_six_tenths_of_a_second_and_a_cough_does_not", () => {
    const { go } = setUp();
    expect(go(400, { a: 0.3 }).at(-1)).toBeNull();
    expect(go(2_000, { a: 0 }).at(-1)).toBeNull();
    expect(go(1_000, { a: 0.3 }).at(-1)).toBe("a");
  });

  it("test_speaker_who_takes_a_breath_stays_the_speaker", () => {
    const { go } = setUp();
    go(2_000, { a: 0.3, b: 0 });
    expect(go(1_000, { a: 0, b: 0.05 })).toEqual(Array(5).fill("a"));
  });

  it("test_other_voice_takes_over_when_the_first_is_silent_or_much_quieter", () => {
    const { go } = setUp();
    go(2_000, { a: 0.3, b: 0 });
    expect(go(3_000, { a: 0, b: 0.1 }).at(-1)).toBe("b");
    expect(go(3_000, { a: 0.5, b: 0.1 }).at(-1)).toBe("a");
  });

  it("test_two_who_are_as_loud_do_not_flicker", () => {
    const { go } = setUp();
    go(2_000, { a: 0.3, b: 0 });
    const said = Array.from({ length: 30 }, (_, index) => go(STEP_MS, { a: 0.3, b: index % 2 === 0 ? 0.32 : 0.28 })[0]);
    expect(new Set(said)).toEqual(new Set(["a"]));
  });

  it("test_speaker_who_left_speaks_no_more", () => {
    const { speaking, go } = setUp();
    go(2_000, { a: 0.3 });
    speaking.forget("a");
    expect(speaking.speaker).toBeNull();
  });
});
