import { get as getProjection } from "ol/proj";
import type { Style } from "ol/style";
import { expect, it } from "vitest";

import { fixAt, NOON } from "../console/samples";
import { markerFeatures, trailFeature } from "./markers";
import { registerNationalGrid } from "./projection";
import { MARKERS } from "./theme";

registerNationalGrid();
const grid = getProjection("EPSG:27700")!;

function nameColours(theme: "dark" | "light"): unknown[] {
  const marker = { sessionId: "1", label: "CAD 1234", fix: fixAt(3), kind: "caller" as const, isChosen: true, hasEnded: false };
  const dot = markerFeatures(marker, grid, NOON, MARKERS[theme])[1]!;
  const text = (dot.getStyle() as Style[]).at(-1)!.getText()!;
  return [text.getFill()!.getColor(), text.getBackgroundFill()!.getColor()];
}

it("names stand dark on light where the page is light, and light on dark where it is dark", () => {
  expect(nameColours("dark")).toEqual(["#eef4fa", "rgba(14, 74, 116, 0.94)"]);
  expect(nameColours("light")).toEqual(["#0f1720", "rgba(200, 226, 250, 0.96)"]);
});

it("the trail has the colour of a fresh position, and needs two of them", () => {
  const styles = trailFeature([fixAt(9), fixAt(3)], grid, MARKERS.light)!.getStyle() as Style[];
  expect(styles.map((style) => style.getStroke()!.getColor())).toEqual([MARKERS.light.casing, `rgba(${MARKERS.light.tones.fresh}, 0.65)`]);
  expect(trailFeature([fixAt(3)], grid, MARKERS.light)).toBeNull();
});
