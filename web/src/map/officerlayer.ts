/** The layer of officers on duty: what would overlap is gathered, and what stays is moved, not made anew. */

import type Feature from "ol/Feature";
import type OpenLayersMap from "ol/Map";
import type { Circle, Point } from "ol/geom";
import { boundingExtent, buffer, containsXY, type Extent } from "ol/extent";
import VectorLayer from "ol/layer/Vector";
import { getPointResolution, type Projection } from "ol/proj";
import VectorSource from "ol/source/Vector";

import type { OfficerFix, OfficerView } from "../signalling/messages";
import { cellFor, gather, type Cluster, type Placed } from "./clusters";
import { dutyAge, dutyFreshness } from "./dutyage";
import { circleAt, OfficerStyles, pointAt } from "./officerstyles";
import { placeFix } from "./projection";
import { pageScale } from "./scale";
import type { MapOverlay } from "./situation";
import type { MapTheme } from "./theme";

/** What the layer shows. */
export interface OfficersOnMap {
  officers: readonly OfficerView[];
  chosenId: string | null;
  /** Milliseconds of the server's clock. */
  now: number;
  theme: MapTheme;
  /** The line is lost, and every position old. */
  isOld: boolean;
}

/** Side of the squares in which officers are gathered, in pixels. */
const CELL_PX = 56;
/** Metres to a pixel below which everybody stands alone: closer, a click could part them no more. */
const PARTED_M = 1.5;
/** Metres to a pixel below which names are written, if no more than this many are in view. */
const NAMED_M = 12;
const MOST_NAMES = 60;
/** How much larger than the view is drawn, so that dragging the map shows them at once. */
const BEYOND = 0.25;
/** Metres to a pixel of an officer who is looked for. */
const CLOSE_M = 4;

/** Officers on the map. */
export class OfficerLayer implements MapOverlay {
  private readonly source = new VectorSource({ useSpatialIndex: false });
  readonly layer = new VectorLayer({ source: this.source, updateWhileAnimating: true, updateWhileInteracting: true });
  private readonly styles = new OfficerStyles();
  private readonly features = new Map<string, Feature>();
  private readonly places = new WeakMap<OfficerFix, [number, number]>();
  private map: OpenLayersMap | null = null;
  private content: OfficersOnMap | null = null;
  private lastHit: string | null = null;

  /** @param onChoose an officer was clicked; @param onMoved the view was moved to part some */
  constructor(private readonly onChoose: (id: string) => void, private readonly onMoved: () => void) {}

  attach(map: OpenLayersMap): void {
    this.map = map;
    map.on("moveend", () => this.draw());
  }

  /** Shows these from now on; null: nobody. */
  show(content: OfficersOnMap | null): void {
    this.content = content;
    this.draw();
  }

  /** A click on a cluster parts it; on officers who lie on each other each click chooses the next. */
  clicked(features: readonly Feature[]): boolean {
    const hits = features.map((feature) => feature.get("members") as Placed<OfficerView>[] | undefined).filter((hit) => hit !== undefined);
    const first = hits[0];
    if (first === undefined) return false;
    if (first.length > 1) this.part(first);
    else this.chooseNext(hits.filter((hit) => hit.length === 1).flatMap((hit) => hit.map(({ item }) => item.id)));
    return true;
  }

  /** Brings one to the middle of the map, close enough to stand alone. */
  goTo(fix: OfficerFix): void {
    const view = this.map?.getView();
    if (view === undefined) return;
    const resolution = Math.min(view.getResolution() ?? Infinity, CLOSE_M / this.metres());
    view.animate({ center: this.placeOf(fix), resolution, duration: 250 });
  }

  private get projection(): Projection | null {
    return this.map?.getView().getProjection() ?? null;
  }

  private placeOf(fix: OfficerFix): [number, number] {
    let place = this.places.get(fix);
    if (place === undefined) {
      place = placeFix(fix, this.projection?.getCode() ?? "EPSG:3857");
      this.places.set(fix, place);
    }
    return place;
  }

  /** Metres on the ground of one unit of the view. */
  private metres(): number {
    const view = this.map?.getView();
    const centre = view?.getCenter();
    return view === undefined || centre === undefined ? 1 : getPointResolution(view.getProjection(), 1, centre, "m");
  }

