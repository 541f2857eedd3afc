/** The map of all sessions: one OpenLayers map that is told what to show and says what was clicked. */

import Feature from "ol/Feature";
import OpenLayersMap from "ol/Map";
import View from "ol/View";
import { Attribution, ScaleLine } from "ol/control";
import { boundingExtent, buffer, containsCoordinate } from "ol/extent";
import { defaults as defaultInteractions } from "ol/interaction";
import TileLayer from "ol/layer/Tile";
import VectorLayer from "ol/layer/Vector";
import { get as getProjection, transform, transformExtent, type Projection } from "ol/proj";
import VectorSource from "ol/source/Vector";
import XYZ from "ol/source/XYZ";

import type { Fix } from "../signalling/messages";
import { GRID_EXTENT } from "./grid";
import { GRID_ALONE, GRID_OVER_TILES, GridLayer } from "./gridlayer";
import { markerFeatures, trailFeature, type MapMarker } from "./markers";
import { NATIONAL_GRID, placeFix, registerNationalGrid, type Placeable } from "./projection";
import { MARKERS, type MapTheme } from "./theme";

/** What the map shows: fixes of several sessions, the way of the chosen one. */
export interface MapContent {
  markers: MapMarker[];
  trail: readonly Fix[];
  /** Milliseconds of the server's clock. */
  now: number;
  /** The colours of the page around the map. */
  theme: MapTheme;
}

/** A place with its accuracy. */
export type Spot = Placeable & Pick<Fix, "accuracy_m">;

/** What the map tells. */
export interface MapEvents {
  onChoose(sessionId: string): void;
  /** The operator moved the map by hand: following is over. */
  onMoved(): void;
  onTileFailure(): void;
  /** A place was clicked where nothing stands: degrees WGS 84. */
  onPlace?(latitude: number, longitude: number): void;
}

/** A layer of its own, under the positions of sessions; those that come first lie lowest. */
export interface MapOverlay {
  readonly layer: VectorLayer;
  /** The map is there. */
  attach(map: OpenLayersMap): void;
  /** Features of the layer were clicked, topmost first; returns whether that was enough. */
  clicked(features: readonly Feature[]): boolean;
}

/** Metres per pixel at which a chosen position is shown first. */
const CLOSE_METRES = 1.1;

/** Map with the National Grid; tiles lie under it when there is an address for them. */
export class SituationMap {
  private readonly map: OpenLayersMap;
  private readonly projection: Projection;
  private readonly source = new VectorSource<Feature>();
  /** The grid where it is the map itself; over tiles it has one look. */
  private readonly paper: GridLayer | null;

  /**
   * @param tilesUrl XYZ address with {z}/{x}/{y}, or "" for none (then the grid itself is the background)
   * @param overlays what is shown beside positions of sessions
   */
  constructor(target: HTMLElement, tilesUrl: string, private readonly events: MapEvents, private readonly overlays: readonly MapOverlay[]) {
    const grid = registerNationalGrid();
    this.projection = tilesUrl === "" ? grid : (getProjection("EPSG:3857") ?? grid);
    this.paper = tilesUrl === "" ? new GridLayer(GRID_ALONE.dark) : null;
    this.map = new OpenLayersMap({
      target,
      controls: [new Attribution({ collapsible: true }), new ScaleLine({ units: "metric", minWidth: 80 })],
      interactions: defaultInteractions({ altShiftDragRotate: false, pinchRotate: false }),
      layers: this.layers(tilesUrl),
      view: new View({ projection: this.projection, minResolution: 0.15, maxResolution: this.farResolution(), ...this.home() }),
    });
    this.map.on("pointerdrag", () => this.events.onMoved());
    this.map.on("click", (event) => this.clicked(event.pixel));
    for (const overlay of overlays) overlay.attach(this.map);
  }

  /** Shows positions as they are now. */
  show(content: MapContent): void {
    this.paper?.recolour(GRID_ALONE[content.theme]);
    const palette = MARKERS[content.theme];
    const features = content.markers.flatMap((marker) => markerFeatures(marker, this.projection, content.now, palette));
    const trail = trailFeature(content.trail, this.projection, palette);
    this.source.clear(true);
    this.source.addFeatures(trail === null ? features : [trail, ...features]);
  }

  /** Brings a fix to the middle; `isFirst` also goes close. Small moves inside the middle of the map are left alone. */
  follow(fix: Fix, isFirst: boolean): void {
    const view = this.map.getView();
    const centre = placeFix(fix, this.projection.getCode());
    view.cancelAnimations();
    if (isFirst) {
      view.setCenter(centre);
      view.setResolution(this.closeResolution(fix));
    } else if (!this.isInMiddle(centre)) {
      view.animate({ center: centre, duration: 350 });
    }
  }

