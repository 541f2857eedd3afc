import { describe, expect, it } from "vitest";
import { clockTime, dayAndTime } from "./when";

describe("when", () => {
  it("test_time_is_britains_before_and_after_the_clocks_change", () => {
    expect([clockTime("2026-10-24T13:00:00.000Z", "en-GB"), clockTime("2026-10-26T13:00:00.000Z", "en-GB")]).toEqual(["14:00", "13:00"]);
    expect([clockTime("2027-03-27T13:00:00.000Z", "en-GB"), clockTime("2027-03-29T13:00:00.000Z", "en-GB")]).toEqual(["13:00", "14:00"]);
  });

  it("test_day_is_named_and_what_cannot_be_read_is_nothing", () => {
    expect(dayAndTime("2026-11-28T14:30:00.000Z", "en-GB")).toMatch(/^Saturday,? 28 November, 14:30$/);
    expect([dayAndTime("soon", "en-GB"), clockTime("", "en-GB")]).toEqual(["", ""]);
  });
});
