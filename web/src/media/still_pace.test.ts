import { describe, expect, it } from "vitest";
import { StillPace } from "./still_pace";
import { firstSize } from "./stills";

describe("StillPace", () => {
  it("test_stills_that_fail_become_small_and_rare_but_never_cease", () => {
    const pace = new StillPace();
    for (let at = 0; at < 10; at += 1) pace.failed(at);
    expect(pace.budget_bytes).toBe(3_000);
    expect(pace.isDue(11_000)).toBe(false);
    expect(pace.isDue(12_100)).toBe(true);
  });

  it("test_stills_fit_the_line_that_was_measured", () => {
    const pace = new StillPace();
    expect(pace.sent(0, 10_000, 5_000)).toBe(false);
    expect(pace.budget_bytes).toBe(4_000);
    expect(pace.isDue(4_000)).toBe(false);
    expect(pace.isDue(5_000)).toBe(true);
  });

  it("test_stills_grow_step_by_step_and_a_fast_one_speaks_for_video", () => {
    const pace = new StillPace();
    expect(pace.sent(0, 10_000, 100)).toBe(true);
    expect(pace.budget_bytes).toBe(15_000);
    for (let turn = 0; turn < 20; turn += 1) pace.sent(0, pace.budget_bytes, 100);
    expect(pace.budget_bytes).toBe(90_000);
  });
});

describe("firstSize", () => {
  it("test_small_budgets_begin_with_small_pictures", () => {
    expect(firstSize(1, 9 / 16)).toBe(5);
    expect(firstSize(90_000, 9 / 16)).toBe(0);
    expect(firstSize(5_000, 9 / 16)).toBeGreaterThan(firstSize(20_000, 9 / 16));
  });
});
