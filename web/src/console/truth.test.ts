import { describe, expect, it } from "vitest";

import { funnelOf } from "./funnel";
import type { StreamState } from "../signalling/messages";
import { before, fixAt, liveSession, NOON, sessionOf } from "./samples";
import { tileTruth, type TileFacts, type WatchStatus } from "./tiletruth";
import { clock, clockWithDay, counter, duration } from "./times";

const PLAYING: WatchStatus = { phase: "connected", lastFrameAt: NOON - 40, needsTap: false, fault: null };

function truth(change: Partial<TileFacts> = {}): ReturnType<typeof tileTruth> {
  return tileTruth({ session: liveSession("1"), watch: PLAYING, still: null, isSynced: true, now: NOON, clockOffset: 0, shownSince: NOON - 60_000, ...change });
}

function streamIn(state: StreamState, change = {}): TileFacts["session"] {
  return liveSession("1", { stream: { ...liveSession("1").stream!, state, ...change } });
}

describe("a picture is LIVE", () => {
  it("when the server says so and frames are presented", () => expect(truth().label).toBe("LIVE"));

  it.each(["admitted", "connecting"] as const)("not while the stream is %s", (state) => {
    expect(truth({ session: streamIn(state) }).tone).toBe("waiting");
  });

  it("not while nothing was presented, though the server says live", () => {
    expect(truth({ watch: { ...PLAYING, lastFrameAt: null } }).label).toBe("CONNECTING");
    expect(truth({ watch: null }).label).toBe("CONNECTING");
  });

  it("not while the console is disconnected, though frames come", () => {
    expect(truth({ isSynced: false }).label).toBe("UNCONFIRMED");
  });

  it("not when the phone is silent for the server", () => {
    const stalled = truth({ session: streamIn("stalled", { stalled_at: before(8) }) });
    expect(stalled).toMatchObject({ tone: "warning", label: "NO SIGNAL", detail: "Nothing from the phone since 11:59:52, 8 s ago" });
  });
});

describe("what the caller's page said", () => {
  const told = (step: "camera_muted" | "camera_unmuted" | "page_hidden" | "page_visible", change = {}): TileFacts["session"] =>
    liveSession("1", { progress: { step, reason: "", at: before(4) }, ...change });

  it("of a paused camera takes LIVE away, though frames come, and its end gives it back", () => {
    expect(truth({ session: told("camera_muted") })).toMatchObject({ tone: "warning", label: "PAUSED" });
    expect(truth({ session: told("camera_muted") }).detail).toContain("11:59:56");
    expect(truth({ session: told("camera_unmuted") })).toEqual({ tone: "live", label: "LIVE", detail: "" });
  });

  it("of a page in the background stands with the picture, and with the loss of it", () => {
    expect(truth({ session: told("page_hidden") }).detail).toBe("The caller’s page is in the background");
    const stalled = truth({ session: told("page_hidden", { stream: { ...liveSession("1").stream!, state: "stalled", stalled_at: before(8) } }) });
    expect(stalled.detail).toBe("Nothing from the phone since 11:59:52, 8 s ago: the caller’s page is in the background");
    expect(truth({ session: told("page_visible") }).detail).toBe("");
  });
});

describe("a frozen picture", () => {
  it("says since when", () => {
    const frozen = truth({ watch: { ...PLAYING, lastFrameAt: NOON - 8_000 } });
    expect(frozen).toEqual({ tone: "warning", label: "FROZEN", detail: "Picture frozen since 11:59:52, 8 s ago" });
  });

  it("says it in the server's time", () => {
    expect(truth({ watch: { ...PLAYING, lastFrameAt: NOON - 8_000 }, clockOffset: 60_000 }).detail).toContain("12:00:52");
  });

  it("is not claimed of a page that was hidden a moment ago", () => {
    expect(truth({ watch: { ...PLAYING, lastFrameAt: NOON - 8_000 }, shownSince: NOON - 500 }).label).toBe("LIVE");
  });
});

describe("no picture", () => {
  it("says why it ended", () => {
    expect(truth({ session: streamIn("ended", { ended_at: before(5), end_reason: "stopped" }) }).detail).toBe("11:59:55 · Stopped on the phone");
  });

  it("is not promised of a phone that connected ahead of its camera", () => {
    const prepared = truth({ session: streamIn("prepared"), watch: { ...PLAYING, lastFrameAt: null } });
    expect(prepared).toEqual({ tone: "off", label: "NO PICTURE YET", detail: "The camera is not on yet" });
  });

  it("names a codec that this browser lacks", () => {
    const failed: WatchStatus = { phase: "failed", lastFrameAt: null, needsTap: false, fault: "codec_unsupported" };
    expect(truth({ watch: failed }).detail).toBe("This browser cannot show the phone’s video format");
  });

  it("says that the caller agreed to location only", () => {
    const consent = { ...liveSession("1").consent!, scopes: ["location" as const] };
    expect(truth({ session: liveSession("1", { stream: null, consent }) }).label).toBe("NO VIDEO");
  });
});

