import { render } from "lit-html";
import { describe, expect, it, vi } from "vitest";

import { emptyFields } from "../acts";
import type { Acts, Desk } from "../desk";
import { DEFAULTS } from "../preferences";
import { unreadFleet } from "../fleetsamples";
import { before, closedBoard, liveSession, NOON, emptySky, silentTalk, stateWith } from "../samples";
import type { ConsoleState } from "../state";
import { WatchPool } from "../watches";
import { riskWords } from "./blur";
import { wallView } from "./wall";

function drawn(state: ConsoleState, acts: Partial<Acts> = {}): HTMLElement {
  const desk: Desk = {
    state, now: NOON, at: NOON, shownSince: 0, page: { forceName: "Herts", mapTilesUrl: "" },
    fetched: { incidentTypes: [], outcomes: [], outbox: null, items: {}, phrases: [] }, local: emptyFields(), form: null,
    pool: new WatchPool(() => true, () => undefined), officers: closedBoard(), talk: silentTalk(), sky: emptySky(), fleet: unreadFleet(), flight: null, sound: { setting: "off", isReady: false }, mapElement: document.createElement("div"),
    acts: acts as Acts,
  };
  const host = document.createElement("div");
  document.body.replaceChildren(host);
  render(wallView(desk), host);
  return host;
}

const five = stateWith(...["1", "2", "3", "4", "5"].map((id) => liveSession(id, { live_at: before(Number(id) * 10) })));

describe("the wall", () => {
  it("shows as many pictures as it has places, and the way to the others", () => {
    const arrangeWall = vi.fn();
    const host = drawn(five, { arrangeWall });
    expect(host.querySelectorAll(".tile")).toHaveLength(4);
    expect(host.querySelector("[data-testid=wall-count]")?.textContent).toContain("Page 1 of 2, 5 live");
    host.querySelector<HTMLButtonElement>("[data-testid=page-after]")?.click();
    expect(arrangeWall).toHaveBeenCalledWith({ page: 1 });
  });

  it("opens a picture by a click and by Enter, but not by the buttons on it", () => {
    const acts = { choose: vi.fn(), arrangeWall: vi.fn() };
    const tile = drawn(five, acts).querySelector<HTMLElement>(".tile");
    tile?.querySelector<HTMLButtonElement>("[data-testid=pin]")?.click();
    expect(acts.choose).not.toHaveBeenCalled();
    expect(acts.arrangeWall).toHaveBeenCalledWith({ pinned: ["1"] });
    tile?.click();
    tile?.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
    expect(acts.choose.mock.calls).toEqual([["1"], ["1"]]);
  });

  it("has one picture that Tab comes to, and arrows lead on", () => {
    const tiles = [...drawn(five).querySelectorAll<HTMLElement>(".tile")];
    expect(tiles.map((tile) => tile.tabIndex)).toEqual([0, -1, -1, -1]);
    tiles[0]?.focus();
    tiles[0]?.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowDown", bubbles: true }));
    expect(document.activeElement).toBe(tiles[2]);
  });

  it("can do without its map", () => {
    const state = { ...five, preferences: { ...DEFAULTS, wall: { ...DEFAULTS.wall, hasMap: false } } };
    expect(drawn(state).querySelector(".wall-map")).toBeNull();
    expect(drawn(five).querySelector(".wall-map")).not.toBeNull();
  });
});

describe("the words before a blurred picture", () => {
  const refusals = [{ code: "driving", text: "The caller is driving", advice: "Ask them to stop" }];

  it("say how the risk questions were answered", () => {
    expect(riskWords(liveSession("1", { risk: null }))).toContain("not answered");
    expect(riskWords(liveSession("1"))).toContain("nothing speaks against it");
    expect(riskWords(liveSession("1", { risk: { outcome: "overridden", refusals } }))).toBe("Risk questions: The caller is driving (overridden by a supervisor)");
  });
});
