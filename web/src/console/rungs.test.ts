import { describe, expect, it } from "vitest";
import type { Rung, RungReason, SessionSummary, StillView } from "../signalling/messages";
import { reduce } from "./reduce";
import { isDegraded, isOutdated, isWithoutVideo, rungPhrase } from "./rungs";
import { before, liveSession, NOON, snapshotOf, stateWith } from "./samples";
import { tileTruth, type TileFacts, type WatchStatus } from "./tiletruth";

const FROZEN: WatchStatus = { phase: "connected", lastFrameAt: NOON - 40_000, needsTap: false, fault: null };
const still = (seconds: number, change: Partial<StillView> = {}): StillView => ({
  id: `still-${seconds}`, purpose: "ladder", ask_id: null, item_id: null, taken_at: before(seconds), received_at: before(seconds - 1),
  width: 320, height: 180, sha256: "", bytes: 5_000, url: `/stills/${seconds}`, ...change,
});

function on(rung: Rung, reason: RungReason, change = {}): SessionSummary {
  const stream = { ...liveSession("1").stream!, state: "stalled" as const, stalled_at: before(40) };
  return liveSession("1", { stream, rung: { rung, reason, at: before(60) }, ...change });
}

function truth(session: SessionSummary, change: Partial<TileFacts> = {}): ReturnType<typeof tileTruth> {
  return tileTruth({ session, watch: FROZEN, still: still(4), isSynced: true, now: NOON, clockOffset: 0, shownSince: NOON - 60_000, ...change });
}

describe("a still", () => {
  it("is never called live, and says its age and why", () => {
    expect(truth(on("stills", "very_slow_uplink"))).toEqual({
      tone: "warning", label: "STILL, 4 s ago",
      detail: "Stills since 11:59:00: the phone’s connection is too slow for video",
    });
  });

  it("does not give way to video that trickles in late, or on trial, before the phone has proven it", () => {
    const session = on("stills", "very_slow_uplink", { stream: liveSession("1").stream });
    expect(truth(session, { watch: { ...FROZEN, lastFrameAt: NOON - 40 } }).label).toBe("STILL, 4 s ago");
  });

  it("stays with its age when stills fail, when the phone dies, and when this console is cut off", () => {
    expect(truth(on("position", "stills_fail"), { still: still(50) })).toMatchObject({ label: "STILL, 50 s ago" });
    const lost = { progress: { step: "connection_lost", reason: "", at: before(9) } };
    expect(truth(on("stills", "slow_uplink", lost)).detail).toBe("The phone is not heard any more");
    expect(truth(on("stills", "slow_uplink"), { isSynced: false }).detail).toBe("Sightline is not connected");
  });

  it("that has not come yet is not claimed", () => {
    expect(truth(on("stills", "no_media_path"), { still: null }).label).toBe("NO STILL YET");
    expect(truth(on("text", "no_position"), { still: null }).label).toBe("NO PICTURE");
  });

  it("whose phone has a clock ahead of ours is not from the future", () => {
    expect(truth(on("stills", "slow_uplink"), { still: still(4, { taken_at: before(-900) }) }).label).toBe("STILL, 3 s ago");
  });

  it("of an older hour, or that an operator asked for, does not replace the newest", () => {
    const taken = (one: StillView) => ({ type: "wire", message: { type: "still.taken", session_id: "1", still: one, topic: "console", seq: 1 }, at: NOON }) as const;
    const state = [still(9), still(4), still(7), still(1, { purpose: "asked" })].map(taken).reduce(reduce, stateWith(liveSession("1")));
    expect(state.ladderStills["1"]?.id).toBe("still-4");
  });
});

describe("a still of video that was stopped", () => {
  const ending = (end_reason: string): SessionSummary =>
    on("stills", "very_slow_uplink", { stream: { ...liveSession("1").stream!, state: "ended", ended_at: before(5), end_reason } });
  const changed = (session: SessionSummary) =>
    ({ type: "wire", message: { type: "session.changed", session, topic: "console", seq: 1 }, at: NOON }) as const;
  const taken = { type: "wire", message: { type: "still.taken", session_id: "1", still: still(4), topic: "console", seq: 1 }, at: NOON } as const;

  it.each(["stopped", "consent_withdrawn", "session_over"])("goes from the tile, which says that it was %s", (reason) => {
    expect(truth(ending(reason))).toMatchObject({ tone: "off", label: "PICTURE ENDED" });
    expect(truth(ending(reason)).detail).toContain("11:59:55 · ");
    expect([isWithoutVideo(ending(reason)), isDegraded(ending(reason)), isOutdated(ending(reason))]).toEqual([false, false, true]);
  });

  it.each(["silent", "hangup", "never_live", "replaced"])("stays while the phone goes on without it (%s)", (reason) => {
    expect(truth(ending(reason)).label).toBe("STILL, 4 s ago");
    const state = [taken, changed(ending(reason))].reduce(reduce, stateWith(on("stills", "slow_uplink")));
    expect(state.ladderStills["1"]?.id).toBe("still-4");
  });

  it("does not come back late, nor with the next video", () => {
    const again = on("stills", "very_slow_uplink", { stream: { ...liveSession("1").stream!, id: "s-2", state: "connecting" } });
    const state = [taken, changed(ending("stopped")), taken, changed(again)].reduce(reduce, stateWith(on("stills", "slow_uplink")));
    expect(state.ladderStills).toEqual({});
    expect(truth(again, { still: null }).label).toBe("NO STILL YET");
  });

  it("is gone, too, when the page hears of the stop by a snapshot alone", () => {
    const state = reduce(reduce(stateWith(on("stills", "slow_uplink")), taken), { type: "wire", message: snapshotOf(ending("stopped")), at: NOON });
    expect(state.ladderStills).toEqual({});
  });

  it("is gone where the consent is, whatever became of the stream", () => {
    expect(isWithoutVideo(on("stills", "very_slow_uplink", { state: "opened" }))).toBe(false);
  });
});

describe("a rung", () => {
  it("is no trouble of the line when the camera is off, or the session over", () => {
    expect(isDegraded(on("position", "camera_off"))).toBe(false);
    expect(isDegraded(on("stills", "slow_uplink", { state: "ended" }))).toBe(false);
    expect(truth(on("position", "camera_off"), { watch: null }).label).toBe("NO SIGNAL");
  });

  it("with a small picture is degraded, and still a live one", () => {
    const small = on("video_low", "slow_uplink", { stream: liveSession("1").stream });
    expect([isDegraded(small), isWithoutVideo(small)]).toEqual([true, false]);
    expect(truth(small, { watch: { ...FROZEN, lastFrameAt: NOON - 40 } }).label).toBe("LIVE");
    expect(rungPhrase(small.rung!)).toBe("Small picture since 11:59:00: the phone’s connection is slow");
  });
});
