import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { fixAt } from "../console/samples";
import { FakeSocket } from "../signalling/fake_socket";
import { AgencyApp } from "./app";

vi.mock("./map", () => ({ PlaceMap: class { show = vi.fn(); clear = vi.fn(); dispose = vi.fn(); } }));

const STREAM = { id: "s1", state: "live", live_at: null, stalled_at: null, last_media_at: null, ended_at: null, end_reason: null };

function snapshot(change: object = {}): object {
  return {
    type: "agency.snapshot", now: new Date().toISOString(), viewer: { id: "v1", name: "Jo <b>Marsh</b>" }, position: fixAt(3), seqs: { "agency.1": 4 },
    shared: {
      id: "0d3a0d5e-0000-4000-8000-000000000001", force_name: "Hertfordshire Constabulary", agency: "East of England Ambulance", kind: "caller", reference: "HERTS-2611-1",
      purpose: "Medical help at the scene", granted_at: new Date().toISOString(), ends_at: new Date(Date.now() + 3_600_000).toISOString(), stream: STREAM,
      rung: null, progress: null, shows_position: true, revision: 4, ...change,
    },
  };
}

describe("an agency's live page", () => {
  let sockets: FakeSocket[];
  let host: HTMLElement;
  const last = (): FakeSocket => sockets[sockets.length - 1]!;
  const part = (name: string): HTMLElement | null => host.querySelector(`[data-testid=${name}]`);

  beforeEach(() => {
    vi.useFakeTimers();
    sockets = [];
    host = document.createElement("div");
    const openSocket = (): WebSocket => {
      sockets.push(new FakeSocket());
      return last() as unknown as WebSocket;
    };
    new AgencyApp(host, { force_name: "Hertfordshire Constabulary", map_tiles_url: "" }, { openSocket }).start();
    last().accept();
  });
  afterEach(() => vi.useRealTimers());

  it("asks for the picture of what is shared, under the names of its own socket", () => {
    last().feed(snapshot());
    expect(last().sent.filter(({ type }) => type !== "heartbeat.ping")).toEqual([{ type: "agency.watch", stream_id: "s1", ref: "watch:s1" }]);
    expect(part("reference")?.textContent).toBe("HERTS-2611-1");
    expect(part("grid-reference")?.textContent).toContain("TL");
    expect(part("accuracy")?.textContent).toBe("±9 m");
    expect(host.querySelector("b b")).toBeNull();
    expect(part("viewer")?.textContent).toContain("Jo <b>Marsh</b>");
    expect(part("watermark")?.dataset.text).toContain("East of England Ambulance");
  });

  it("says that the line is lost, and that it is back", () => {
    last().feed(snapshot());
    expect(part("line")?.textContent).toBe("Connected");
    last().drop(1006);
    expect(part("line")?.textContent).toContain("Connection lost");
  });

  it("says what the server says when all places are taken", () => {
    last().feed(snapshot());
    last().feed({ type: "error", code: "agency_full", message: "As many people as were agreed are watching already.", ref: "watch:s1" });
    expect(part("truth")?.textContent).toBe("NO PICTURE");
    expect(part("truth-detail")?.textContent).toContain("As many people as were agreed");
  });

  it.each([
    [{ rung: { rung: "stills", reason: "very_slow_uplink", at: new Date().toISOString() } }, "NO VIDEO", "too slow for video"],
    [{ rung: { rung: "position", reason: "stills_fail", at: new Date().toISOString() } }, "NO VIDEO", "too slow even for stills"],
    [{ stream: { ...STREAM, state: "stalled" }, progress: { step: "camera_muted", reason: "", at: new Date().toISOString() } }, "NO SIGNAL", "paused its camera"],
  ])("calls no picture live that is none: %j", (change, label, detail) => {
    last().feed(snapshot(change));
    expect(part("truth")?.textContent).toBe(label);
    expect(part("truth-detail")?.textContent).toContain(detail);
  });

  it("takes a position away that whoever films takes back", () => {
    last().feed(snapshot());
    expect(part("position")).not.toBeNull();
    const { shared } = snapshot({ shows_position: false, revision: 5 }) as { shared: object };
    last().feed({ type: "agency.changed", shared, topic: "agency.1", seq: 5 });
    expect(part("position")).toBeNull();
    expect(part("position-none")).not.toBeNull();
  });

  it("takes picture, place and words away when sharing has ended", () => {
    last().feed(snapshot());
    expect(host.querySelector("video")).not.toBeNull();
    last().feed({ type: "agency.ended", at: new Date().toISOString(), reason: "revoked", topic: "agency.1", seq: 5 });
    expect(host.querySelector("video")).toBeNull();
    expect(part("over")?.textContent).toContain("The police control room has ended it.");
    for (const gone of ["HERTS-2611-1", "Medical help", "TL"]) expect(host.textContent).not.toContain(gone);
  });

  it("gives the place up when the viewer is done", () => {
    last().feed(snapshot());
    part("leave")?.click();
    expect(last().types).toContain("agency.leave");
    expect(part("over")?.dataset.reason).toBe("left");
  });

  it("is shown in one window, and comes back by a touch", () => {
    last().feed(snapshot());
    last().drop(4429);
    expect(part("over")?.dataset.reason).toBe("elsewhere");
    host.querySelector("button")?.click();
    expect(sockets).toHaveLength(2);
  });
});
