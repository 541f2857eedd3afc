import { describe, expect, it } from "vitest";

import { DEFAULTS, type WallChoice } from "./preferences";
import { before, liveSession, stateWith } from "./samples";
import { wallColumns, wallPage, wallTileSize, withPin } from "./wallplaces";
import { wantedStreams } from "./wanted";

const OTHER = "Priya Shah";
const sessions = stateWith(
  liveSession("1", { live_at: before(90), created_by_name: OTHER, watchers: [{ name: OTHER }] }), liveSession("2", { live_at: before(80) }),
  liveSession("3", { live_at: before(70), created_by_name: OTHER }), liveSession("4", { live_at: before(60), created_by_name: OTHER, watchers: [{ name: OTHER }] }),
  liveSession("5", { live_at: before(50) }), liveSession("6", { stream: null }),
).sessions;

function shown(change: Partial<WallChoice>): string[] {
  return wallPage(sessions, { ...DEFAULTS.wall, ...change }, "Alex Morgan").shown.map((one) => one.id);
}

describe("the places of the wall", () => {
  it("are filled by rule: mine, newest, unwatched; never without a picture", () => {
    expect(shown({ places: 9, rule: "mine" })).toEqual(["5", "2", "4", "3", "1"]);
    expect(shown({ places: 9, rule: "newest" })).toEqual(["5", "4", "3", "2", "1"]);
    expect(shown({ places: 9, rule: "unattended" })).toEqual(["5", "3", "2", "4", "1"]);
  });

  it("go on to further pages, and to the nearest there is", () => {
    expect(shown({ rule: "newest", page: 1 })).toEqual(["1"]);
    expect(shown({ rule: "newest", page: 7 })).toEqual(["1"]);
    expect(wallPage(sessions, DEFAULTS.wall, "")).toMatchObject({ count: 5, pages: 2, page: 0 });
    expect(wallPage({}, DEFAULTS.wall, "")).toMatchObject({ shown: [], pages: 1 });
  });

  it("keep pinned pictures on every page, and leave one place to go on with", () => {
    expect(shown({ rule: "newest", pinned: ["1"], page: 0 })).toEqual(["1", "5", "4", "3"]);
    expect(shown({ rule: "newest", pinned: ["1"], page: 1 })).toEqual(["1", "2"]);
    const many = { rule: "newest" as const, pinned: ["1", "2", "3", "4"] };
    expect([shown({ ...many, page: 0 }), shown({ ...many, page: 1 })]).toEqual([["1", "2", "3", "4"], ["1", "2", "3", "5"]]);
    expect(shown({ places: 1, pinned: ["3"] })).toEqual(["3"]);
    expect(shown({ pinned: ["gone"], rule: "newest" })).toEqual(["5", "4", "3", "2"]);
  });

  it("are watched as they are shown, in the size in which they are shown", () => {
    const state = { ...stateWith(...Object.values(sessions)), mode: "wall" as const };
    const wanted = wantedStreams({ ...state, preferences: { ...DEFAULTS, wall: { ...DEFAULTS.wall, places: 9 } } });
    expect(wanted.map((one) => one.streamId)).toEqual(["s-5", "s-2", "s-4", "s-3", "s-1"]);
    expect(new Set(wanted.map((one) => one.layer))).toEqual(new Set(["low"]));
    expect(wantedStreams(state)).toHaveLength(4);
  });

  it("make the pictures as large as their number allows", () => {
    expect([0, 1, 2, 4, 5, 9].map(wallColumns)).toEqual([1, 1, 2, 2, 3, 3]);
    expect([1, 4, 9].map(wallTileSize)).toEqual(["large", "medium", "small"]);
  });

  it("are pinned and let go", () => {
    expect(withPin(withPin([], "1"), "2")).toEqual(["1", "2"]);
    expect(withPin(["1", "2"], "1")).toEqual(["2"]);
  });
});
