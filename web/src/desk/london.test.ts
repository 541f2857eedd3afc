import { describe, expect, it } from "vitest";
import { londonInstant } from "./london";

describe("londonInstant", () => {
  it("test_time_is_britains_through_both_changes_of_the_clocks", () => {
    expect(londonInstant("2026-10-24", "14:00")).toBe("2026-10-24T13:00:00.000Z");
    expect(londonInstant("2026-10-26", "14:00")).toBe("2026-10-26T14:00:00.000Z");
    expect(londonInstant("2026-10-25", "01:30")).toBe("2026-10-25T00:30:00.000Z");
    expect([londonInstant("2027-03-28", "01:30"), londonInstant("", "14:00"), londonInstant("2026-02-30", "10:00")]).toEqual([null, null, null]);
  });
});
