import { beforeEach, describe, expect, it } from "vitest";
import { UploadMemory, uploadMemory } from "./upload_memory";

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
});

describe("UploadMemory", () => {
  it("test_memory_in_safe_mode_leaves_nothing_on_the_phone", () => {
    uploadMemory("s1", true).keep("film.mp4", "/live/uploads/1/");
    expect(localStorage).toHaveLength(0);
    expect(uploadMemory("s1", true).read("film.mp4")).toBe("/live/uploads/1/");
  });

  it("test_memory_of_another_session_is_not_read_and_goes", () => {
    uploadMemory("s1", false).keep("film.mp4", "/live/uploads/1/");
    const memory = uploadMemory("s2", false);
    expect(memory.read("film.mp4")).toBeNull();
    memory.dropOthers();
    expect(localStorage).toHaveLength(0);
  });

  it("test_memory_that_the_browser_refuses_costs_nothing_but_the_resuming", () => {
    const memory = new UploadMemory("s1", () => {
      throw new DOMException("no storage", "SecurityError");
    });
    memory.keep("film.mp4", "/live/uploads/1/");
    memory.dropAll();
    expect(memory.read("film.mp4")).toBeNull();
  });

  it("test_memory_outlives_the_tab_until_its_session_ends", () => {
    uploadMemory("s1", false).keep("film.mp4", "/live/uploads/1/");
    sessionStorage.clear(); // what closing the tab does
    localStorage.setItem("sightline-stopped", "s0");
    const memory = uploadMemory("s1", false);
    memory.dropOthers();
    expect(memory.read("film.mp4")).toBe("/live/uploads/1/");
    memory.dropAll();
    expect(memory.read("film.mp4")).toBeNull();
    expect(localStorage.getItem("sightline-stopped")).toBe("s0");
  });
});
