import { describe, expect, it } from "vitest";
import { DownLadder, type DownSample } from "./downladder";

const GOOD: Omit<DownSample, "at"> = { lost: 0, available_bps: null, freezes: 0 };
const LOSSY = { lost: 0.2 };

function setUp() {
  const ladder = new DownLadder();
  let at = 0;
  const go = (seconds: number, change: Partial<DownSample> = {}): string => {
    for (let second = 0; second < seconds; second += 1) {
      at += 1_000;
      ladder.take({ ...GOOD, ...change, at });
    }
    return ladder.step;
  };
  return { ladder, go };
}

describe("the ladder of what is received", () => {
  it("test_good_line_shows_all_for_an_hour_and_one_bad_second_changes_nothing", () => {
    const { go } = setUp();
    expect(go(3_600)).toBe("all");
    go(1, LOSSY);
    expect(go(10)).toBe("all");
  });

  it("test_lossy_line_goes_down_step_by_step_to_voices_and_no_further", () => {
    const { go } = setUp();
    expect([go(4, LOSSY), go(4, LOSSY), go(4, LOSSY), go(60, LOSSY)]).toEqual(["low", "few", "voice", "voice"]);
  });

  it("test_line_without_room_and_pictures_that_stand_still_count_as_bad", () => {
    expect(setUp().go(4, { available_bps: 40_000 })).toBe("low");
    expect(setUp().go(4, { freezes: 3 })).toBe("low");
  });

  it("test_line_that_recovers_comes_up_one_step_at_a_time", () => {
    const { go } = setUp();
    go(8, LOSSY);
    const seen = new Set(Array.from({ length: 120 }, () => go(1)));
    expect([...seen]).toEqual(["few", "low", "all"]);
  });

  it("test_each_trial_that_fails_makes_the_next_one_wait_longer", () => {
    const { go } = setUp();
    const waits: number[] = [];
    go(4, LOSSY);
    for (let trial = 0; trial < 4; trial += 1) {
      let seconds = 0;
      while (go(1) !== "all") seconds += 1;
      waits.push(seconds);
      go(4, LOSSY);
    }
    expect(waits.every((wait, index) => index === 0 || wait > waits[index - 1]!)).toBe(true);
  });

  it("test_voices_alone_are_not_blamed_for_an_estimate_that_nothing_fills", () => {
    const { go } = setUp();
    go(12, LOSSY);
    expect(Array.from({ length: 20 }, () => go(1, { available_bps: 20_000 }))).toContain("few");
  });
});
