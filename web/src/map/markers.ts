/** Turns positions into features of the map: accuracy circle, trail, dot with heading and name. */

import Feature from "ol/Feature";
import { Circle, LineString, Point } from "ol/geom";
import { getPointResolution, type Projection } from "ol/proj";
import { Circle as CircleShape, Fill, RegularShape, Stroke, Style, Text } from "ol/style";

import type { Fix, SessionKind } from "../signalling/messages";
import { fixAge, freshnessOf, markerOpacity } from "./freshness";
import { placeFix } from "./projection";
import { pageScale } from "./scale";
import type { MarkerPalette } from "./theme";

/** One session on the map. */
export interface MapMarker {
  sessionId: string;
  label: string;
  fix: Fix;
  isChosen: boolean;
  /** An officer is a square, a drone a star of four points, a caller a dot. */
  kind: SessionKind;
  hasEnded: boolean;
}

const FONT = "600 12px system-ui, 'Segoe UI', 'Liberation Sans', Arial, sans-serif";

/** The shapes of those who film by order, as large as a dot of this radius. */
const SHAPES = {
  officer: (radius: number) => ({ points: 4, radius: radius * 1.5, angle: Math.PI / 4 }),
  flight: (radius: number) => ({ points: 4, radius: radius * 2, radius2: radius * 0.8, angle: Math.PI / 4 }),
} as const;

/** How a marker is drawn: its tone as "red, green, blue", and how strongly. */
interface Ink {
  tone: string;
  opacity: number;
  palette: MarkerPalette;
}

/** Features of one marker at `now` (ms of the server's clock), bottom first. */
export function markerFeatures(marker: MapMarker, projection: Projection, now: number, palette: MarkerPalette): Feature[] {
  const centre = placeFix(marker.fix, projection.getCode());
  const age = fixAge(marker.fix, now);
  const freshness = marker.hasEnded ? "stale" : freshnessOf(age);
  const ink = { tone: palette.tones[freshness], opacity: marker.hasEnded ? 0.4 : markerOpacity(age), palette };
  const heading = freshness === "fresh" ? marker.fix.heading_deg : null;
  const features = [accuracyFeature(marker, projection, centre, ink), dotFeature(marker, centre, ink, heading)];
  for (const feature of features) feature.set("sessionId", marker.sessionId);
  return features;
}

/** The way a session came, oldest first; null with fewer than two fixes. */
export function trailFeature(fixes: readonly Fix[], projection: Projection, palette: MarkerPalette): Feature | null {
  if (fixes.length < 2) return null;
  const code = projection.getCode();
  const feature = new Feature(new LineString(fixes.map((fix) => placeFix(fix, code))));
  feature.setStyle([
    new Style({ stroke: new Stroke({ color: palette.casing, width: 5 }) }),
    new Style({ stroke: new Stroke({ color: `rgba(${palette.tones.fresh}, 0.65)`, width: 2.5 }) }),
  ]);
  return feature;
}

/** The circle in which the phone says it is (accuracy in metres on the ground). */
function accuracyFeature(marker: MapMarker, projection: Projection, centre: [number, number], { tone, opacity }: Ink): Feature {
  const metresPerUnit = getPointResolution(projection, 1, centre, "m");
  const feature = new Feature<Circle | Point>(new Circle(centre, marker.fix.accuracy_m / metresPerUnit));
  feature.setStyle(
    new Style({
      fill: new Fill({ color: `rgba(${tone}, ${(marker.isChosen ? 0.16 : 0.08) * opacity})` }),
      stroke: new Stroke({ color: `rgba(${tone}, ${0.7 * opacity})`, width: marker.isChosen ? 1.5 : 1 }),
    }),
  );
  return feature;
}

/** The dot, the arrow of its heading and its name. */
function dotFeature(marker: MapMarker, centre: [number, number], { tone, opacity, palette }: Ink, heading: number | null): Feature {
  const feature = new Feature<Circle | Point>(new Point(centre));
  const colour = `rgba(${tone}, ${opacity})`;
  const radius = marker.isChosen ? 7.5 : 5.5;
  const look = {
    scale: pageScale(),
    fill: new Fill({ color: colour }),
    stroke: new Stroke({ color: marker.isChosen ? palette.chosenRing : palette.ring, width: 2 }),
  };
  const dot = marker.kind === "caller" || marker.kind === "consultation" ? new CircleShape({ ...look, radius }) : new RegularShape({ ...look, ...SHAPES[marker.kind](radius) });
  const styles = [new Style({ image: dot, text: nameText(marker, palette), zIndex: marker.isChosen ? 2 : 1 })];
  if (heading !== null) styles.unshift(headingStyle(heading, colour));
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
function nameText(marker: MapMarker, palette: MarkerPalette): Text {
  return new Text({
    text: marker.label,
    font: FONT,
    scale: pageScale(),
    // Clear of the arrow, which turns around the dot.
    offsetX: 27 * pageScale(),
    offsetY: 1,
    textAlign: "left",
    fill: new Fill({ color: palette.name }),
    backgroundFill: new Fill({ color: marker.isChosen ? palette.chosenGround : palette.nameGround }),
    padding: [3, 5, 2, 5],
  });
}
