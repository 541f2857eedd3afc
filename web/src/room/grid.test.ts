import { describe, expect, it } from "vitest";
import type { Role } from "../signalling/meetingmessages";
import { gridOf, isPhone, type Cell, type GridAsk, type GridTile } from "./grid";

const PHONE = { width: 360, height: 560 };
const LANDSCAPE = { width: 740, height: 300 };
const DESKTOP = { width: 1440, height: 800 };

const tile = (key: string, role: Role = "witness", more: Partial<GridTile> = {}): GridTile => ({ key, role, isSelf: key === "me", isScreen: false, ...more });
const people = (count: number): GridTile[] => [tile("me", "victim"), ...Array.from({ length: count - 1 }, (_, index) => tile(`p${index}`))];
const grid = (tiles: GridTile[], more: Partial<GridAsk>): Cell[] => gridOf({ tiles, pinned: null, speaker: null, ...DESKTOP, ...more });
const keys = (cells: Cell[]): string[] => cells.map((cell) => cell.key);
const at = (cells: Cell[], key: string): Cell => cells.find((cell) => cell.key === key)!;

/** Whether two places share a pixel. */
function overlap(a: Cell, b: Cell): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

describe("any grid", () => {
  const sizes = [PHONE, LANDSCAPE, DESKTOP, { width: 1100, height: 620 }, { width: 320, height: 400 }];
  const crowds = Array.from({ length: 12 }, (_, index) => index + 1);

  it.each(sizes.flatMap((size) => crowds.map((count) => ({ ...size, count }))))("test_grid_of_$count_in_$width_x_$height_stays_inside_and_overlaps_nowhere", ({ count, ...size }) => {
    const signer = count > 2 ? [tile("signer", "bsl_interpreter"), tile("screen", "officer", { isScreen: true })] : [];
    for (const tiles of [people(count), [...people(count), ...signer]]) {
      const cells = grid(tiles, size);
      for (const cell of cells) {
        expect(cell.width * cell.height).toBeGreaterThan(0);
        expect([cell.x >= 0, cell.y >= 0, cell.x + cell.width <= size.width + 1, cell.y + cell.height <= size.height + 1]).toEqual([true, true, true, true]);
      }
      const flat = cells.filter((cell) => cell.isInset !== true);
      flat.forEach((cell, index) => flat.slice(index + 1).forEach((other) => expect(overlap(cell, other)).toBe(false)));
    }
  });

  it("test_no_room_or_nobody_is_no_grid", () => {
    expect([grid([], {}), grid(people(2), { width: 0 })]).toEqual([[], []]);
  });
});

describe("the grid of a phone", () => {
  it("test_own_picture_alone_fills_it", () => {
    expect(grid([tile("me")], PHONE)).toEqual([{ key: "me", x: 0, y: 0, ...PHONE }]);
  });

  it("test_speaker_is_large_the_own_picture_top_right_and_three_more_in_the_strip", () => {
    const cells = grid(people(8), { ...PHONE, speaker: "p4" });
    expect(keys(cells)).toEqual(["p4", "p0", "p1", "p2", "me"]);
    expect(at(cells, "p4").width).toBe(360);
    expect(at(cells, "me")).toMatchObject({ isInset: true, y: 8 });
    expect(at(cells, "me").x + at(cells, "me").width).toBe(352);
  });

  it("test_interpreter_is_in_the_strip_however_many_there_are_or_large", () => {
    const tiles = [...people(9), tile("interpreter", "interpreter")];
    expect(keys(grid(tiles, { ...PHONE, speaker: "p1" }))).toContain("interpreter");
    expect(at(grid(tiles, { ...PHONE, speaker: "interpreter" }), "interpreter").width).toBe(360);
  });

  it.each([PHONE, LANDSCAPE])("test_bsl_interpreter_has_half_of_the_height_beside_speaker_screen_and_pin", (size) => {
    const tiles = [...people(6), tile("signer", "bsl_interpreter"), tile("screen", "officer", { isScreen: true })];
    for (const wish of [{ speaker: "p1" }, { pinned: "p2" }, {}]) {
      expect(at(grid(tiles, { ...size, ...wish }), "signer").height).toBeGreaterThanOrEqual(size.height / 2);
    }
  });

  it("test_phone_on_its_side_has_the_strip_at_the_right", () => {
    const cells = grid(people(4), { ...LANDSCAPE, speaker: "p0" });
    expect(at(cells, "p1").x).toBeGreaterThan(at(cells, "p0").x + at(cells, "p0").width - 1);
    expect([isPhone(LANDSCAPE), isPhone(DESKTOP)]).toEqual([true, false]);
  });
});

describe("the grid of a desk", () => {
  it("test_twelve_are_all_seen_four_by_three", () => {
    const cells = grid(people(12), {});
    expect(cells).toHaveLength(12);
    expect(new Set(cells.map((cell) => cell.x)).size).toBe(4);
    expect(new Set(cells.map((cell) => cell.y)).size).toBe(3);
  });

  it("test_order_is_the_peoples_whoever_speaks", () => {
    expect(keys(grid(people(5), { speaker: "p3" }))).toEqual(keys(grid(people(5), { speaker: "p0" })));
  });

  it("test_screen_is_large_and_everybody_beside_it", () => {
    const cells = grid([...people(5), tile("screen", "officer", { isScreen: true })], {});
    expect(at(cells, "screen").width).toBeGreaterThan(1_000);
    expect(cells).toHaveLength(6);
  });

  it("test_pin_goes_before_a_screen_and_a_pin_that_left_counts_no_more", () => {
    const tiles = [...people(4), tile("screen", "officer", { isScreen: true })];
    expect(at(grid(tiles, { pinned: "p1" }), "p1").width).toBeGreaterThan(1_000);
    expect(at(grid(tiles, { pinned: "gone" }), "screen").width).toBeGreaterThan(1_000);
  });

  it("test_bsl_interpreter_has_half_of_the_height_alone_and_beside_a_screen", () => {
    const tiles = [...people(8), tile("signer", "bsl_interpreter")];
    expect(at(grid(tiles, {}), "signer").height).toBe(800);
    const cells = grid([...tiles, tile("screen", "officer", { isScreen: true })], {});
    expect(at(cells, "signer").height).toBeGreaterThanOrEqual(400);
    expect(cells).toHaveLength(10);
  });
});
