import { describe, expect, it, vi } from "vitest";
import { NO_UPLINK, type Uplink } from "../media/uplink";
import type { Publisher } from "../media/publisher";
import type { Reception } from "../media/reception";
import { LineLadder } from "./lineladder";

const GOOD: Uplink = { path: "up", available_bps: 2_000_000, frames: 25, isTopSent: true, rtt_ms: 20, lost: 0 };

function setUp(camera: { camera: "on" | "off"; isPaused: boolean } = { camera: "on", isPaused: false }) {
  let uplink: Uplink = GOOD;
  let lost = 0;
  let received = 0;
  let isLossy = false;
  const send = vi.fn();
  const changed = vi.fn();
  const publisher = { send, measure: () => Promise.resolve(uplink) } as unknown as Publisher;
  const stats = (): Promise<Map<string, unknown>> => {
    received += 100;
    if (isLossy) lost += 50;
    return Promise.resolve(new Map([["1", { type: "inbound-rtp", packetsLost: lost, packetsReceived: received }]]));
  };
  const reception = { stats } as unknown as Reception;
  const ladder = new LineLadder({
    publisher: () => publisher, reception: () => reception, camera: () => camera, onChange: changed,
  });
  let at = 0;
  const go = async (seconds: number): Promise<void> => {
    for (let second = 0; second < seconds; second += 1) await ladder.tick((at += 1_000));
  };
  return { ladder, go, send, changed, become: (now: Uplink) => (uplink = now), lose: () => (isLossy = true) };
}

describe("LineLadder", () => {
  it("test_weak_way_out_is_voice_only_and_is_told", async () => {
    const { ladder, go, send, changed, become } = setUp();
    await go(5);
    expect(ladder.rung).toBe("video");
    become({ ...NO_UPLINK });
    await go(6);
    expect([ladder.rung, send.mock.calls.at(-1)]).toEqual(["voice", ["nothing"]]);
    expect(changed).toHaveBeenCalledTimes(2);
  });

  it("test_weak_way_in_shows_less_of_others_and_does_not_touch_the_own_picture", async () => {
    const { ladder, go, lose } = setUp();
    await go(3);
    lose();
    await go(5);
    expect([ladder.step, ladder.rung]).toEqual(["low", "video"]);
  });

  it("test_camera_that_is_off_by_choice_is_no_weak_line", async () => {
    const { ladder, go } = setUp({ camera: "off", isPaused: false });
    await go(3);
    expect(ladder.rung).toBe("");
  });

  it("test_call_that_was_left_begins_anew", async () => {
    const { ladder, go, lose } = setUp();
    lose();
    await go(20);
    ladder.stop();
    expect([ladder.step, ladder.rung]).toEqual(["all", ""]);
  });
});
