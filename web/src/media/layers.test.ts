import { describe, expect, it, vi } from "vitest";
import { encodingsFor, hasLayers } from "./layers";

describe("layers", () => {
  it("test_phone_with_h264_alone_or_an_old_browser_sends_one_layer", () => {
    expect(hasLayers()).toBe(false);
    vi.stubGlobal("RTCRtpSender", { getCapabilities: () => ({ codecs: [{ mimeType: "video/H264" }] }) });
    expect(hasLayers()).toBe(false);
    vi.stubGlobal("RTCRtpSender", { getCapabilities: () => ({ codecs: [{ mimeType: "video/H264" }, { mimeType: "video/VP8" }] }) });
    expect(hasLayers()).toBe(true);
    vi.unstubAllGlobals();
  });

  it("test_single_layer_shrinks_instead_and_ceases", () => {
    const scales = (["all", "lower", "lowest"] as const).map((one) => encodingsFor(one, false)[0]?.scaleResolutionDownBy);
    expect(scales).toEqual([1, 2, 4]);
    expect(encodingsFor("nothing", false)).toMatchObject([{ active: false }]);
  });

  it("test_layers_together_leave_room_below_the_cap_of_the_room", () => {
    const total = encodingsFor("all", true).reduce((sum, one) => sum + (one.maxBitrate ?? Infinity), 0);
    expect(total).toBeLessThanOrEqual(2_600_000);
  });
});
