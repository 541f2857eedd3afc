import { describe, expect, it } from "vitest";

import { LATE_MS, pictureDelay, SENDING_KNOWN_MS, type DelayFacts, type DelayWords } from "./picturedelay";
import { NOON } from "./samples";
import type { WatchStatus } from "./tiletruth";

const WATCH: WatchStatus = { phase: "connected", lastFrameAt: NOON, needsTap: false, fault: null, receiving_ms: 120 };
const SENDING = { sending_ms: 80, at: NOON - 1_000 };

function delay(change: Partial<DelayFacts> = {}): DelayWords {
  return pictureDelay({ sending: SENDING, watch: WATCH, now: NOON, limit: LATE_MS, isDrone: false, ...change });
}

describe("the delay of a picture", () => {
  it("is unknown while either end has not said its part, or said it too long ago", () => {
    const old = { ...SENDING, at: NOON - SENDING_KNOWN_MS - 1 };
    for (const change of [{ sending: undefined }, { watch: null }, { watch: { ...WATCH, receiving_ms: null } }, { sending: old }]) {
      expect(delay(change)).toEqual({ ms: null, isLate: false, text: "delay unknown" });
    }
  });

  it("is what both ends measured", () => {
    expect(delay()).toEqual({ ms: 200, isLate: false, text: "0.2 s delay" });
    expect(delay({ isDrone: true })).toEqual({ ms: 200, isLate: false, text: "0.2 s delay" });
  });

  it("is marked over the force's limit", () => {
    expect(delay({ sending: { ...SENDING, sending_ms: LATE_MS } })).toMatchObject({ isLate: true, text: "2.2 s delay" });
    expect(delay({ sending: { ...SENDING, sending_ms: LATE_MS - 120 } }).isLate).toBe(false);
    expect(delay({ limit: 199 }).isLate).toBe(true);
  });

  it("is of a drone that measures nothing what is known, said as a part, and marked when that alone is over the limit", () => {
    expect(delay({ sending: undefined, isDrone: true })).toEqual({ ms: null, isLate: false, text: "0.2 s from the server, before it unknown" });
    expect(delay({ sending: undefined, isDrone: true, limit: 100 }).isLate).toBe(true);
    expect(delay({ watch: null, isDrone: true }).text).toBe("delay unknown");
  });
});
