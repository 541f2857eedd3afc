import { render } from "lit-html";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { OfficerView } from "../../signalling/messages";
import { DutyBoard, ROWS } from "../dutyboard";
import type { Acts, Desk } from "../desk";
import { reduce } from "../reduce";
import { before, liveSession, ME, NOON, officerFix, officerOf, snapshotOf } from "../samples";
import { initialState, type Action, type ConsoleState } from "../state";
import { Store } from "../store";
import { officersButton, officersView } from "./officers";

const chooseSession = vi.fn();

/** The panel with these officers, as a page. */
function panelOf(officers: OfficerView[], permissions = ["officer.locate"]) {
  const nothing = (): void => undefined;
  const store = new Store<ConsoleState, Action>(initialState({ ...ME, permissions }), reduce);
  const board = new DutyBoard(store, { send: () => true, rebase: nothing, forget: nothing }, { show: nothing, goTo: nothing }, { redraw: nothing, fit: nothing, hasMap: () => true });
  store.dispatch({ type: "wire", message: snapshotOf(liveSession("1")), at: NOON });
  const acts = { choose: chooseSession } as unknown as Acts;
  const root = document.createElement("div");
  const draw = (): HTMLElement => {
    const desk = { state: store.state, now: NOON, officers: board, local: { copied: null }, acts } as unknown as Desk;
    render([officersButton(desk), officersView(desk)], root);
    return root;
  };
  const open = (): HTMLElement => {
    draw().querySelector<HTMLButtonElement>("[data-testid=officers-toggle]")!.click();
    board.received({ type: "officers.snapshot", now: before(0), officers, seqs: {} });
    return draw();
  };
  return { board, store, draw, open };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe("the panel of officers", () => {
  it("is not there for a role that may not see them", () => {
    expect(panelOf([], []).draw().textContent.trim()).toBe("");
  });

  it("lists name, number, status, age of the position and skills, in words", () => {
    const root = panelOf([officerOf("1", { name: "Amir Khan", number: "447", status: "en_route", skills: ["Dog"] }), officerOf("2", { fix: null })]).open();
    const rows = [...root.querySelectorAll("[data-testid=officer-row]")].map((row) => row.textContent.replace(/\s+/g, " "));
    expect(rows[0]).toContain("Amir Khan");
    expect(rows[0]).toContain("447");
    expect(rows[0]).toContain("En route · 5 s ago");
    expect(rows[0]).toContain("Dog");
    expect(rows[1]).toContain("no position");
  });

  it("says in the line of an officer that the position is doubtful", () => {
    const root = panelOf([officerOf("1", { doubt_at: before(60) }), officerOf("2", { name: "Zed" })]).open();
    const rows = [...root.querySelectorAll("[data-testid=officer-row]")].map((row) => row.textContent.replace(/\s+/g, " "));
    expect(rows.map((row) => row.includes("position doubtful"))).toEqual([true, false]);
  });

  it("never shows a position of the chosen one without accuracy and age", () => {
    const { board, open, draw } = panelOf([officerOf("1", { fix: officerFix(200, { accuracy_m: 24.4, is_late: true }) })]);
    open();
    board.choose("1", false);
    const place = draw().querySelector("[data-testid=officer-place]")!.textContent;
    expect(place).toContain("±24 m");
    expect(place).toContain("3 min 20 s ago");
    expect(place).toContain("arrived late");
  });

  it("leads to the live picture of who is live", () => {
    const { board, open, draw } = panelOf([officerOf("1", { session_id: "1" })]);
    open();
    board.choose("1", false);
    draw().querySelector<HTMLButtonElement>("[data-testid=officer-watch]")!.click();
    expect(chooseSession).toHaveBeenCalledWith("1");
  });

  it("narrows list and count by status and words", () => {
    const { open, draw } = panelOf([officerOf("1"), officerOf("2", { status: "at_scene" })]);
    const root = open();
    root.querySelector<HTMLButtonElement>("[data-testid=officers-at_scene]")!.click();
    expect(draw().querySelectorAll("[data-testid=officer-row]")).toHaveLength(1);
    expect(root.querySelector("[data-testid=officers-count]")!.textContent).toBe("1 of 2");
    const search = root.querySelector<HTMLInputElement>("[data-testid=officers-search]")!;
    search.value = "nobody";
    search.dispatchEvent(new Event("input"));
    expect(draw().textContent).toContain("Nobody like that is on duty");
  });

  it("draws a part of a long list, and more when asked", () => {
    const { open, draw } = panelOf(Array.from({ length: 300 }, (_, index) => officerOf(String(index))));
    const root = open();
    expect(root.querySelectorAll("[data-testid=officer-row]")).toHaveLength(ROWS);
    root.querySelector<HTMLButtonElement>("[data-testid=officers-more]")!.click();
    expect(draw().querySelectorAll("[data-testid=officer-row]")).toHaveLength(2 * ROWS);
  });

  it("says since when it is old while the line is lost", () => {
    const { store, open, draw } = panelOf([officerOf("1")]);
    open();
    store.dispatch({ type: "line", state: "waiting", code: 4012 });
    const root = draw();
    expect(root.querySelector("[data-testid=officers-note]")!.textContent).toMatch(/^Not connected: as of \d\d:\d\d:\d\d$/);
    expect(root.querySelector(".duty-age")!.className).toContain("is-stale");
  });
});
