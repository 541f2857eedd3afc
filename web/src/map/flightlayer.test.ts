import type { LineString, Polygon } from "ol/geom";
import type { Style } from "ol/style";
import { describe, expect, it } from "vitest";

import type { Corner } from "../signalling/messages";
import { flightAt, NOON } from "../console/samples";
import { flightFeatures, type FlightsOnMap } from "./flightlayer";
import { registerNationalGrid } from "./projection";
import { MARKERS } from "./theme";

registerNationalGrid();

function shown(change: Partial<FlightsOnMap> = {}): ReturnType<typeof flightFeatures> {
  return flightFeatures({ flights: [flightAt(1)], chosenId: null, now: NOON, theme: "dark", isOld: false, point: null, ...change }, "EPSG:27700");
}

const strokeOf = (feature: ReturnType<typeof shown>[number]): ReturnType<Style["getStroke"]> => (feature.getStyle() as Style).getStroke();

describe("what an aircraft sees, on the map", () => {
  it("is the ground with its four sides, where the server says", () => {
    const [ground, ...sides] = shown();
    expect(sides).toHaveLength(4);
    const ring = (ground!.getGeometry() as Polygon).getCoordinates()[0]!;
    // The sample is 145.3 m from north to south and 80.8 m from east to west.
    expect(ring[1]![1]! - ring[0]![1]!).toBeCloseTo(-145.3, 0);
    expect(ring[2]![0]! - ring[1]![0]!).toBeCloseTo(-80.8, 0);
    expect((sides[0]!.getGeometry() as LineString).getFirstCoordinate()).toEqual(ring[0]);
  });

  it("is dashed where the view goes on beyond what is drawn, and nowhere else", () => {
    const outline: Corner[] = [[51.79, -0.08, true], [51.79, -0.07, true], [51.78, -0.075, false]];
    const sides = shown({ flights: [flightAt(1, { outline })] }).slice(1);
    expect(sides.map((side) => strokeOf(side)!.getLineDash() !== null)).toEqual([true, false, false]);
  });

  it("is filled to every corner: its ring ends where it began", () => {
    const outline: Corner[] = [[51.79, -0.08, false], [51.79, -0.07, false], [51.78, -0.07, false], [51.78, -0.08, false]];
    const [ring] = (shown({ flights: [flightAt(1, { outline })] })[0]!.getGeometry() as Polygon).getCoordinates();
    expect(ring).toHaveLength(5);
    expect(ring!.at(-1)).toEqual(ring![0]);
  });

  it("is drawn as old when the aircraft has not spoken for five seconds, or the line is lost", () => {
    const tone = (change: Partial<FlightsOnMap>): unknown => strokeOf(shown(change)[1]!)!.getColor();
    expect(tone({})).toBe(`rgba(${MARKERS.dark.tones.fresh}, 0.9)`);
    expect(tone({ flights: [flightAt(6)] })).toBe(`rgba(${MARKERS.dark.tones.stale}, 0.9)`);
    expect(tone({ isOld: true })).toBe(`rgba(${MARKERS.dark.tones.stale}, 0.9)`);
  });

  it("is nothing where it is not known, or only sky", () => {
    expect(shown({ flights: [flightAt(1, { outline: null }), flightAt(1, { outline: [] })] })).toEqual([]);
  });

  it("shows the place that was asked for on top, with what is said of it", () => {
    const features = shown({ point: { latitude: 51.79, longitude: -0.08, label: "TL 324 122" } });
    expect((features.at(-1)!.getStyle() as Style).getText()!.getText()).toBe("TL 324 122");
  });
});
