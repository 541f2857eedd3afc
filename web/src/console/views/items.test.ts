import { render } from "lit-html";
import { expect, it, vi } from "vitest";

import { emptyFields } from "../acts";
import type { Desk } from "../desk";
import type { Item, ItemSegment } from "../itemshapes";
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

const FIRST: ItemSegment = { started_at: before(90), offset_ms: 0, duration_ms: 20_000, part: 1 };
const CALL: Item = {
  ...SEQUENCE, kind: "call", id: "c", picture_count: 0, is_complete: false,
  segments: [
    FIRST,
    { started_at: before(60), offset_ms: 22_000, duration_ms: 10_000, part: 2 },
    { started_at: before(15), offset_ms: 34_000, duration_ms: 5_000, part: 2 },
  ],
  gaps: [{ from: before(70), to: before(61), reason: "media_server_lost" }],
  cast: [
    { name: "PC Ade", role: "officer", source: "camera", is_left_out: false },
    { name: "PC Ade", role: "officer", source: "camera", is_left_out: false },
    { name: "PC Ade", role: "officer", source: "screen", is_left_out: false },
    { name: "<img src=x>\u202e", role: "bsl_interpreter", source: "camera", is_left_out: false },
    { name: "", role: "victim", source: "camera", is_left_out: true },
  ],
};

it("a call says who is in its film, each once, and in which role somebody was left out", () => {
  const host = drawn(CALL);
  const lines = [...host.querySelectorAll("[data-testid=item-cast] li")].map((line) => line.textContent.replace(/\s+/g, " ").trim());
  expect(host.querySelector(".item-head b")?.textContent).toContain("Call");
  expect(lines).toEqual(["PC Ade officer", "PC Ade officer, screen", "<img src=x>\u202e BSL interpreter", "victim: left out of the film"]);
  expect(host.querySelector("img")).toBeNull();
  expect(host.querySelectorAll("[data-testid=item-cast] bdi")).toHaveLength(3);
});

it("the parts of a call are played from their beginning, and say what lies before them", () => {
  const host = drawn(CALL);
  const player = host.querySelector("video")!;
  const play = vi.spyOn(player, "play").mockResolvedValue();
  const parts = [...host.querySelectorAll<HTMLButtonElement>("[data-testid=item-part]")];
  expect(parts.map((part) => part.textContent.split(",")[0])).toEqual(["Part 1", "Part 2", "Part 2 goes on"]);
  expect(host.querySelectorAll("[data-testid=item-parts] li")[1]?.textContent).toContain("the media server was lost");
  parts[1]?.click();
  expect(player.currentTime).toBe(22);
  expect(play).toHaveBeenCalledOnce();
});

it("a call in one part has no list of parts, and one that is not sealed plays nothing", () => {
  expect(drawn({ ...CALL, segments: [FIRST] }).querySelector("[data-testid=item-parts]")).toBeNull();
  expect(drawn({ ...CALL, state: "sealing" }).querySelector("[data-testid=item-parts], video")).toBeNull();
});

it("a recording says nothing of a cast", () => {
  expect(drawn({ ...CALL, kind: "recording" }).querySelector("[data-testid=item-cast], [data-testid=item-parts]")).toBeNull();
});
