import { describe, expect, it } from "vitest";
import { UplinkMeter } from "./uplink";

const pair = { id: "P", type: "candidate-pair", nominated: true, state: "in-progress", availableOutgoingBitrate: 90_000, currentRoundTripTime: 0.5 };
const layer = (rid: string, framesSent: number) => ({ id: `O${rid}`, type: "outbound-rtp", kind: "video", rid, framesSent });
const loss = (id: string, fractionLost: number) => ({ id, type: "remote-inbound-rtp", kind: "video", fractionLost });

describe("UplinkMeter", () => {
  it("test_meter_counts_no_frames_of_the_past", () => {
    const read = new UplinkMeter().read([pair, layer("h", 900)], true, 0);
    expect(read).toMatchObject({ frames: 0, isTopSent: false, path: "up" });
  });

  it("test_meter_reads_rates_by_layer_and_the_worst_loss", () => {
    const meter = new UplinkMeter();
    meter.read([pair, layer("h", 10), layer("l", 10)], true, 0);
    const read = meter.read([pair, layer("h", 10), layer("l", 40), loss("a", 0), loss("b", 0.4)], true, 2_000);
    expect(read).toEqual({ path: "up", available_bps: 90_000, frames: 15, isTopSent: false, rtt_ms: 500, lost: 0.4 });
  });

  it("test_meter_takes_the_pair_that_is_in_use_though_its_checks_go_unanswered", () => {
    const idle = { id: "Q", type: "candidate-pair", nominated: true, state: "succeeded" };
    expect(new UplinkMeter().read([idle, pair], true, 0).available_bps).toBe(90_000);
  });

  it("test_meter_of_a_single_layer_asks_for_room_as_well", () => {
    const meter = new UplinkMeter();
    const single = (framesSent: number) => ({ id: "O", type: "outbound-rtp", kind: "video", framesSent });
    meter.read([pair, single(0)], true, 0);
    expect(meter.read([pair, single(25)], true, 1_000).isTopSent).toBe(false);
    expect(meter.read([{ ...pair, availableOutgoingBitrate: 900_000 }, single(50)], true, 2_000).isTopSent).toBe(true);
  });

  it("test_meter_of_a_connection_that_is_not_up_says_no_path", () => {
    expect(new UplinkMeter().read([], false, 0)).toMatchObject({ path: "none", available_bps: null, lost: null });
  });
});
