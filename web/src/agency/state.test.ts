import { describe, expect, it } from "vitest";

import type { AgencyView } from "../signalling/agencyshapes";
import { fixAt } from "../console/samples";
import { reduce, START, type AgencyAction, type AgencyState } from "./state";

const SHARED: AgencyView = {
  id: "0d3a0d5e-0000-4000-8000-000000000001", force_name: "Hertfordshire Constabulary", agency: "East of England Ambulance", kind: "caller",
  reference: "HERTS-2611-1", purpose: "Medical help at the scene", granted_at: "2026-11-22T11:00:00.000Z", ends_at: "2026-11-22T13:00:00.000Z", stream: null,
  rung: null, progress: null, shows_position: true, revision: 4,
};
const SNAPSHOT: AgencyAction = {
  type: "wire",
  message: { type: "agency.snapshot", now: "2026-11-22T12:00:00.000Z", viewer: { id: "v1", name: "Jo Marsh" }, shared: SHARED, position: fixAt(3), seqs: {} },
};

function after(...actions: AgencyAction[]): AgencyState {
  return actions.reduce(reduce, START);
}

const OPEN: AgencyAction = { type: "line", state: "open", code: null };

describe("an agency's page", () => {
  it("is true only while the line is open and a snapshot has come", () => {
    expect(after(OPEN).isSynced).toBe(false);
    expect(after(OPEN, SNAPSHOT).isSynced).toBe(true);
    const lost = after(OPEN, SNAPSHOT, { type: "line", state: "waiting", code: 1006 });
    expect([lost.isSynced, lost.shared, lost.over]).toEqual([false, SHARED, null]);
  });

  it("ignores older news and earlier positions", () => {
    const older = after(SNAPSHOT, { type: "wire", message: { type: "agency.changed", shared: { ...SHARED, revision: 3, reference: "old" }, topic: "t", seq: 1 } });
    expect(older.shared?.reference).toBe("HERTS-2611-1");
    const newer = after(SNAPSHOT, { type: "wire", message: { type: "agency.changed", shared: { ...SHARED, revision: 5, reference: "new" }, topic: "t", seq: 1 } });
    expect(newer.shared?.reference).toBe("new");
    const moved = after(SNAPSHOT, { type: "wire", message: { type: "agency.position", fix: fixAt(60), topic: "t", seq: 1 } });
    expect(moved.position).toEqual(fixAt(3));
  });

  it("keeps no position that was taken back, and takes none that was on its way", () => {
    const taken = after(SNAPSHOT, { type: "wire", message: { type: "agency.changed", shared: { ...SHARED, revision: 5, shows_position: false }, topic: "t", seq: 1 } });
    expect(taken.position).toBeNull();
    expect(reduce(taken, { type: "wire", message: { type: "agency.position", fix: fixAt(0), topic: "t", seq: 2 } }).position).toBeNull();
  });

  it.each(["revoked", "expired", "session_over", "no_consent"] as const)("keeps nothing when sharing has ended (%s), and the first reason", (reason) => {
    const ended = after(OPEN, SNAPSHOT, { type: "wire", message: { type: "agency.ended", at: "2026-11-22T12:01:00.000Z", reason, topic: "t", seq: 2 } });
    expect([ended.shared, ended.position, ended.over, ended.isSynced]).toEqual([null, null, reason, false]);
    expect(reduce(ended, { type: "line", state: "refused", code: 4410 }).over).toBe(reason);
  });

  it("says why a page that comes too late is shown nothing", () => {
    const late = after(OPEN, { type: "wire", message: { type: "error", code: "share_over", message: "", details: { reason: "expired" } } });
    expect(late.over).toBe("expired");
    expect(after(OPEN, { type: "line", state: "refused", code: 4401 }).over).toBe("not_let_in");
  });

  it("gives way to another window, and comes back when asked", () => {
    const elsewhere = after(OPEN, SNAPSHOT, { type: "line", state: "refused", code: 4429 });
    expect(elsewhere.over).toBe("elsewhere");
    expect(reduce(elsewhere, { type: "here" }).over).toBeNull();
  });

  it("ends with the own place alone", () => {
    const told = (viewer_id: string, reason: "left" | "dismissed" = "left"): AgencyAction => ({ type: "wire", message: { type: "agency.viewer_ended", viewer_id, reason, topic: "t", seq: 3 } });
    expect(after(SNAPSHOT, told("v2")).over).toBeNull();
    expect(after(SNAPSHOT, told("v1")).over).toBe("left");
    expect(after(SNAPSHOT, told("v1", "dismissed"))).toMatchObject({ over: "dismissed", shared: null, position: null });
  });
});
