import OpenLayersMap from "ol/Map";
import View from "ol/View";
import type { Point } from "ol/geom";
import { describe, expect, it, vi } from "vitest";

import { NOON, officerFix, officerOf } from "../console/samples";
import type { OfficerView } from "../signalling/messages";
import { OfficerLayer, type OfficersOnMap } from "./officerlayer";
import { placeFix, registerNationalGrid } from "./projection";

const projection = registerNationalGrid();
const HERE = officerFix(5);

/** A layer on a map of 800 by 600 pixels around one place. */
function layerAt(resolution: number) {
  const chosen = vi.fn();
  const moved = vi.fn();
  const layer = new OfficerLayer(chosen, moved);
  const view = new View({ projection, center: placeFix(HERE, projection.getCode()), resolution });
  const map = { getView: () => view, getSize: () => [800, 600], on: () => undefined } as unknown as OpenLayersMap;
  layer.attach(map);
  const show = (officers: OfficerView[], change: Partial<OfficersOnMap> = {}): void =>
    layer.show({ officers, chosenId: null, now: NOON, theme: "dark", isOld: false, ...change });
  return { layer, show, chosen, moved, view, features: () => layer.layer.getSource()!.getFeatures() };
}

function east(metres: number, seconds = 5): OfficerView["fix"] {
  return officerFix(seconds, { longitude: HERE.longitude + metres / 69_000 });
}

describe("the layer of officers", () => {
  it("gathers 2,500 into a few marks that stand for all of them", () => {
    const { show, features } = layerAt(40);
    show(Array.from({ length: 2_500 }, (_, index) => officerOf(String(index), { fix: east((index % 50) * 100) })));
    const members = features().map((feature) => (feature.get("members") as unknown[]).length);
    expect(members.reduce((sum, count) => sum + count, 0)).toBe(2_500);
    expect(members.length).toBeLessThan(60);
  });

  it("moves the feature of an officer, and makes none anew", () => {
    const { show, features } = layerAt(1);
    const officer = officerOf("1");
    show([officer]);
    const [feature] = features();
    const [x = 0] = (feature!.getGeometry() as Point).getCoordinates();
    const style = feature!.getStyle();
    officer.fix = east(100);
    show([officer]);
    expect(features()).toEqual([feature]);
    expect((feature!.getGeometry() as Point).getCoordinates()[0]).toBeCloseTo(x + 100, -1);
    expect(feature!.getStyle()).toBe(style);
  });

  it("shows an old position otherwise than a new one, and every one as old while the line is lost", () => {
    const { show, features } = layerAt(1);
    const lookOf = (seconds: number, isOld = false): unknown => {
      show([officerOf("1", { fix: officerFix(seconds) })], { isOld });
      return features()[0]!.getStyle();
    };
    const looks = [lookOf(5), lookOf(60), lookOf(300)];
    expect(new Set(looks).size).toBe(3);
    expect(lookOf(5, true)).toBe(looks[2]);
  });

  it("draws nobody who is out of view, has no position, or is shown no more", () => {
    const { layer, show, features } = layerAt(1);
    show([officerOf("1", { fix: east(50_000) }), officerOf("2", { fix: null }), officerOf("3")]);
    expect(features()).toHaveLength(1);
    layer.show(null);
    expect(features()).toHaveLength(0);
  });

  it("parts a cluster by a click, and chooses one after the other of those who lie on each other", () => {
    const far = layerAt(40);
    far.show([officerOf("1"), officerOf("2", { fix: east(30) })]);
    expect(far.layer.clicked(far.features())).toBe(true);
    expect(far.moved).toHaveBeenCalledOnce();
    expect(far.chosen).not.toHaveBeenCalled();
    const near = layerAt(1);
    near.show([officerOf("1"), officerOf("2")]);
    near.layer.clicked(near.features());
    near.layer.clicked(near.features());
    near.layer.clicked(near.features());
    expect(near.chosen.mock.calls.flat()).toEqual(["1", "2", "1"]);
    expect(near.layer.clicked([])).toBe(false);
  });

  it("shows the chosen one alone, with the circle of the accuracy", () => {
    const { show, features } = layerAt(40);
    show([officerOf("1"), officerOf("2")], { chosenId: "2" });
    expect(features().map((feature) => feature.getGeometry()!.getType()).sort()).toEqual(["Circle", "Point", "Point"]);
  });
});
