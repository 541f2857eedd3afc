import { describe, expect, it } from "vitest";

import type { Fix } from "../signalling/messages";
import { fixAge, freshnessOf, markerOpacity } from "./freshness";

const NOW = Date.parse("2026-11-22T12:00:00.000Z");

function fixOf(fixed: string, received: string): Fix {
  return {
    latitude: 51.8, longitude: -0.08, accuracy_m: 9, fixed_at: fixed, received_at: received, easting: null, northing: null,
    grid_reference: null, altitude_m: null, heading_deg: null, speed_mps: null,
  };
}

describe("fixAge", () => {
  it("counts from when the phone took the fix", () => {
    expect(fixAge(fixOf("2026-11-22T11:59:40.000Z", "2026-11-22T11:59:58.000Z"), NOW)).toBe(20);
  });

  it("does not believe a phone whose clock is ahead", () => {
    expect(fixAge(fixOf("2026-11-22T12:00:30.000Z", "2026-11-22T11:59:50.000Z"), NOW)).toBe(10);
  });

  it("is never negative", () => {
    expect(fixAge(fixOf("2026-11-22T12:00:02.000Z", "2026-11-22T12:00:02.000Z"), NOW)).toBe(0);
  });
});

describe("freshness", () => {
  it.each([
    [0, "fresh"], [15, "fresh"], [15.1, "ageing"], [60, "ageing"], [60.1, "stale"], [9_999, "stale"],
  ])("of %d s is %s", (age, freshness) => expect(freshnessOf(age)).toBe(freshness));

  it("fades and stays visible", () => {
    expect(markerOpacity(15)).toBe(1);
    expect(markerOpacity(16)).toBeLessThan(0.86);
    expect(markerOpacity(120)).toBeLessThan(markerOpacity(60));
    expect(markerOpacity(100_000)).toBeCloseTo(0.33);
  });
});
