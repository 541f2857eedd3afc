import { describe, expect, it, vi } from "vitest";
import { hasTorch, setTorch } from "./torch";

function track(parts: object): MediaStreamTrack {
  return parts as MediaStreamTrack;
}

describe("the lamp", () => {
  it("test_camera_with_a_lamp_is_told_from_one_without", () => {
    expect(hasTorch(track({ getCapabilities: () => ({ torch: true }) }))).toBe(true);
    expect(hasTorch(track({ getCapabilities: () => ({}) }))).toBe(false);
    expect(hasTorch(track({}))).toBe(false);
    expect(hasTorch(null)).toBe(false);
  });

  it("test_lamp_that_does_not_obey_counts_as_off", async () => {
    const obeys = vi.fn(() => Promise.resolve());
    expect(await setTorch(track({ applyConstraints: obeys }), true)).toBe(true);
    expect(obeys).toHaveBeenCalledWith({ advanced: [{ torch: true }] });
    expect(await setTorch(track({ applyConstraints: () => Promise.reject(new Error("no")) }), true)).toBe(false);
  });
});