  /** Shows all given fixes at once; all of Great Britain without any. */
  fit(fixes: readonly Spot[]): void {
    const points = fixes.map((fix) => placeFix(fix, this.projection.getCode()));
    const view = this.map.getView();
    const extent = points.length === 0 ? this.gridExtent() : buffer(boundingExtent(points), 40);
    // Names stand to the right of their dots.
    const right = Math.min(150, (this.map.getSize()?.[0] ?? 0) * 0.3);
    view.fit(extent, { padding: [45, right, 35, 30], duration: 250, minResolution: this.closeResolution(fixes[0] ?? null) });
  }

  /** Whether all given fixes are in view. */
  holds(fixes: readonly Fix[]): boolean {
    const extent = this.map.getView().calculateExtent(this.map.getSize());
    return fixes.every((fix) => containsCoordinate(extent, placeFix(fix, this.projection.getCode())));
  }

  /** The middle of what is shown, in degrees WGS 84; null before there is one. */
  middle(): { latitude: number; longitude: number } | null {
    const centre = this.map.getView().getCenter();
    if (centre === undefined) return null;
    const [longitude = 0, latitude = 0] = transform(centre, this.projection, "EPSG:4326");
    return { latitude, longitude };
  }

  /** Steps the zoom in (1) or out (-1). */
  zoom(direction: 1 | -1): void {
    const view = this.map.getView();
    view.animate({ zoom: (view.getZoom() ?? 0) + direction, duration: 150 });
  }

  /** Tells the map that its box may have changed size. */
  resized(): void {
    this.map.updateSize();
  }

  /** Takes the map off the page. */
  dispose(): void {
    this.map.setTarget(undefined);
    this.map.dispose();
  }

  /** Tiles if there are any, grid, positions. */
  private layers(tilesUrl: string): (TileLayer | GridLayer | VectorLayer)[] {
    const positions = new VectorLayer({ source: this.source, updateWhileAnimating: true, updateWhileInteracting: true });
    const above = [...this.overlays.map(({ layer }) => layer), positions];
    if (this.paper !== null) return [this.paper, ...above];
    const tiles = new XYZ({ url: tilesUrl, attributions: "Map data © OpenStreetMap contributors" });
    tiles.on("tileloaderror", () => this.events.onTileFailure());
    return [new TileLayer({ source: tiles }), new GridLayer(GRID_OVER_TILES), ...above];
  }

  /** Where the map starts before anything is known: Great Britain. */
  private home(): { center: [number, number]; resolution: number } {
    const [west = 0, south = 0, east = 0, north = 0] = this.gridExtent();
    return { center: [(west + east) / 2, (south + north) / 2], resolution: (north - south) / 500 };
  }

  /** Resolution of the view at which all of Great Britain stands in a map that is a finger high. */
  private farResolution(): number {
    const [, south = 0, , north = 0] = this.gridExtent();
    return (north - south) / 80;
  }

  private gridExtent(): number[] {
    if (this.projection.getCode() === NATIONAL_GRID) return [...GRID_EXTENT];
    return transformExtent([...GRID_EXTENT], NATIONAL_GRID, this.projection, 8);
  }

  /** Resolution of the view at which a fix and its circle can be read. */
  private closeResolution(fix: Spot | null): number {
    const metres = Math.max(CLOSE_METRES, (fix?.accuracy_m ?? 0) / 90);
    const stretch = fix === null || this.projection.getCode() === NATIONAL_GRID ? 1 : Math.cos((fix.latitude * Math.PI) / 180);
    return metres / stretch;
  }

  /** Whether a point lies in the middle half of the map. */
  private isInMiddle(point: [number, number]): boolean {
    const [west = 0, south = 0, east = 0, north = 0] = this.map.getView().calculateExtent(this.map.getSize());
    const [dx, dy] = [(east - west) / 4, (north - south) / 4];
    return containsCoordinate([west + dx, south + dy, east - dx, north - dy], point);
  }

  /** A click on a marker chooses its session; where there is none, the layer below has it. */
  private clicked(pixel: number[]): void {
    const features = this.map.getFeaturesAtPixel(pixel, { hitTolerance: 6 }) as Feature[];
    const sessions = features.filter((feature) => typeof feature.get("sessionId") === "string");
    const dot = sessions.find((feature) => feature.getGeometry()?.getType() === "Point");
    // The wide circle around a position hides nobody who stands in it.
    if (dot === undefined && this.overlays.some((overlay) => overlay.clicked(features))) return;
    const hit = (dot ?? sessions[0])?.get("sessionId") as string | undefined;
    if (hit !== undefined) this.events.onChoose(hit);
    else this.placeClicked(this.map.getCoordinateFromPixel(pixel));
  }

  private placeClicked(at: number[] | null): void {
    if (at === null) return;
    const [longitude = 0, latitude = 0] = transform(at, this.projection, "EPSG:4326");
    this.events.onPlace?.(latitude, longitude);
  }
}
