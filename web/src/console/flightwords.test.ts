import { describe, expect, it } from "vitest";

import type { GroundAnswer } from "./flightrest";
import { doubtfulWords, flightFacts, groundError, groundPlace, groundWords, inViewWords } from "./flightwords";
import { pictureTime } from "./picturedelay";
import { before, flightAt, NOON } from "./samples";

const ANSWER: GroundAnswer = {
  miss: null, fixed_at: before(1), latitude: 51.79, longitude: -0.08, easting: 532_400, northing: 212_200, grid_reference: null, distance_m: 1_203.4, error_m: 3.2,
};

describe("the words of a drone", () => {
  it("give no place without how sure it is, and none as surer than it is", () => {
    expect(groundError({ error_m: 3.2 })).toBe("±4 m");
    expect(groundError({ error_m: 31 })).toBe("±35 m");
    expect(groundError({ error_m: null })).toBe("how sure is not known: near the horizon");
    expect(groundWords(ANSWER)).toBe("51.79000, -0.08000, ±4 m, 1203 m from below the drone, if the ground is flat");
  });

  it("give degrees where there is no grid", () => {
    expect(groundPlace(ANSWER)).toBe("51.79000, -0.08000");
    expect(groundPlace({ ...ANSWER, latitude: null })).toBe("");
  });

  it("tell in view, not in view and not known apart", () => {
    const words = [true, false, null].map((in_view) => inViewWords({ in_view, across: null, down: null, fixed_at: null }));
    expect(new Set(words).size).toBe(3);
    expect(words[2]).toContain("Not known");
  });

  it("name what is not believed once, and nothing where all is", () => {
    expect(doubtfulWords(["leap", "no_reception", "gimbal"])).toBe("What it says is not believed: place, camera");
    expect(doubtfulWords([])).toBe("");
  });

  it("say what the aircraft says, and leave out what it does not", () => {
    expect(flightFacts(flightAt(1, { gimbal_yaw_deg: -120, gimbal_pitch_deg: -35.4, zoom: 2 }))).toEqual([
      ["Height", "100 m above take-off"], ["Altitude", "170 m above sea level"], ["Speed", "0 km/h"], ["Camera", "35° down, facing 330°, zoom 2.0"], ["Battery", "71 %"],
    ]);
    expect(flightFacts(flightAt(1, { height_m: null, altitude_m: null, speed_mps: null, gimbal_pitch_deg: null, battery_percent: null }))).toEqual([]);
  });

  it("date a picture as far back as its way is measured", () => {
    const watch = { phase: "connected" as const, lastFrameAt: NOON, needsTap: false, fault: null, receiving_ms: 150 };
    expect(pictureTime({ sending_ms: 350, at: NOON - 1_000 }, watch, NOON)).toEqual({ at: before(0.5), isSure: true });
    expect(pictureTime({ sending_ms: 350, at: NOON - 20_000 }, watch, NOON)).toEqual({ at: before(0.15), isSure: false });
    expect(pictureTime(undefined, null, NOON)).toEqual({ at: before(0), isSure: false });
  });
});