  private draw(): void {
    const { content } = this;
    const resolution = this.map?.getView().getResolution();
    if (content === null || this.map === null || resolution === undefined) {
      this.keepOnly(new Set());
      return;
    }
    this.styles.dress(content.theme);
    const points = this.placed(content, this.shownExtent(this.map));
    const chosen = points.filter(({ item }) => item.id === content.chosenId);
    const others = chosen.length === 0 ? points : points.filter(({ item }) => item.id !== content.chosenId);
    const metres = resolution * this.metres();
    const clusters = metres <= PARTED_M * pageScale() ? others.map(alone) : gather(others, cellFor(resolution, CELL_PX * pageScale()));
    const named = metres <= NAMED_M && clusters.length <= MOST_NAMES;
    const drawn = new Set<string>();
    for (const cluster of [...clusters, ...chosen.map(alone)]) drawn.add(this.put(cluster, content, named));
    for (const { item, x, y } of chosen) drawn.add(this.putCircle(item, x, y));
    this.keepOnly(drawn);
  }

  /** Who has a position within the extent. */
  private placed({ officers }: OfficersOnMap, extent: Extent): Placed<OfficerView>[] {
    const points: Placed<OfficerView>[] = [];
    for (const item of officers) {
      if (item.fix === null) continue;
      const [x, y] = this.placeOf(item.fix);
      if (containsXY(extent, x, y)) points.push({ item, x, y });
    }
    return points;
  }

  private shownExtent(map: OpenLayersMap): Extent {
    const extent = map.getView().calculateExtent(map.getSize());
    const [west = 0, , east = 0] = extent;
    return buffer(extent, (east - west) * BEYOND);
  }

  /** Draws one mark, with the feature that it had before; returns its name. */
  private put(cluster: Cluster<OfficerView>, content: OfficersOnMap, named: boolean): string {
    const { members } = cluster;
    const [first] = members;
    const only = members.length === 1 && first !== undefined ? first.item : null;
    const name = only === null ? cluster.key : `officer ${only.id}`;
    const feature = this.at(name, cluster.x, cluster.y);
    feature.set("members", members, true);
    const style = only === null
      ? this.styles.cluster(members.length, members.filter(({ item }) => item.status === "available").length)
      : this.styles.officer({
          status: only.status,
          freshness: content.isOld || only.fix === null ? "stale" : dutyFreshness(dutyAge(only.fix, content.now)),
          isChosen: only.id === content.chosenId,
          name: named || only.id === content.chosenId ? [only.number, only.name].filter((part) => part !== "").join(" ") : "",
        });
    if (feature.getStyle() !== style) feature.setStyle(style);
    return name;
  }

  private putCircle({ fix }: OfficerView, x: number, y: number): string {
    const radius = (fix?.accuracy_m ?? 0) / this.metres();
    const known = this.features.get("accuracy");
    if (known === undefined) this.add("accuracy", circleAt(x, y, radius)).setStyle(this.styles.accuracy());
    else (known.getGeometry() as Circle).setCenterAndRadius([x, y], radius);
    return "accuracy";
  }

  private at(name: string, x: number, y: number): Feature {
    const known = this.features.get(name);
    if (known === undefined) return this.add(name, pointAt(x, y));
    const point = known.getGeometry() as Point;
    const [oldX, oldY] = point.getFlatCoordinates();
    if (oldX !== x || oldY !== y) point.setCoordinates([x, y]);
    return known;
  }

  private add(name: string, feature: Feature): Feature {
    this.features.set(name, feature);
    this.source.addFeature(feature);
    return feature;
  }

  private keepOnly(drawn: ReadonlySet<string>): void {
    for (const [name, feature] of this.features) {
      if (drawn.has(name)) continue;
      this.features.delete(name);
      this.source.removeFeature(feature);
    }
  }

  /** Shows the members of a cluster as far apart as the map allows. */
  private part(members: readonly Placed<OfficerView>[]): void {
    const view = this.map?.getView();
    if (view === undefined) return;
    this.onMoved();
    const size = this.map?.getSize() ?? [0, 0];
    const padding = size.map((side) => side * 0.15);
    const nearest = Math.min((view.getResolution() ?? 1) / 2, Math.max(PARTED_M / this.metres() / 2, view.getMinResolution()));
    view.fit(boundingExtent(members.map(({ x, y }) => [x, y])), {
      padding: [padding[1] ?? 0, padding[0] ?? 0, padding[1] ?? 0, padding[0] ?? 0], minResolution: nearest, duration: 250,
    });
  }

  private chooseNext(ids: readonly string[]): void {
    const last = this.lastHit === null ? -1 : ids.indexOf(this.lastHit);
    const next = ids[(last + 1) % ids.length];
    if (next === undefined) return;
    this.lastHit = next;
    this.onChoose(next);
  }
}

function alone(point: Placed<OfficerView>): Cluster<OfficerView> {
  return { key: point.item.id, x: point.x, y: point.y, members: [point] };
}
