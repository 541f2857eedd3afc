/** The layer of what aircraft see: the outline of the ground in view, dashed where the view goes on, and a place that was asked for. */

import Feature from "ol/Feature";
import type OpenLayersMap from "ol/Map";
import { LineString, Point, Polygon } from "ol/geom";
import VectorLayer from "ol/layer/Vector";
import VectorSource from "ol/source/Vector";
import { Circle as CircleShape, Fill, Stroke, Style, Text } from "ol/style";

import type { FlightNow } from "../signalling/messages";
import { placeFix } from "./projection";
import { pageScale } from "./scale";
import type { MapOverlay } from "./situation";
import { MARKERS, type MapTheme, type MarkerPalette } from "./theme";

/** Telemetry that is older, in ms, is drawn as old: the camera may look elsewhere by now. */
export const OLD_AFTER_MS = 5_000;

/** What the layer shows. */
export interface FlightsOnMap {
  flights: readonly FlightNow[];
  chosenId: string | null;
  /** Milliseconds of the server's clock. */
  now: number;
  theme: MapTheme;
  /** The line is lost, and everything old. */
  isOld: boolean;
  /** A place on the ground, with what is said of it. */
  point: { latitude: number; longitude: number; label: string } | null;
}

type Ring = [number, number][];

/** Outlines on the map. */
export class FlightLayer implements MapOverlay {
  private readonly source = new VectorSource<Feature>();
  readonly layer = new VectorLayer({ source: this.source, updateWhileAnimating: true, updateWhileInteracting: true });
  private map: OpenLayersMap | null = null;
  private content: FlightsOnMap | null = null;

  attach(map: OpenLayersMap): void {
    this.map = map;
    this.draw();
  }

  /** Shows these from now on; null: none. */
  show(content: FlightsOnMap | null): void {
    this.content = content;
    this.draw();
  }

  /** Nobody chooses an outline: what lies in it may be clicked. */
  clicked(): boolean {
    return false;
  }

  private draw(): void {
    this.source.clear(true);
    const { content, map } = this;
    if (content === null || map === null) return;
    this.source.addFeatures(flightFeatures(content, map.getView().getProjection().getCode()));
  }
}

/** Every outline, and the place that was asked for on top. */
export function flightFeatures(content: FlightsOnMap, projectionCode: string): Feature[] {
  const palette = MARKERS[content.theme];
  const outlines = content.flights.flatMap((flight) => {
    const isOld = content.isOld || content.now - Date.parse(flight.fixed_at) > OLD_AFTER_MS;
    return outlineFeatures(flight, projectionCode, { tone: palette.tones[isOld ? "stale" : "fresh"], isChosen: flight.session_id === content.chosenId });
  });
  return content.point === null ? outlines : [...outlines, pointFeature(content.point, projectionCode, palette)];
}

function outlineFeatures({ outline, session_id }: FlightNow, projectionCode: string, ink: { tone: string; isChosen: boolean }): Feature[] {
  if (outline === null || outline.length < 3) return [];
  const ring: Ring = outline.map(([latitude, longitude]) => placeFix({ latitude, longitude }, projectionCode));
  // A ring ends where it began: the last corner of one that does not is left out of the fill.
  const ground = new Feature<Polygon | LineString | Point>(new Polygon([[...ring, ...ring.slice(0, 1)]]));
  ground.setStyle(new Style({ fill: new Fill({ color: `rgba(${ink.tone}, ${ink.isChosen ? 0.16 : 0.09})` }) }));
  const corners = ring.map((at, index) => ({ at, isCut: outline[index]?.[2] === true }));
  const edges = corners.flatMap((corner, index) => {
    const next = corners[(index + 1) % corners.length];
    return next === undefined ? [] : [edgeFeature([corner.at, next.at], corner.isCut && next.isCut, ink)];
  });
  for (const feature of [ground, ...edges]) feature.set("flight", session_id);
  return [ground, ...edges];
}

/** A side of the outline; one at which the view was cut is dashed, for there is more to be seen beyond it. */
function edgeFeature(ends: Ring, isCut: boolean, { tone, isChosen }: { tone: string; isChosen: boolean }): Feature {
  const feature = new Feature<Polygon | LineString | Point>(new LineString(ends));
  const width = isChosen ? 2 : 1.25;
  feature.setStyle(new Style({ stroke: new Stroke({ color: `rgba(${tone}, 0.9)`, width, ...(isCut ? { lineDash: [3, 6] } : {}) }) }));
  return feature;
}

function pointFeature({ latitude, longitude, label }: NonNullable<FlightsOnMap["point"]>, projectionCode: string, palette: MarkerPalette): Feature {
  const feature = new Feature<Polygon | LineString | Point>(new Point(placeFix({ latitude, longitude }, projectionCode)));
  feature.setStyle(new Style({
    image: new CircleShape({ radius: 5, scale: pageScale(), stroke: new Stroke({ color: palette.chosenRing, width: 2.5 }) }),
    text: new Text({
      text: label, scale: pageScale(), font: "600 12px system-ui, 'Segoe UI', Arial, sans-serif", offsetY: -16, fill: new Fill({ color: palette.name }),
      backgroundFill: new Fill({ color: palette.chosenGround }), padding: [3, 5, 2, 5],
    }),
  }));
  return feature;
}
