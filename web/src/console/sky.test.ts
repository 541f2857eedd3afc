import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { FlightsOnMap } from "../map/flightlayer";
import type { ConsoleClientMessage, ConsoleServerMessage } from "../signalling/messages";
import type { GroundAnswer, InViewAnswer } from "./flightrest";
import { reduce } from "./reduce";
import type { TrackPage } from "./replay";
import { ApiError } from "./rest";
import { before, flightAt, liveSession, NOON, snapshotOf, stateWith } from "./samples";
import { Sky } from "./sky";
import type { Action, ConsoleState } from "./state";
import { Store } from "./store";

const GROUND: GroundAnswer = {
  miss: null, fixed_at: before(1), latitude: 51.79, longitude: -0.08, easting: 532_400, northing: 212_200, grid_reference: "TL 32400 12200", distance_m: 120, error_m: 11.2,
};
const TAKEN = { at: before(1), isSure: true };

/** A sky over a session that is a flight's, whose page is not connected yet. */
class Bench {
  readonly sent: ConsoleClientMessage[] = [];
  readonly rebased: Record<string, number>[] = [];
  readonly ground = vi.fn((): Promise<GroundAnswer> => Promise.resolve(GROUND));
  readonly inView = vi.fn((): Promise<InViewAnswer> => Promise.resolve({ in_view: true, across: 0.75, down: 0.5, fixed_at: before(1) }));
  readonly track = vi.fn((): Promise<TrackPage> => Promise.resolve({ points: [{ ...flightAt(50), is_late: false }], next: null }));
  readonly store: Store<ConsoleState, Action>;
  readonly sky: Sky;
  shown: FlightsOnMap | null = null;

  constructor() {
    const flight = liveSession("1", { kind: "flight", source: { id: "a", name: "DJI M30T" } });
    this.store = new Store({ ...stateWith(flight), isSynced: false, line: { state: "open", code: null } }, reduce);
    const line = { send: (message: ConsoleClientMessage) => this.sent.push(message) > 0, rebase: (seqs: Record<string, number>) => void this.rebased.push(seqs) };
    const map = { show: (content: FlightsOnMap | null) => void (this.shown = content), middle: () => ({ latitude: 51.8, longitude: -0.1 }) };
    this.sky = new Sky(this.store, line, map, { ground: this.ground, inView: this.inView, track: this.track }, () => undefined);
  }

  sync(): void {
    this.store.dispatch({ type: "wire", message: snapshotOf(...Object.values(this.store.state.sessions)), at: NOON });
  }

  hear(...messages: ConsoleServerMessage[]): void {
    for (const message of messages) expect(this.sky.received(message)).toBe(true);
    vi.advanceTimersByTime(300);
  }
}

const broadcast = { topic: "flights", seq: 8 } as const;

beforeEach(() => vi.useFakeTimers({ now: NOON }));
afterEach(() => vi.useRealTimers());

describe("aircraft on the console", () => {
  it("are followed with each snapshot of the console, and again when something was lost", () => {
    const bench = new Bench();
    expect(bench.sent).toEqual([]);
    bench.sync();
    expect(bench.sent).toEqual([{ type: "flights.follow", ref: "flights" }]);
    bench.sky.missed();
    expect(bench.sent).toHaveLength(2);
  });

  it("are where they said last, and never move back", () => {
    const bench = new Bench();
    bench.sync();
    bench.hear({ type: "flights.snapshot", now: before(0), flights: [flightAt(3)], seqs: { flights: 7 } });
    expect(bench.rebased).toEqual([{ flights: 7 }]);
    bench.hear({ type: "flights.moved", flights: [flightAt(1, { latitude: 51.9 })], ...broadcast });
    bench.hear({ type: "flights.moved", flights: [flightAt(2, { latitude: 51.7 })], ...broadcast });
    expect(bench.sky.newest("1")?.latitude).toBe(51.9);
    expect(bench.shown?.flights.map(({ latitude }) => latitude)).toEqual([51.9]);
    expect(bench.shown?.isOld).toBe(false);
  });

  it("are old while the line is lost, and gone when their flight is over", () => {
    const bench = new Bench();
    bench.sync();
    bench.hear({ type: "flights.snapshot", now: before(0), flights: [flightAt(1)], seqs: {} });
    bench.store.dispatch({ type: "line", state: "waiting", code: 1006 });
    vi.advanceTimersByTime(300);
    expect(bench.shown?.isOld).toBe(true);
    const over = liveSession("1", { kind: "flight", state: "ended", revision: 2, ended_at: before(0) });
    bench.store.dispatch({ type: "wire", message: { type: "session.changed", session: over, topic: "console", seq: 5 }, at: NOON });
    vi.advanceTimersByTime(300);
    expect(bench.shown?.flights).toEqual([]);
    expect(bench.sky.newest("1")).toBeNull();
  });

  it("are outlined beside a whole incident only when they are of it", () => {
    const bench = new Bench();
    bench.sync();
    bench.hear({ type: "flights.snapshot", now: before(0), flights: [flightAt(1)], seqs: {} });
    for (const [incidentId, count] of [["i-other", 0], ["i-1", 1]] as const) {
      bench.store.dispatch({ type: "incident.choose", incidentId });
      bench.store.dispatch({ type: "mode", mode: "incident" });
      bench.hear({ type: "flights.moved", flights: [flightAt(0)], ...broadcast });
      expect(bench.shown?.flights).toHaveLength(count);
    }
  });

  it("are said not to be believed until they are again", () => {
    const bench = new Bench();
    bench.sync();
    bench.hear({ type: "flight.doubtful", session_id: "1", at: before(1), reasons: ["leap"], ...broadcast });
    expect(bench.sky.doubtsOf("1")).toEqual(["leap"]);
    bench.hear({ type: "flights.moved", flights: [flightAt(0)], ...broadcast });
    expect(bench.sky.doubtsOf("1")).toEqual([]);
  });

  it("leave the frames of others alone", () => {
    expect(new Bench().sky.received({ type: "officer.off_duty", id: "5", at: before(0), topic: "officers", seq: 1 })).toBe(false);
  });
});

