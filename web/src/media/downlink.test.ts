import { describe, expect, it } from "vitest";
import { DownlinkMeter } from "./downlink";

const line = (packetsLost: number, packetsReceived: number, more: object = {}): object => ({
  type: "inbound-rtp", kind: "video", packetsLost, packetsReceived, ...more,
});

describe("DownlinkMeter", () => {
  it("test_first_look_blames_nobody_for_what_was_lost_before", () => {
    expect(new DownlinkMeter().read([line(500, 1_000, { freezeCount: 9 })])).toMatchObject({ lost: null, freezes: 0 });
  });

  it("test_loss_is_that_of_the_last_second_and_of_all_lines", () => {
    const meter = new DownlinkMeter();
    meter.read([line(0, 100), line(10, 100)]);
    expect(meter.read([line(5, 140), line(15, 150, { freezeCount: 1 })])).toMatchObject({ lost: 0.1, freezes: 1 });
  });

  it("test_lines_that_went_away_make_no_negative_loss", () => {
    const meter = new DownlinkMeter();
    meter.read([line(50, 100), line(0, 100)]);
    expect(meter.read([line(0, 150)])).toMatchObject({ lost: null });
  });

  it("test_levels_are_told_by_line_and_room_by_the_pair_in_use", () => {
    const stats = [
      line(0, 1, { kind: "audio", mid: "3", audioLevel: 0.4 }),
      { type: "candidate-pair", nominated: true, availableIncomingBitrate: 90_000 },
      { type: "candidate-pair", nominated: false, availableIncomingBitrate: 1 },
    ];
    const found = new DownlinkMeter().read(stats);
    expect([[...found.levels], found.available_bps]).toEqual([[["3", 0.4]], 90_000]);
  });
});
