import { describe, expect, it } from "vitest";

import type { OfficerView } from "../signalling/messages";
import { EVERYBODY, OfficerBook } from "./officerbook";
import { before, officerFix, officerOf } from "./samples";

function bookOf(...officers: OfficerView[]): OfficerBook {
  const book = new OfficerBook();
  book.take({ type: "officers.snapshot", now: before(0), officers, seqs: {} });
  return book;
}

describe("the book of officers", () => {
  it("moves those who are known, and never back in time", () => {
    const book = bookOf(officerOf("1"));
    const newer = officerFix(1);
    book.take({ type: "officers.moved", officers: [{ id: "1", fix: newer }, { id: "9", fix: newer }], topic: "officers", seq: 2 });
    book.take({ type: "officers.moved", officers: [{ id: "1", fix: officerFix(30, { is_late: true }) }], topic: "officers", seq: 3 });
    expect(book.find("1")?.fix).toBe(newer);
    expect(book.size).toBe(1);
  });

  it("says that a position is doubtful, and leaves the place, until the next that is believed", () => {
    const known = officerFix(9);
    const book = bookOf(officerOf("1", { fix: known }));
    book.take({ type: "officer.doubtful", id: "1", at: before(3), topic: "officers", seq: 2 });
    book.take({ type: "officer.doubtful", id: "9", at: before(3), topic: "officers", seq: 3 });
    expect(book.find("1")).toMatchObject({ fix: known, doubt_at: before(3) });
    book.take({ type: "officers.moved", officers: [{ id: "1", fix: officerFix(1) }], topic: "officers", seq: 4 });
    expect(book.find("1")?.doubt_at).toBeNull();
  });

  it("keeps the newer position when the rest of an officer changes, and none of an earlier shift", () => {
    const book = bookOf(officerOf("1", { fix: officerFix(1) }));
    book.take({ type: "officer.on_duty", officer: officerOf("1", { status: "at_scene", fix: officerFix(20) }), topic: "officers", seq: 2 });
    expect(book.find("1")).toMatchObject({ status: "at_scene", fix: officerFix(1) });
    book.take({ type: "officer.on_duty", officer: officerOf("1", { began_at: before(1), fix: null }), topic: "officers", seq: 3 });
    expect(book.find("1")?.fix).toBeNull();
  });

  it("knows nobody who is off duty, or who is not in the newest snapshot", () => {
    const book = bookOf(officerOf("1"), officerOf("2"));
    book.take({ type: "officer.off_duty", id: "1", at: before(0), topic: "officers", seq: 2 });
    expect(book.find("1")).toBeUndefined();
    book.take({ type: "officers.snapshot", now: before(0), officers: [officerOf("3")], seqs: {} });
    expect(book.shown(EVERYBODY).map(({ id }) => id)).toEqual(["3"]);
  });

  it("keeps a shift that began after the one whose end is heard late", () => {
    const book = bookOf(officerOf("1", { began_at: before(10) }));
    book.take({ type: "officer.off_duty", id: "1", at: before(11), topic: "officers", seq: 2 });
    expect(book.find("1")).toBeDefined();
    book.take({ type: "officer.off_duty", id: "1", at: before(10), topic: "officers", seq: 3 });
    expect(book.find("1")).toBeUndefined();
  });

  it("filters by status, skill and words, and lists by name", () => {
    const book = bookOf(
      officerOf("1", { name: "Zoe Hart", skills: ["Taser"] }),
      officerOf("2", { name: "Amir Khan", number: "447", status: "en_route", skills: ["Dog", "Taser"] }),
      officerOf("3", { name: "Beth Cole", status: "at_scene", team: "Roads" }),
    );
    const names = (change: Partial<typeof EVERYBODY>): string[] => book.shown({ ...EVERYBODY, ...change }).map(({ name }) => name);
    expect(names({})).toEqual(["Amir Khan", "Beth Cole", "Zoe Hart"]);
    expect(names({ skill: "Taser" })).toEqual(["Amir Khan", "Zoe Hart"]);
    expect(names({ skill: "Taser", statuses: ["available"] })).toEqual(["Zoe Hart"]);
    expect(names({ search: " 447 kh" })).toEqual([]);
    expect(names({ search: "447 am" })).toEqual(["Amir Khan"]);
    expect(names({ search: "roads" })).toEqual(["Beth Cole"]);
    expect(book.skills()).toEqual(["Dog", "Taser"]);
    expect(book.counts()).toEqual({ available: 1, en_route: 1, at_scene: 1 });
  });
});
