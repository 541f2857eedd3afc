import { expect, it } from "vitest";

import { distanceText, metresBetween } from "./distance";

it("test_distance_is_along_the_ground_and_the_same_both_ways", () => {
  const [here, there] = [{ latitude: 51.8, longitude: -0.08 }, { latitude: 51.9, longitude: -0.08 }];
  expect(metresBetween(here, there)).toBeCloseTo(11_122.6, 0);
  expect(metresBetween(there, here)).toBe(metresBetween(here, there));
  expect(metresBetween(here, here)).toBe(0);
});

it("test_distance_is_read_no_finer_than_a_phone_knows_it", () => {
  expect([4, 84, 994, 995, 1_249, 9_949, 9_950, 14_400].map(distanceText)).toEqual(
    ["0 m", "80 m", "990 m", "1.0 km", "1.2 km", "9.9 km", "10 km", "14 km"],
  );
});