function statuses(session: Parameters<typeof funnelOf>[0]): string[] {
  return funnelOf(session, NOON).steps.map((step) => step.status);
}

describe("the funnel", () => {
  const DELIVERED = { ...sessionOf("1").invitation!, state: "delivered" as const, delivered_at: before(50) };

  it("waits for delivery, and gets worried", () => {
    expect(statuses(sessionOf("1"))).toEqual(["done", "current", "todo", "todo", "todo", "todo"]);
    expect(funnelOf(sessionOf("1"), NOON).why).toBe("No word of delivery for 60 s");
    expect(funnelOf(sessionOf("1"), NOON - 55_000).why).toBe("The text is on its way");
  });

  it("gives the operator a line to say at each step", () => {
    const opened = sessionOf("1", { state: "opened", opened_at: before(9), invitation: DELIVERED });
    expect(funnelOf(opened, NOON).say).toContain("I agree");
    const asked = sessionOf("1", { ...opened, state: "consented", consent: liveSession("1").consent, progress: { step: "camera_asked", reason: "", at: before(1) } });
    expect(funnelOf(asked, NOON).say).toContain("camera");
  });

  it("passes a delivery that was never reported", () => {
    expect(statuses(sessionOf("1", { state: "opened", opened_at: before(9) }))).toEqual(["done", "passed", "done", "current", "todo", "todo"]);
  });

  it("says why a text was not sent", () => {
    const invitation = { ...sessionOf("1").invitation!, state: "failed" as const, sent_at: null, failure_reason: "permanent-failure" };
    const funnel = funnelOf(sessionOf("1", { invitation }), NOON);
    expect(funnel).toMatchObject({ isFailed: true, why: "The number does not exist or cannot take texts" });
    expect(funnel.steps[0]?.status).toBe("failed");
  });

  it.each([
    ["camera_denied", "refused the camera"],
    ["camera_failed", "could not be started"],
    ["location_denied", "refused to share its location"],
  ] as const)("stops at the permission when %s", (step, words) => {
    const session = sessionOf("1", { state: "consented", opened_at: before(9), consent: liveSession("1").consent, progress: { step, reason: "", at: before(1) } });
    const funnel = funnelOf(session, NOON);
    expect(funnel.steps[4]?.status).toBe("failed");
    expect(funnel.why).toContain(words);
    expect(funnel.say).not.toBeNull();
  });

  it.each([["prepared", null], ["ended", "not_begun"]] as const)("does not call the camera allowed when a stream is %s (%s)", (state, end_reason) => {
    const stream = { ...liveSession("1").stream!, state, end_reason, live_at: null };
    const session = sessionOf("1", { state: "consented", opened_at: before(9), consent: liveSession("1").consent, stream });
    expect(statuses(session)[4]).toBe("current");
    expect(statuses({ ...session, stream: { ...stream, state: "connecting", end_reason: null } })[4]).toBe("done");
  });

  it("is complete with the first picture, and stays so", () => {
    const funnel = funnelOf(liveSession("1"), NOON);
    expect(funnel).toMatchObject({ isComplete: true, isFailed: false, why: null });
    expect(funnelOf(liveSession("1", { progress: { step: "page_hidden", reason: "", at: before(1) } }), NOON).say).toContain("back to the page");
    expect(funnelOf(liveSession("1", { progress: { step: "camera_muted", reason: "", at: before(1) } }), NOON).why).toContain("paused its camera");
  });

  it("of a location link ends with the first position", () => {
    const session = sessionOf("1", { link_kind: "location", state: "consented", opened_at: before(9), consent: liveSession("1").consent, last_position: fixAt(1) });
    expect(funnelOf(session, NOON).steps.map((step) => step.label).slice(4)).toEqual(["Location allowed", "First position"]);
    expect(statuses(session)[4]).toBe("done");
  });

  it("says that a link ran out", () => {
    expect(funnelOf(sessionOf("1", { state: "expired" }), NOON)).toMatchObject({ isFailed: true, why: "The link expired before it was used" });
  });
});

describe("times", () => {
  it("are local to Great Britain, summer and winter", () => {
    expect(clock("2026-11-22T12:03:22.000Z")).toBe("12:03:22");
    expect(clock("2026-07-22T12:03:22.000Z")).toBe("13:03:22");
    expect(clock(null)).toBe("");
    expect(clock("nonsense")).toBe("");
  });

  it("have the day in front when it is another one", () => {
    expect(clockWithDay("2026-11-22T09:00:00Z", NOON)).toBe("09:00:00");
    expect(clockWithDay("2026-11-21T09:00:00Z", NOON)).toBe("21 Nov 09:00:00");
  });

  it.each([[-3, "0 s"], [8.9, "8 s"], [125, "2 min 05 s"], [10_980, "3 h 03 min"]])("%d s is %s", (seconds, words) =>
    expect(duration(seconds)).toBe(words));

  it.each([[8, "0:08"], [725, "12:05"], [3_725, "1:02:05"]])("counter of %d is %s", (seconds, words) => expect(counter(seconds)).toBe(words));
});
