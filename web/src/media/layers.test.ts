import { describe, expect, it, vi } from "vitest";
import { CALL, choose, encodingsFor, hasLayers, limitSound, PHONE_CALL, SCREEN } from "./layers";

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

  it.each([["call", CALL], ["phone", PHONE_CALL]] as const)("test_layers_of_a_%s_fit_below_the_cap_of_a_calls_room", (_name, layers) => {
    const encodings = encodingsFor("all", true, layers);
    expect(encodings.map((one) => one.rid).join("")).toBe("hml");
    expect(encodings.reduce((sum, one) => sum + (one.maxBitrate ?? Infinity), 0)).toBeLessThanOrEqual(1_600_000);
  });

  it("test_screen_is_sent_once_and_whole_by_every_browser", () => {
    for (const isLayered of [true, false]) {
      expect(encodingsFor("lower", isLayered, SCREEN)).toEqual([{ active: true, maxBitrate: 1_200_000, maxFramerate: 8, scaleResolutionDownBy: 1 }]);
    }
    expect(encodingsFor("nothing", true, SCREEN)).toMatchObject([{ active: false }]);
  });

  it("test_voice_alone_is_sent_with_less_and_a_browser_without_encodings_goes_on", async () => {
    const encodings: RTCRtpEncodingParameters[] = [{ active: true }];
    const setParameters = vi.fn().mockResolvedValue(undefined);
    const sender = { getParameters: () => ({ encodings }), setParameters } as unknown as RTCRtpSender;
    await limitSound(sender, "alone");
    expect(encodings).toEqual([{ active: true, maxBitrate: 24_000 }]);
    encodings.length = 0;
    await limitSound(sender, "beside");
    expect(setParameters).toHaveBeenCalledOnce();
  });

  it("test_sender_that_was_made_with_another_plan_gets_the_new_ones_rates", async () => {
    const encodings = encodingsFor("all", true, CALL);
    const setParameters = vi.fn().mockResolvedValue(undefined);
    await choose({ getParameters: () => ({ encodings }), setParameters } as unknown as RTCRtpSender, "lower", PHONE_CALL);
    expect(encodings.map(({ active, maxBitrate }) => [active, maxBitrate])).toEqual([[false, 450_000], [true, 150_000], [true, 60_000]]);
    expect(setParameters).toHaveBeenCalledOnce();
  });
});
