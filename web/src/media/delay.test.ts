import { describe, expect, it } from "vitest";

import { OneWay } from "./delay";
import { ReceivingMeter } from "./receiving_delay";
import { SendingMeter } from "./sending_delay";

const pair = (seconds: number): Record<string, unknown> => ({ type: "candidate-pair", nominated: true, state: "succeeded", currentRoundTripTime: seconds });

describe("a way", () => {
  it("is half of the shortest round trip, and all that a longer one adds", () => {
    const way = new OneWay();
    expect([way.take(60), way.take(40), way.take(540)]).toEqual([30, 20, 520]);
  });
});

describe("the sending leg", () => {
  const sent = (frames: number): Record<string, unknown> => ({
    type: "outbound-rtp", kind: "video", framesEncoded: frames, totalEncodeTime: frames * 0.01, packetsSent: frames * 4, totalPacketSendDelay: frames * 4 * 0.005,
  });

  it("is unknown without a round trip, without pictures, and while none is added", () => {
    const meter = new SendingMeter();
    expect(meter.take([sent(10)])).toBeNull();
    expect(meter.take([pair(0.04)])).toBeNull();
    expect(meter.take([sent(30), pair(0.04)])).toBe(35);
    expect(meter.take([sent(30), pair(0.04)])).toBeNull();
  });

  it("goes by the media server's reports where there are any", () => {
    const report = { type: "remote-inbound-rtp", kind: "video", roundTripTime: 0.1 };
    expect(new SendingMeter().take([sent(30), pair(0.04), report])).toBe(65);
  });
});

describe("the receiving leg", () => {
  const received = (frames: number): Record<string, unknown> => ({ type: "inbound-rtp", kind: "video", framesDecoded: frames, totalProcessingDelay: frames * 0.03 });

  it("is the middle of what the presented pictures waited, and the way", () => {
    const meter = new ReceivingMeter();
    for (const waited of [20, 25, 900]) meter.presented({ receiveTime: 1000, expectedDisplayTime: 1000 + waited });
    expect(meter.take([received(3), pair(0.02)])).toBe(35);
  });

  it("goes by the counted time where the browser does not say more, and is unknown without pictures", () => {
    const meter = new ReceivingMeter();
    expect(meter.take([received(30), pair(0.02)])).toBe(40);
    expect(meter.take([received(30), pair(0.02)])).toBeNull();
    expect(meter.take([received(60)])).toBeNull();
  });
});
