import { describe, expect, it, vi } from "vitest";

import { pointAt, recordedAt, Replay, type TrackPage, type TrackPoint } from "./replay";
import { before, flightAt, NOON } from "./samples";

const point = (seconds: number): TrackPoint => ({ ...flightAt(seconds), is_late: false });

describe("the moment of a recording", () => {
  const segments = [{ started_at: before(100), offset_ms: 0, duration_ms: 10_000 }, { started_at: before(60), offset_ms: 10_000, duration_ms: 5_000 }];

  it("is found across a gap", () => {
    expect(recordedAt({ started_at: before(100), segments }, 4)).toBe(NOON - 96_000);
    expect(recordedAt({ started_at: before(100), segments }, 12)).toBe(NOON - 58_000);
    expect(recordedAt({ started_at: before(100), segments }, 99)).toBe(NOON - 55_000);
  });

  it("is counted from the beginning where no stretches are known, and not known without one", () => {
    expect(recordedAt({ started_at: before(100), segments: [] }, 4)).toBe(NOON - 96_000);
    expect(recordedAt({ started_at: null }, 4)).toBeNull();
  });
});

describe("what was seen then", () => {
  it("is the nearest point, and none that is far", () => {
    const points = [point(30), point(20), point(19)];
    expect(pointAt(points, NOON - 19_600)).toBe(points[1]);
    expect(pointAt(points, NOON - 19_400)).toBe(points[2]);
    expect(pointAt(points, NOON - 31_900)).toBe(points[0]);
    expect(pointAt(points, NOON - 25_000)).toBeNull();
    expect(pointAt([], NOON)).toBeNull();
  });

  it("is fetched once, page by page, without what has no outline", async () => {
    const pages: TrackPage[] = [{ points: [point(30), { ...point(25), outline: null }], next: before(25) }, { points: [point(20)], next: null }];
    const fetch = vi.fn(() => Promise.resolve(pages.shift()!));
    const replay = new Replay(fetch);
    expect(replay.pointOf("1", NOON - 20_000)).toBeNull();
    await vi.waitFor(() => expect(replay.pointOf("1", NOON - 20_000)).not.toBeNull());
    expect(replay.pointOf("1", NOON - 30_000)?.fixed_at).toBe(before(30));
    expect(replay.pointOf("1", NOON - 25_000)).toBeNull();
    expect(fetch.mock.calls).toEqual([["1", null], ["1", before(25)]]);
  });

  it("is asked for again after a failure", async () => {
    const fetch = vi.fn(() => Promise.reject(new Error("no answer")));
    const replay = new Replay(fetch);
    replay.pointOf("1", NOON);
    await vi.waitFor(() => { replay.pointOf("1", NOON); expect(fetch.mock.calls.length).toBeGreaterThan(1); });
  });
});
