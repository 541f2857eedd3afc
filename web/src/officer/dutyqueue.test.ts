import { beforeEach, describe, expect, it } from "vitest";
import type { DutyFix } from "../signalling/messages";
import { dutyFix, DutyQueue, isDue, KEPT_MS, MOST_AT_ONCE } from "./dutyqueue";

const NOW = 1_790_000_000_000;

function fixAt(ago_ms: number, change: Partial<DutyFix> = {}): DutyFix {
  return { latitude: 51.79, longitude: -0.08, accuracy_m: 8, fixed_at: NOW - ago_ms, ...change };
}

beforeEach(() => localStorage.clear());

describe("which fixes are sent", () => {
  it("sends every two seconds while moving, every fifteen at rest, and less often without a line", () => {
    const last = fixAt(60_000);
    const later = (ms: number, change: Partial<DutyFix> = {}): DutyFix => fixAt(60_000 - ms, change);
    const moving = { speed_mps: 5 };
    expect(isDue(null, last, true)).toBe(true);
    expect(isDue(last, later(1_900, moving), true)).toBe(false);
    expect(isDue(last, later(2_000, moving), true)).toBe(true);
    expect(isDue(last, later(2_000, moving), false)).toBe(false);
    expect(isDue(last, later(5_000, moving), false)).toBe(true);
    expect(isDue(last, later(14_900), true)).toBe(false);
    expect(isDue(last, later(15_000), true)).toBe(true);
  });

  it("takes the noise of a poor position for rest, and the same distance of a good one for a move", () => {
    const last = fixAt(10_000);
    const elsewhere = { latitude: 51.7902 }; // 22 m
    expect(isDue(last, fixAt(5_000, { ...elsewhere, accuracy_m: 80 }), true)).toBe(false);
    expect(isDue(last, fixAt(5_000, elsewhere), true)).toBe(true);
  });

  it("leaves out what phones do not know, and refuses what is no position", () => {
    expect(dutyFix({ ...fixAt(0), heading_deg: -1, speed_mps: -1, altitude_m: 80 })).toEqual(fixAt(0));
    expect(dutyFix({ ...fixAt(0), heading_deg: 0, speed_mps: 0 })).toEqual(fixAt(0, { heading_deg: 0, speed_mps: 0 }));
    expect(dutyFix({ ...fixAt(0), accuracy_m: Number.POSITIVE_INFINITY })).toBeNull();
  });
});

describe("what waits on the phone", () => {
  it("survives a reload of the same shift, and is nobody else's", () => {
    const queue = new DutyQueue(localStorage);
    queue.begin("5 shift", NOW);
    queue.add(fixAt(1_000), NOW);
    const again = new DutyQueue(localStorage);
    again.begin("5 shift", NOW);
    expect(again.newest(NOW)).toEqual([fixAt(1_000)]);
    const other = new DutyQueue(localStorage);
    other.begin("6 shift", NOW);
    expect(other.size).toBe(0);
    expect(localStorage.length).toBe(0);
  });

  it("keeps an hour, and gives the newest first", () => {
    const queue = new DutyQueue(null);
    queue.begin("5", NOW);
    queue.add(fixAt(KEPT_MS - 500), NOW);
    for (let index = MOST_AT_ONCE; index > 0; index -= 1) queue.add(fixAt(index * 1_000), NOW);
    expect(queue.size).toBe(MOST_AT_ONCE + 1);
    expect(queue.newest(NOW).at(-1)).toEqual(fixAt(1_000));
    expect(queue.newest(NOW)).toHaveLength(MOST_AT_ONCE);
    expect(queue.newest(NOW + 1_000)).toHaveLength(MOST_AT_ONCE);
    expect(queue.size).toBe(MOST_AT_ONCE);
  });

  it("is gone from the phone when the server has it, and at the end of the shift", () => {
    const queue = new DutyQueue(localStorage);
    queue.begin("5", NOW);
    queue.add(fixAt(2_000), NOW);
    const sent = queue.newest(NOW);
    queue.add(fixAt(0), NOW);
    queue.save(NOW);
    queue.forget(sent, NOW);
    expect(queue.newest(NOW)).toEqual([fixAt(0)]);
    queue.clear();
    expect([queue.size, localStorage.length]).toEqual([0, 0]);
  });

  it("works on a phone that keeps nothing, and with something else in its place", () => {
    const full = { getItem: () => "{", setItem: () => { throw new Error("full"); }, removeItem: () => { throw new Error("no"); } };
    const queue = new DutyQueue(full);
    queue.begin("5", NOW);
    queue.add(fixAt(0), NOW);
    expect(queue.size).toBe(1);
    queue.clear();
    expect(queue.size).toBe(0);
  });
});
