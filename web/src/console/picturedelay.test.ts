import { describe, expect, it } from "vitest";

import { LATE_MS, pictureDelay, SENDING_KNOWN_MS } from "./picturedelay";
import { NOON } from "./samples";
import type { WatchStatus } from "./tiletruth";

const WATCH: WatchStatus = { phase: "connected", lastFrameAt: NOON, needsTap: false, fault: null, receiving_ms: 120 };
const SENDING = { sending_ms: 80, at: NOON - 1_000 };

describe("the delay of a picture", () => {
  it("is unknown while either end has not said its part, or said it too long ago", () => {
    for (const delay of [
      pictureDelay(undefined, WATCH, NOON), pictureDelay(SENDING, null, NOON), pictureDelay(SENDING, { ...WATCH, receiving_ms: null }, NOON),
      pictureDelay({ ...SENDING, at: NOON - SENDING_KNOWN_MS - 1 }, WATCH, NOON),
    ]) expect(delay).toEqual({ ms: null, isLate: false, text: "delay unknown" });
  });

  it("is what both ends measured", () => {
    expect(pictureDelay(SENDING, WATCH, NOON)).toEqual({ ms: 200, isLate: false, text: "0.2 s delay" });
  });

  it("is marked over the limit", () => {
    expect(pictureDelay({ ...SENDING, sending_ms: LATE_MS }, WATCH, NOON)).toMatchObject({ isLate: true, text: "2.2 s delay" });
    expect(pictureDelay({ ...SENDING, sending_ms: LATE_MS - 120 }, WATCH, NOON).isLate).toBe(false);
  });
});
