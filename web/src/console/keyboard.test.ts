import { describe, expect, it } from "vitest";

import { isTyping, keyAct, rovingTarget, SINGLE_KEYS, type KeyPress } from "./keyboard";

function pressed(key: string, change: Partial<KeyPress> = {}): KeyPress {
  return { key, code: `Key${key.toUpperCase()}`, altKey: false, ctrlKey: false, metaKey: false, target: document.body, ...change };
}

describe("a letter alone", () => {
  it("does nothing where somebody types, with Ctrl, or where letters are switched off", () => {
    for (const name of ["input", "textarea", "select"]) {
      expect(keyAct(pressed("b", { target: document.createElement(name) }), true)).toBeNull();
    }
    expect(keyAct(pressed("b", { ctrlKey: true }), true)).toBeNull();
    expect(keyAct(pressed("b", { metaKey: true }), true)).toBeNull();
    for (const key of Object.keys(SINGLE_KEYS)) expect(keyAct(pressed(key), false)).toBeNull();
  });

  it("acts anywhere else, large or small", () => {
    expect([keyAct(pressed("b"), true), keyAct(pressed("B"), true), keyAct(pressed("?"), true)]).toEqual(["picture", "picture", "help"]);
    expect(keyAct(pressed("x"), true)).toBeNull();
    expect(isTyping(document.createElement("button"))).toBe(false);
    expect(isTyping(null)).toBe(false);
  });
});

describe("a key with Alt", () => {
  it("acts while somebody types, too, whatever letter it writes", () => {
    expect(keyAct(pressed("ñ", { altKey: true, code: "KeyN", target: document.createElement("textarea") }), false)).toBe("new");
    expect(keyAct(pressed("b", { altKey: true, ctrlKey: true }), true)).toBeNull();
  });
});

describe("an arrow", () => {
  it("leads to a neighbour and stays at the edge", () => {
    expect([rovingTarget("ArrowDown", 0, 3), rovingTarget("ArrowDown", 2, 3), rovingTarget("ArrowUp", 0, 3)]).toEqual([1, 2, 0]);
    expect([rovingTarget("Home", 2, 3), rovingTarget("End", 0, 3), rovingTarget("ArrowRight", 0, 3)]).toEqual([0, 2, null]);
    expect([rovingTarget("ArrowDown", 1, 9, 3), rovingTarget("ArrowRight", 1, 9, 3), rovingTarget("ArrowUp", 4, 9, 3)]).toEqual([4, 2, 1]);
  });

  it("leads nowhere when nothing has the focus", () => {
    expect([rovingTarget("ArrowDown", -1, 3), rovingTarget("a", 0, 3), rovingTarget("Home", 0, 0)]).toEqual([null, null, null]);
  });
});