describe("what a drone sees", () => {
  it("is asked for the moment at which the picture was taken, and stands on the map", async () => {
    const bench = new Bench();
    await bench.sky.askGround("1", { across: 0.25, down: 0.5 }, TAKEN);
    vi.advanceTimersByTime(300);
    expect(bench.ground).toHaveBeenCalledWith("1", { across: 0.25, down: 0.5 }, TAKEN.at);
    expect(bench.sky.asked?.words).toContain("±15 m, 120 m from below the drone");
    expect(bench.shown?.point).toEqual({ latitude: 51.79, longitude: -0.08, label: bench.sky.asked?.copies });
    expect(bench.sky.asked?.copies).toBe("TL 32400 12200");
  });

  it("is said with a warning while nobody knows how old the picture is", async () => {
    const bench = new Bench();
    await bench.sky.askGround("1", { across: 0.5, down: 0.5 }, { ...TAKEN, isSure: false });
    expect(bench.sky.asked?.words).toContain("how old the picture is is not known");
  });

  it("has no place where there is none, and says why", async () => {
    const bench = new Bench();
    bench.ground.mockResolvedValue({ ...GROUND, miss: "above_horizon", latitude: null, longitude: null, grid_reference: null, distance_m: null, error_m: null });
    await bench.sky.askGround("1", { across: 0.5, down: 0 }, TAKEN);
    vi.advanceTimersByTime(300);
    expect(bench.sky.asked).toMatchObject({ words: "That is at or above the horizon", copies: "", isPending: false });
    expect(bench.shown?.point ?? null).toBeNull();
  });

  it("is marked in the picture for a place of the map that is in view", async () => {
    const bench = new Bench();
    await bench.sky.askMiddle("1", TAKEN);
    expect(bench.inView).toHaveBeenCalledWith("1", 51.8, -0.1, TAKEN.at);
    expect(bench.sky.asked).toMatchObject({ words: "In view: marked in the picture", place: { across: 0.75, down: 0.5 } });
  });

  it("says a refusal in words, and takes no answer to an older question", async () => {
    const bench = new Bench();
    bench.ground.mockRejectedValueOnce(new ApiError(403, "not_permitted", ""));
    await bench.sky.askGround("1", { across: 0.5, down: 0.5 }, TAKEN);
    expect(bench.sky.asked?.words).toContain("Your role does not allow this");
    let answer: (late: GroundAnswer) => void = () => undefined;
    bench.ground.mockReturnValueOnce(new Promise((resolve) => (answer = resolve)));
    const first = bench.sky.askGround("1", { across: 0.1, down: 0.1 }, TAKEN);
    await bench.sky.askGround("1", { across: 0.9, down: 0.9 }, TAKEN);
    answer({ ...GROUND, grid_reference: "SP 11111 22222" });
    await first;
    expect(bench.sky.asked?.place).toEqual({ across: 0.9, down: 0.9 });
    expect(bench.sky.asked?.words).not.toContain("SP");
  });

  it("is forgotten when another session is chosen", async () => {
    const bench = new Bench();
    bench.store.dispatch({ type: "choose", sessionId: "1" });
    await bench.sky.askGround("1", { across: 0.5, down: 0.5 }, TAKEN);
    bench.store.dispatch({ type: "choose", sessionId: null });
    expect(bench.sky.asked).toBeNull();
  });
});

describe("a drone's recording", () => {
  it("shows on the map what was in view at the moment that is played, until another session is chosen", async () => {
    const bench = new Bench();
    bench.sync();
    bench.store.dispatch({ type: "choose", sessionId: "1" });
    bench.sky.play("1", NOON - 50_000);
    await vi.advanceTimersByTimeAsync(300);
    bench.sky.play("1", NOON - 49_000);
    await vi.advanceTimersByTimeAsync(300);
    expect(bench.track).toHaveBeenCalledTimes(1);
    expect(bench.shown?.flights).toEqual([{ ...flightAt(50), is_late: false }]);
    bench.store.dispatch({ type: "choose", sessionId: null });
    await vi.advanceTimersByTimeAsync(300);
    expect(bench.shown?.flights).toEqual([]);
  });
});
