import { describe, expect, it, vi } from "vitest";
import { rememberHere, wasHere } from "./here_memory";

describe("here_memory", () => {
  it("test_tab_that_left_remembers_nothing", () => {
    rememberHere("s1");
    expect(wasHere()).toBe(true);
    rememberHere(null);
    expect(wasHere()).toBe(false);
  });

  it("test_browser_that_keeps_nothing_costs_a_tap_and_no_more", () => {
    vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
      throw new Error("off");
    });
    vi.spyOn(Storage.prototype, "getItem").mockImplementation(() => {
      throw new Error("off");
    });
    rememberHere("s1");
    expect(wasHere()).toBe(false);
  });
});
