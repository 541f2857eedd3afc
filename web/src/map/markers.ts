/** Turns positions into features of the map: accuracy circle, trail, dot with heading and name. */

import Feature from "ol/Feature";
import { Circle, LineString, Point } from "ol/geom";
import { getPointResolution, type Projection } from "ol/proj";
import { Circle as CircleShape, Fill, RegularShape, Stroke, Style, Text } from "ol/style";

import type { Fix } from "../signalling/messages";
import { fixAge, freshnessOf, markerOpacity, type Freshness } from "./freshness";
import { placeFix } from "./projection";
import { pageScale } from "./scale";

/** One session on the map. */
export interface MapMarker {
  sessionId: string;
  label: string;
  fix: Fix;
  isChosen: boolean;
  /** An officer is a square, a caller a dot. */
  isOfficer: boolean;
  hasEnded: boolean;
}

const COLOURS: Record<Freshness, string> = { fresh: "63, 184, 255", ageing: "255, 181, 71", stale: "150, 160, 172" };
const DARK = "rgba(8, 14, 22, 0.9)";
const FONT = "600 12px system-ui, 'Segoe UI', 'Liberation Sans', Arial, sans-serif";

/** Features of one marker at `now` (ms of the server's clock), bottom first. */
export function markerFeatures(marker: MapMarker, projection: Projection, now: number): Feature[] {
  const centre = placeFix(marker.fix, projection.getCode());
  const age = fixAge(marker.fix, now);
  const tone = marker.hasEnded ? "stale" : freshnessOf(age);
  const opacity = marker.hasEnded ? 0.4 : markerOpacity(age);
  const features = [accuracyFeature(marker, projection, centre, tone, opacity), dotFeature(marker, centre, tone, opacity)];
  for (const feature of features) feature.set("sessionId", marker.sessionId);
  return features;
}

/** The way a session came, oldest first; null with fewer than two fixes. */
export function trailFeature(fixes: readonly Fix[], projection: Projection): Feature | null {
  if (fixes.length < 2) return null;
  const code = projection.getCode();
  const feature = new Feature(new LineString(fixes.map((fix) => placeFix(fix, code))));
  feature.setStyle([
    new Style({ stroke: new Stroke({ color: "rgba(8, 14, 22, 0.55)", width: 5 }) }),
    new Style({ stroke: new Stroke({ color: `rgba(${COLOURS.fresh}, 0.65)`, width: 2.5 }) }),
  ]);
  return feature;
}

/** The circle in which the phone says it is (accuracy in metres on the ground). */
function accuracyFeature(
  marker: MapMarker, projection: Projection, centre: [number, number], tone: Freshness, opacity: number,
): Feature {
  const metresPerUnit = getPointResolution(projection, 1, centre, "m");
  const feature = new Feature<Circle | Point>(new Circle(centre, marker.fix.accuracy_m / metresPerUnit));
  feature.setStyle(
    new Style({
      fill: new Fill({ color: `rgba(${COLOURS[tone]}, ${(marker.isChosen ? 0.16 : 0.08) * opacity})` }),
      stroke: new Stroke({ color: `rgba(${COLOURS[tone]}, ${0.7 * opacity})`, width: marker.isChosen ? 1.5 : 1 }),
    }),
  );
  return feature;
}

/** The dot, the arrow of its heading and its name. */
function dotFeature(marker: MapMarker, centre: [number, number], tone: Freshness, opacity: number): Feature {
  const feature = new Feature<Circle | Point>(new Point(centre));
  const colour = `rgba(${COLOURS[tone]}, ${opacity})`;
  const radius = marker.isChosen ? 7.5 : 5.5;
  const look = {
    scale: pageScale(),
    fill: new Fill({ color: colour }),
    stroke: new Stroke({ color: marker.isChosen ? "rgba(255, 255, 255, 0.95)" : DARK, width: 2 }),
  };
  const dot = marker.isOfficer
    ? new RegularShape({ ...look, points: 4, radius: radius * 1.5, angle: Math.PI / 4 })
    : new CircleShape({ ...look, radius });
  const styles = [new Style({ image: dot, text: nameText(marker), zIndex: marker.isChosen ? 2 : 1 })];
  if (marker.fix.heading_deg !== null && tone === "fresh") styles.unshift(headingStyle(marker.fix.heading_deg, colour));
  feature.setStyle(styles);
  return feature;
}

/** A small arrow that points where the phone is going, clear of the dot. */
function headingStyle(degrees: number, colour: string): Style {
  const radians = (degrees * Math.PI) / 180;
  const arrow = new RegularShape({
    points: 3,
    radius: 6,
    // Longer than wide: an even triangle does not say where it points.
    scale: [0.8 * pageScale(), 1.4 * pageScale()],
    rotation: radians,
    rotateWithView: true,
    fill: new Fill({ color: colour }),
    // Turned together with the arrow.
    displacement: [0, 12 * pageScale()],
  });
  return new Style({ image: arrow });
}

/** The session's name beside its dot. */
function nameText(marker: MapMarker): Text {
  return new Text({
    text: marker.label,
    font: FONT,
    scale: pageScale(),
    // Clear of the arrow, which turns around the dot.
    offsetX: 27 * pageScale(),
    offsetY: 1,
    textAlign: "left",
    fill: new Fill({ color: "#eef4fa" }),
    backgroundFill: new Fill({ color: marker.isChosen ? "rgba(14, 74, 116, 0.94)" : "rgba(20, 30, 42, 0.86)" }),
    padding: [3, 5, 2, 5],
  });
}
