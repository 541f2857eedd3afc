import type { FrameState } from "ol/Map";
import { get as getProjection } from "ol/proj";
import { expect, it, vi } from "vitest";

import { GRID_ALONE, GridLayer } from "./gridlayer";
import { registerNationalGrid } from "./projection";

it("the grid leaves its canvas in whole pixels: the positions are drawn on it by another layer", () => {
  registerNationalGrid();
  const transforms: number[][] = [];
  const nothing = (): void => undefined;
  const pen = {
    setTransform: (...matrix: number[]) => transforms.push(matrix), clearRect: nothing, fillRect: nothing, beginPath: nothing, lineTo: nothing,
    stroke: nothing, fillText: nothing, measureText: () => ({ width: 10 }),
  };
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue(pen as unknown as null);
  const frame = {
    size: [400, 300], pixelRatio: 2, extent: [522_000, 208_000, 522_400, 208_300], coordinateToPixelTransform: [1, 0, 0, -1, -522_000, 208_300],
    viewState: { projection: getProjection("EPSG:27700"), resolution: 1, center: [522_200, 208_150] },
  };
  new GridLayer(GRID_ALONE.dark).render(frame as unknown as FrameState);
  expect(transforms.at(0)).toEqual([2, 0, 0, 2, 0, 0]);
  expect(transforms.at(-1)).toEqual([1, 0, 0, 1, 0, 0]);
});
