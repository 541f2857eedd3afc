import { describe, expect, it, vi } from "vitest";
import { rememberHere, wasHere } from "./here_memory";

describe("here_memory", () => {
  it("test_tab_that_left_remembers_nothing", () => {
    rememberHere("s1");
    expect([wasHere(), wasHere("s1"), wasHere("s2")]).toEqual([true, true, false]);
    rememberHere(null);
    expect(wasHere()).toBe(false);
  });

  it("test_browser_that_keeps_nothing_costs_a_tap_and_no_more", () => {
    const off = (): never => {
      throw new Error("off");
    };
    vi.stubGlobal("sessionStorage", { getItem: off, setItem: off, removeItem: off });
    rememberHere("s1");
    expect(wasHere()).toBe(false);
    vi.unstubAllGlobals();
  });
});
