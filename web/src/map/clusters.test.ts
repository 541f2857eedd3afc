import { describe, expect, it } from "vitest";

import { cellFor, gather, type Placed } from "./clusters";

function at(x: number, y: number): Placed<string> {
  return { item: `${x}:${y}`, x, y };
}

describe("gathering marks", () => {
  it("leaves apart what does not overlap, and loses nobody", () => {
    const points = Array.from({ length: 2_500 }, (_, index) => at((index * 7919) % 10_000, (index * 104_729) % 10_000));
    const clusters = gather(points, 500);
    expect(clusters.flatMap(({ members }) => members)).toHaveLength(2_500);
    expect(new Set(clusters.map(({ key }) => key)).size).toBe(clusters.length);
    expect(gather([at(0, 0), at(1_000, 0)], 500)).toHaveLength(2);
  });

  it("puts the mark in the middle of those that it stands for", () => {
    const [cluster] = gather([at(10, 10), at(30, 10), at(20, 40)], 100);
    expect(cluster).toMatchObject({ x: 20, y: 20 });
  });

  it("joins marks that would touch across the side of a square", () => {
    expect(gather([at(99, 50), at(101, 50)], 100)).toHaveLength(1);
    expect(gather([at(10, 50), at(190, 50)], 100)).toHaveLength(2);
  });

  it("has squares that stay while the zoom changes a little", () => {
    expect(cellFor(10, 56)).toBe(cellFor(9, 56));
    expect(cellFor(20, 56)).toBe(2 * cellFor(10, 56));
  });
});
