import { expect, it } from "vitest";

import { onServerClock } from "./server_clock";

const fix = { type: "position.fix", latitude: 51, longitude: 0, accuracy_m: 9, fixed_at: 10_000 } as const;

it("test_fix_of_a_phone_whose_clock_is_wrong_is_put_on_the_servers", () => {
  expect(onServerClock(fix, 60_000)).toEqual({ ...fix, fixed_at: 70_000 });
  expect(onServerClock(fix, -5_000)).toEqual({ ...fix, fixed_at: 5_000 });
});

it("test_fix_of_a_phone_whose_clock_is_nearly_right_is_left_alone", () => {
  expect(onServerClock(fix, 1_999)).toBe(fix);
});
