import { render } from "lit-html";
import { expect, it } from "vitest";

import { emptyFields } from "../acts";
import type { Desk } from "../desk";
import type { Item } from "../rest";
import { unreadFleet } from "../fleetsamples";
import { before, closedBoard, liveSession, ME, NOON, emptySky, silentTalk, stateWith } from "../samples";
import { WatchPool } from "../watches";
import { itemsStage } from "./items";

const SEQUENCE: Item = {
  kind: "sequence", id: "s", state: "sealed", started_at: before(90), ended_at: before(10), duration_ms: 83_000,
  picture_count: 20, is_complete: true, hold: null,
};

function drawn(...items: Item[]): HTMLElement {
  const session = liveSession("1");
  const desk: Desk = {
    state: { ...stateWith(session), me: ME }, now: NOON, at: NOON, shownSince: 0, page: { forceName: "Herts", mapTilesUrl: "" },
    fetched: { incidentTypes: [], outcomes: [], outbox: null, items: {}, phrases: [] }, local: emptyFields(), form: null,
    pool: new WatchPool(() => true, () => undefined), officers: closedBoard(), talk: silentTalk(), sky: emptySky(), fleet: unreadFleet(), flight: null, sound: { setting: "off", isReady: false },
    mapElement: document.createElement("div"), acts: {} as Desk["acts"],
  };
  const host = document.createElement("div");
  render(itemsStage(desk, session, items), host);
  return host;
}

it("a sequence is one entry that says what it is, plays as a film and gives the pictures themselves", () => {
  const host = drawn(SEQUENCE);
  expect(host.querySelectorAll("[data-testid=item]")).toHaveLength(1);
  expect(host.querySelector("[data-testid=item-pictures]")?.textContent).toBe("20 pictures, in place of video");
  expect(host.querySelector("video")?.getAttribute("src")).toBe("/api/v1/items/s/files/playable/");
  expect(host.querySelector("[data-testid=item-archive]")?.getAttribute("href")).toBe("/api/v1/items/s/files/original/");
});

it("a sequence of which something is lost says so, and one that is not sealed gives nothing away", () => {
  expect(drawn({ ...SEQUENCE, is_complete: false }).textContent).toContain("pictures are missing");
  expect(drawn({ ...SEQUENCE, state: "sealing" }).querySelector("[data-testid=item-archive], video")).toBeNull();
});

it("a recording gives no archive", () => {
  const host = drawn({ ...SEQUENCE, kind: "recording", picture_count: 0 });
  expect(host.querySelector("[data-testid=item-archive], [data-testid=item-pictures]")).toBeNull();
  expect(host.textContent).toContain("Recording");
});
