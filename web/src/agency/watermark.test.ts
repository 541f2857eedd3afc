import { describe, expect, it, vi } from "vitest";

import { letterSize, paintWatermark, shortId, watermarkLines } from "./watermark";

const MARKED = { name: "Jo Marsh", agency: "East of England Ambulance", shareId: "0d3a0d5e-0000-4000-8000-000000000001" };
const NOON = Date.parse("2026-11-22T12:00:00.000Z");

describe("the watermark", () => {
  it("says who watches, for whom, when and by which share", () => {
    expect(watermarkLines(MARKED, NOON)).toEqual(["Jo Marsh · East of England Ambulance", "22 Nov 12:00:00 · 0D3A0D5E"]);
    expect(watermarkLines(MARKED, NOON + 1000)[1]).toContain("12:00:01");
    expect(shortId(MARKED.shareId)).toBe("0D3A0D5E");
  });

  it("has letters that can be read on a phone and do not hide a wall", () => {
    expect(letterSize(320)).toBe(11);
    expect(letterSize(4000)).toBe(22);
  });

  it.each([[320, 240], [1280, 720], [200, 900]])("is written over every part of a picture of %i x %i", (width, height) => {
    const places: { x: number; y: number }[] = [];
    const pen = {
      scale: vi.fn(), translate: vi.fn(), rotate: vi.fn(), strokeText: vi.fn(),
      measureText: (text: string) => ({ width: text.length * letterSize(width) * 0.5 }),
      fillText: (_text: string, x: number, y: number) => places.push({ x, y }),
    };
    const canvas = document.createElement("canvas");
    Object.defineProperties(canvas, { clientWidth: { value: width }, clientHeight: { value: height } });
    vi.spyOn(canvas, "getContext").mockReturnValue(pen as unknown as CanvasRenderingContext2D & RenderingContext);
    paintWatermark(canvas, watermarkLines(MARKED, NOON));
    expect(canvas.dataset.text).toContain("Jo Marsh");
    const step = 36 * letterSize(width) * 0.5 + letterSize(width) * 3;
    const slope = (24 * Math.PI) / 180;
    for (const [left, top] of [[0, 0], [width, 0], [0, height], [width, height], [width / 2, height / 2]] as const) {
      const [dx, dy] = [left - width / 2, top - height / 2];
      const [x, y] = [dx * Math.cos(slope) - dy * Math.sin(slope), dx * Math.sin(slope) + dy * Math.cos(slope)];
      const near = places.some((place) => Math.abs(place.x - x) <= step / 2 + 1 && Math.abs(place.y - y) <= letterSize(width) * 6.5);
      expect(near, `${left}, ${top}`).toBe(true);
    }
  });
});
