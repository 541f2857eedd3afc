import { describe, expect, it, vi } from "vitest";

import type { ConsoleServerMessage, FeedView, FlightFeed } from "../signalling/messages";
import { aircraftOf, feedOf, fleetOver, flightOf, flightSession, pilotOf, plannedSession, settled } from "./fleetsamples";
import type { FlightView } from "./fleetrest";
import { ApiError } from "./rest";
import { before, ME, NOON } from "./samples";

const SNAPSHOT: ConsoleServerMessage = { type: "flights.snapshot", now: before(0), flights: [], seqs: { flights: 3 } };

function told(seconds: number, feed: FeedView | null): FlightFeed {
  return { type: "flight.feed", session_id: "1", at: before(seconds), feed, topic: "flights", seq: 4 };
}

function doors(answers: FlightView[][]): { aircraft: () => Promise<never[]>; flights: ReturnType<typeof vi.fn<() => Promise<FlightView[]>>> } {
  return { aircraft: () => Promise.resolve([]), flights: vi.fn(() => Promise.resolve(answers.shift() ?? [])) };
}

describe("the fleet", () => {
  it("test_nothing_is_read_by_who_may_not_or_while_nothing_flies", async () => {
    const { flights, aircraft } = doors([[], []]);
    const forbidden = fleetOver([flightSession()], { flights, aircraft }, ME);
    const idle = fleetOver([], { flights, aircraft });
    expect(forbidden.fleet.received(SNAPSHOT)).toBe(false);
    expect(idle.fleet.received(SNAPSHOT)).toBe(false);
    await settled();
    expect(flights).not.toHaveBeenCalled();
  });

  it("test_feed_is_known_after_a_page_load_and_kept_up_by_the_line", async () => {
    const { fleet } = fleetOver([flightSession()], doors([[flightOf("1", { feed: feedOf({ state: "waiting" }) })]]));
    expect(fleet.feedOf("1", NOON)).toBeUndefined();
    fleet.received(SNAPSHOT);
    await settled();
    expect(fleet.feedOf("1", NOON)?.state).toBe("waiting");
    expect(fleet.received(told(10, feedOf({ state: "refused", trouble: "no_media" })))).toBe(true);
    expect(fleet.feedOf("1", NOON)?.trouble).toBe("no_media");
    fleet.received(told(5, null));
    expect(fleet.feedOf("1", NOON)).toBeNull();
  });

  it("test_older_word_undoes_no_newer_one_whichever_way_it_came", async () => {
    const { fleet } = fleetOver([flightSession()], doors([[flightOf("1", { feed: feedOf({ state: "waiting" }) })]]));
    fleet.received(SNAPSHOT);
    fleet.received(told(3, feedOf({ state: "passing" })));
    await settled(); // what was read says what was before
    expect(fleet.feedOf("1", NOON)?.state).toBe("passing");
    fleet.received(told(9, feedOf({ state: "paused" })));
    expect(fleet.feedOf("1", NOON)?.state).toBe("passing");
  });

  it("test_bridge_that_tries_again_and_again_is_not_said_to_wait_in_between", () => {
    const { fleet } = fleetOver([flightSession()]);
    fleet.received(told(20, feedOf({ state: "waiting", changed_at: before(20) })));
    expect(fleet.feedOf("1", NOON)?.state).toBe("waiting");
    for (const [seconds, state] of [[12, "paused"], [11, "waiting"], [6, "paused"], [4, "waiting"]] as const) {
      fleet.received(told(seconds, feedOf({ state, trouble: state === "paused" ? "unreachable" : null, changed_at: before(seconds) })));
      expect(fleet.feedOf("1", NOON - seconds * 1_000)?.trouble).toBe("unreachable");
    }
    expect(fleet.feedOf("1", NOON)?.state).toBe("paused");
    expect(fleet.feedOf("1", NOON + 8_000)?.state).toBe("waiting");
    fleet.received(told(2, feedOf({ state: "passing", changed_at: before(2) })));
    fleet.received(told(1, feedOf({ state: "waiting", changed_at: before(1) })));
    expect(fleet.feedOf("1", NOON)?.state).toBe("waiting");
  });

  it("test_flights_are_read_anew_when_one_was_planned_launched_or_ended", async () => {
    const { flights, aircraft } = doors([[flightOf("1", { state: "planned" })], [flightOf("1")]]);
    const { fleet, store } = fleetOver([], { flights, aircraft });
    for (const [revision, session] of [plannedSession(), flightSession({ state: "consented" })].entries()) {
      store.dispatch({ type: "wire", message: { type: "session.changed", session: { ...session, revision: revision + 2 }, topic: "console", seq: 5 }, at: 0 });
      await settled();
    }
    expect(flights).toHaveBeenCalledTimes(2);
    store.dispatch({ type: "wire", message: { type: "session.changed", session: { ...flightSession({ state: "consented" }), revision: 9 }, topic: "console", seq: 6 }, at: 0 });
    await settled();
    expect(flights).toHaveBeenCalledTimes(2);
    expect(fleet.flightOf("1")?.state).toBe("flying");
  });

  it("test_lost_answer_leaves_what_was_known_and_is_asked_for_again", async () => {
    const flights = vi.fn(() => Promise.resolve([flightOf("1")]));
    const { fleet } = fleetOver([flightSession()], { flights, aircraft: () => Promise.resolve([]) });
    fleet.received(SNAPSHOT);
    await settled();
    flights.mockRejectedValueOnce(new ApiError(0, "network", ""));
    fleet.received(SNAPSHOT);
    await settled();
    expect(fleet.flightOf("1")?.state).toBe("flying");
    fleet.tick(Date.now() + 1_000);
    expect(flights).toHaveBeenCalledTimes(2);
    fleet.tick(Date.now() + 10_000);
    await settled();
    fleet.tick(Date.now() + 20_000);
    expect(flights).toHaveBeenCalledTimes(3);
  });

  it("test_refused_reading_is_not_tried_again", async () => {
    const flights = vi.fn(() => Promise.reject(new ApiError(403, "not_permitted", "")));
    const { fleet } = fleetOver([flightSession()], { flights, aircraft: () => Promise.resolve([]) });
    fleet.received(SNAPSHOT);
    await settled();
    fleet.tick(Date.now() + 20_000);
    expect(flights).toHaveBeenCalledTimes(1);
  });

  it("test_lists_say_what_each_aircraft_and_pilot_has", async () => {
    const { fleet } = fleetOver([], {
      aircraft: () => Promise.resolve([aircraftOf("a-1"), aircraftOf("a-2")]), pilots: () => Promise.resolve([pilotOf("5"), pilotOf("6")]),
      flights: () => Promise.resolve([flightOf("1"), flightOf("2", { state: "landed", aircraft: { id: "a-2", name: "" }, pilot: { id: "6", name: "", flyer_id: "" } })]),
    });
    fleet.open();
    expect(fleet.listing).toBe("loading");
    await settled();
    expect([fleet.listing, fleet.openFlightOf("a-1")?.id, fleet.openFlightOf("a-2"), fleet.flownBy("5")?.id, fleet.flownBy("6")]).toEqual(["ready", "1", undefined, "1", undefined]);
    expect(fleet.protocolsOf("a-1")).toEqual(["rtmp"]);
  });

  it("test_lists_that_cannot_be_read_say_why", async () => {
    const { fleet } = fleetOver([]);
    fleet.open();
    await settled();
    expect([fleet.listing, fleet.failure]).toEqual(["failed", "No answer from Sightline. Check the network of this workstation; nothing typed here is lost."]);
  });
});
