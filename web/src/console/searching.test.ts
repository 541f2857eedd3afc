import { describe, expect, it } from "vitest";

import { bodyOf, emptySearch, missingOf, readLatLon } from "./searching";

const { fields } = emptySearch();

describe("the search form", () => {
  it("asks for something to look for, and for a place that can be read", () => {
    expect(missingOf({ ...fields, reason: "Complaint" })).not.toBeNull();
    expect(missingOf({ ...fields, latLon: "Hatfield" })).toContain("51.7634");
    expect(missingOf({ ...fields, reference: " CAD 1 " })).toBeNull();
  });

  it("sends what was filled in and nothing else", () => {
    expect(bodyOf({ ...fields, reason: " Why ", reference: "CAD 1", latLon: "51.5, -0.12", radius: "300" })).toEqual({
      reason: "Why", reference: "CAD 1", latitude: 51.5, longitude: -0.12, radius_m: 300,
    });
    expect(bodyOf({ ...fields, radius: "wide", since: "2026-11-22T10:00" })).toEqual({ since: new Date("2026-11-22T10:00").toISOString() });
  });

  it.each(["", "51.5", "95, 0", "51.5, 181", "a, b", "51.5, 0, 0"])("reads no place in %j", (text) => {
    expect(readLatLon(text)).toBeNull();
  });
});
