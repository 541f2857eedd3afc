import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { ConsoleClientMessage, OfficerView } from "../signalling/messages";
import { DutyBoard } from "./dutyboard";
import { reduce } from "./reduce";
import { before, liveSession, ME, officerFix, officerOf, snapshotOf } from "./samples";
import { initialState, type Action, type ConsoleState } from "./state";
import { Store } from "./store";

/** A board on a line that stands, and what it did. */
function boardOf(permissions: string[] = ["officer.locate"]) {
  const sent: ConsoleClientMessage[] = [];
  const store = new Store<ConsoleState, Action>(initialState({ ...ME, permissions }), reduce);
  const map = { show: vi.fn<DutyBoardMap["show"]>(), goTo: vi.fn<DutyBoardMap["goTo"]>() };
  const page = { redraw: vi.fn(), fit: vi.fn(), hasMap: vi.fn(() => true) };
  const line = { send: (message: ConsoleClientMessage) => sent.push(message) > 0, rebase: vi.fn(), forget: vi.fn() };
  const board = new DutyBoard(store, line, map, page);
  const sync = (): void => store.dispatch({ type: "wire", message: snapshotOf(liveSession("1")), at: Date.now() });
  const lose = (): void => store.dispatch({ type: "line", state: "waiting", code: 4012 });
  const answer = (...officers: OfficerView[]): boolean => board.received({ type: "officers.snapshot", now: before(0), officers, seqs: { officers: 4 } });
  const drawn = () => map.show.mock.calls.at(-1)![0];
  sync();
  return { board, sent, store, map, page, line, sync, lose, answer, drawn };
}

type DutyBoardMap = ConstructorParameters<typeof DutyBoard>[2];

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe("the board of officers", () => {
  it("asks for nobody before it is opened, and lets them go when it is closed", () => {
    const { board, sent, line, map, answer } = boardOf();
    expect(sent).toEqual([]);
    board.toggle();
    expect(sent).toEqual([{ type: "officers.follow", ref: "officers" }]);
    expect(board.following).toBe("asked");
    answer(officerOf("1"));
    expect(line.rebase).toHaveBeenCalledWith({ officers: 4 });
    expect([board.following, board.book.size]).toEqual(["followed", 1]);
    board.toggle();
    expect(sent.at(-1)).toEqual({ type: "officers.leave" });
    expect(line.forget).toHaveBeenCalledWith("officers");
    expect(board.book.size).toBe(0);
    expect(map.show).toHaveBeenLastCalledWith(null);
    // What was on its way meanwhile shows nobody.
    answer(officerOf("1"));
    expect(board.book.size).toBe(0);
  });

  it("is there for those who may see officers only", () => {
    expect(boardOf().board.isAllowed).toBe(true);
    expect(boardOf([]).board.isAllowed).toBe(false);
  });

  it("draws at most four times a second, however many moves arrive", () => {
    const { board, map, answer } = boardOf();
    board.toggle();
    answer(officerOf("1"));
    const times: number[] = [];
    map.show.mockImplementation(() => void times.push(Date.now()));
    for (let index = 0; index < 100; index += 1) {
      board.received({ type: "officers.moved", officers: [{ id: "1", fix: officerFix(-index) }], topic: "officers", seq: 5 + index });
      vi.advanceTimersByTime(10);
    }
    const gaps = times.slice(1).map((time, index) => time - times[index]!);
    expect(times.length).toBeGreaterThanOrEqual(4);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(250);
  });

  it("says that all is old when the line is lost, and follows anew when it is back", () => {
    const { board, sent, answer, lose, sync, drawn } = boardOf();
    board.toggle();
    answer(officerOf("1"));
    lose();
    vi.advanceTimersByTime(500);
    expect(board.following).toBe("lost");
    expect(drawn()?.isOld).toBe(true);
    sync();
    expect(sent.filter(({ type }) => type === "officers.follow")).toHaveLength(2);
    expect(board.following).toBe("lost");
    answer(officerOf("2"));
    vi.advanceTimersByTime(500);
    expect(board.following).toBe("followed");
    expect(drawn()).toMatchObject({ isOld: false, officers: [{ id: "2" }] });
  });

  it("lets them go when the map is put away", () => {
    const { board, sent, page, answer } = boardOf();
    board.toggle();
    answer(officerOf("1"));
    board.tick();
    expect(board.isShown).toBe(true);
    page.hasMap.mockReturnValue(false);
    board.tick();
    expect([board.isShown, sent.at(-1)]).toEqual([false, { type: "officers.leave" }]);
  });

  it("follows anew after a gap, and not on a line that already does", () => {
    const { board, sent, answer, sync } = boardOf();
    board.toggle();
    answer(officerOf("1"));
    sync();
    expect(sent).toHaveLength(1);
    board.missed();
    expect(sent).toHaveLength(2);
    expect(board.following).toBe("followed");
  });

  it("leaves to the session's mark who is live", () => {
    const { board, answer, drawn } = boardOf();
    board.toggle();
    answer(officerOf("1", { session_id: "1" }), officerOf("2"), officerOf("3", { session_id: "elsewhere" }));
    vi.advanceTimersByTime(500);
    expect(drawn()?.officers.map(({ id }) => id)).toEqual(["2", "3"]);
  });

  it("has a mark for who is live elsewhere while one incident is shown whole: that session has none there", () => {
    const { board, store, answer, drawn } = boardOf();
    board.toggle();
    answer(officerOf("1", { session_id: "1" }));
    vi.advanceTimersByTime(500);
    expect(drawn()?.officers).toEqual([]);
    store.dispatch({ type: "incident.choose", incidentId: "another" });
    vi.advanceTimersByTime(500);
    expect(drawn()?.officers.map(({ id }) => id)).toEqual(["1"]);
  });

  it("finds an officer who is chosen from the list, and follows the caller no longer", () => {
    const { board, store, map, answer } = boardOf();
    board.toggle();
    answer(officerOf("1"), officerOf("2", { fix: null }));
    board.choose("1", true);
    expect(map.goTo).toHaveBeenCalledOnce();
    expect(store.state.isFollowing).toBe(false);
    board.choose("2", true);
    expect(map.goTo).toHaveBeenCalledOnce();
  });

  it("says why it was refused, and asks no more by itself", () => {
    const { board, sent, lose, sync } = boardOf();
    board.toggle();
    expect(board.refused("officers", "Your role may not do this.")).toBe(true);
    expect(board.refused("watch:1", "")).toBe(false);
    expect([board.following, board.refusal]).toEqual(["refused", "Your role may not do this."]);
    lose();
    sync();
    expect(sent.filter(({ type }) => type === "officers.follow")).toHaveLength(1);
  });
});
