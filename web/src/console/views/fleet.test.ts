import { render } from "lit-html";
import { describe, expect, it, vi } from "vitest";

import type { FeedView, SessionSummary } from "../../signalling/messages";
import { emptyFields } from "../acts";
import type { Acts, Desk } from "../desk";
import type { Fleet } from "../fleet";
import type { FlightView } from "../fleetrest";
import { feedOf, fleetOver, flightOf, flightSession, FLYING_ME, plannedSession, readFleet } from "../fleetsamples";
import { before, closedBoard, emptySky, NOON, silentTalk, stateWith } from "../samples";
import { WatchPool } from "../watches";
import { detailsView } from "./details";
import { fleetView } from "./fleet";
import { headerView } from "./header";
import { sessionListView } from "./sessionlist";
import { stageView } from "./stage";

type Spies = Record<"choose" | "planFlight" | "launchFlight" | "landFlight" | "continueFlight" | "overrideFlight" | "local" | "closeFleet" | "openFleet", ReturnType<typeof vi.fn>>;

interface Scene {
  desk: Desk;
  host: HTMLElement;
  acts: Spies;
}

function sceneOf(fleet: Fleet, session: SessionSummary | null, change: Partial<Desk["local"]> = {}, permissions = FLYING_ME.permissions, isSynced = true): Scene {
  const acts = Object.fromEntries(["choose", "planFlight", "launchFlight", "landFlight", "continueFlight", "overrideFlight", "local", "closeFleet", "openFleet"].map((name) => [name, vi.fn()])) as Spies;
  const state = { ...stateWith(...(session === null ? [] : [session])), chosenId: session?.id ?? null, me: { ...FLYING_ME, permissions }, isSynced };
  const desk: Desk = {
    state, now: NOON, at: NOON, shownSince: 0, page: { forceName: "Herts", mapTilesUrl: "" },
    fetched: { incidentTypes: [], outcomes: [], phrases: [], outbox: null, items: {} }, local: { ...emptyFields(), ...change }, form: null, fleet, flight: null,
    pool: new WatchPool(() => true, () => undefined), officers: closedBoard(), talk: silentTalk(), sky: emptySky(), sound: { setting: "off", isReady: false },
    mapElement: document.createElement("div"), acts: acts as unknown as Acts,
  };
  const host = document.createElement("div");
  render([headerView(desk), sessionListView(desk), stageView(desk), detailsView(desk), fleetView(desk)], host);
  return { desk, host, acts };
}

function at(host: HTMLElement, name: string): HTMLElement | null {
  return host.querySelector<HTMLElement>(`[data-testid=${name}]`);
}

async function flown(feed: FeedView | null, change: Partial<SessionSummary> = {}, isSynced = true): Promise<HTMLElement> {
  return sceneOf(await readFleet([flightOf("1", { feed })]), flightSession(change), {}, FLYING_ME.permissions, isSynced).host;
}

describe("the fleet's dialog", () => {
  it("test_who_may_not_see_flights_has_no_way_to_it", async () => {
    const fleet = await readFleet([]);
    expect(at(sceneOf(fleet, null, {}, ["stream.watch"]).host, "open-fleet")).toBeNull();
    const { host, acts } = sceneOf(fleet, null);
    at(host, "open-fleet")!.click();
    expect(acts.openFleet).toHaveBeenCalledOnce();
    expect(at(host, "fleet-dialog")).toBeNull();
  });

  it("test_operator_sees_what_each_flies_how_its_feed_stands_and_opens_it", async () => {
    const { host, acts } = sceneOf(await readFleet([flightOf("1", { feed: feedOf({ state: "paused", trouble: "silent" }) })]), null, { isFleetOpen: true });
    const [flying, ground] = [...host.querySelectorAll<HTMLElement>("[data-testid=fleet-aircraft]")];
    expect([flying?.dataset.state, ground?.dataset.state]).toEqual(["flying", "ground"]);
    expect(flying?.textContent).toMatch(/HERTS-2611-1, Tom Ashby/);
    expect(at(flying!, "feed-detail")?.textContent).toContain("Look at the line");
    at(flying!, "fleet-open")!.click();
    expect([acts.choose.mock.calls, acts.closeFleet.mock.calls.length]).toEqual([[["1"]], 1]);
    expect(host.querySelectorAll("[data-testid=fleet-pilot]")[0]?.textContent).toContain("Flies DJI M30T");
  });

  it("test_flight_is_planned_for_the_incident_on_the_screen_and_for_none_without_one", async () => {
    const fleet = await readFleet([]);
    const without = sceneOf(fleet, null, { isFleetOpen: true });
    expect((at(without.host, "fleet-plan") as HTMLButtonElement).disabled).toBe(true);
    expect(without.host.textContent).toContain("Choose a session or an incident first");
    const session = flightSession({ state: "ended" });
    const { host, acts } = sceneOf(fleet, session, { isFleetOpen: true });
    at(host, "fleet-plan")!.click();
    expect(acts.planFlight).toHaveBeenCalledWith(session.incident, "a-1");
    expect(at(sceneOf(fleet, session, { isFleetOpen: true }, ["flight.view"]).host, "fleet-plan")).toBeNull();
  });

  it("test_list_that_cannot_be_read_says_why", () => {
    const { fleet } = fleetOver([]);
    fleet.listing = "failed";
    fleet.failure = "Your role does not allow this.";
    expect(at(sceneOf(fleet, null, { isFleetOpen: true }).host, "fleet-failure")?.textContent).toBe("Your role does not allow this.");
  });
});

describe("a drone's feed beside its picture", () => {
  it("test_state_and_trouble_are_said_in_words_and_announced", async () => {
    const host = await flown(feedOf({ state: "refused", trouble: "no_media" }), { state: "consented", live_at: null, stream: null });
    const state = at(host, "feed-state")!;
    expect([state.textContent, state.dataset.state, state.dataset.trouble]).toEqual(["Cannot be passed on", "refused", "no_media"]);
    expect(state.closest("[role=status]")).not.toBeNull();
    expect(at(host, "feed-detail")?.textContent).toContain("H.265");
    expect(at(host, "feed")?.textContent).toContain("RTMP, since 11:59:00");
  });

  it("test_refused_sender_is_said_for_a_minute", async () => {
    const fleet = await readFleet([flightOf("1", { feed: feedOf({ state: "waiting" }) })]);
    const words = (): string => at(sceneOf(fleet, flightSession()).host, "refused-sender")?.textContent.trim() ?? "";
    expect(words()).toBe("");
    fleet.received({ type: "flight.refused", session_id: "1", at: before(50), reason: "key_revoked", topic: "flights", seq: 4 });
    expect(words()).toBe("11:59:10 A sender was refused: its key was revoked or replaced. The pilot needs the newest one.");
    fleet.received({ type: "flight.refused", session_id: "1", at: before(70), reason: "key_revoked", topic: "flights", seq: 5 });
    expect(words()).toBe("");
  });

  it("test_list_says_it_of_a_drone_in_the_air_whose_picture_cannot_come_in", async () => {
    expect(at(await flown(feedOf({ state: "refused", trouble: "codec" })), "row-feed")?.textContent).toBe("feed refused");
    expect(at(await flown(feedOf({ state: "paused", trouble: "ended" })), "row-feed")?.textContent).toBe("feed interrupted");
    expect(at(await flown(feedOf({ state: "refused", trouble: "codec" }), { state: "ended" }), "row-feed")).toBeNull();
    expect(at(await flown(feedOf()), "row-feed")).toBeNull();
  });

  it("test_feed_that_passes_is_not_the_picture_that_is_presented", async () => {
    const host = await flown(feedOf());
    expect(at(host, "feed")?.textContent).not.toMatch(/\blive\b/i);
    expect(at(host, "feed-truth")?.textContent).not.toBe("LIVE");
    expect(at(host, "truth")?.textContent).not.toBe("LIVE");
    expect(at(host, "first-picture")?.textContent).toContain("11:59:30");
  });

  it("test_what_was_known_before_the_line_was_lost_is_not_known_now", async () => {
    expect(at(await flown(feedOf(), {}, false), "feed")?.textContent).toContain("Not known: not connected");
  });

  it("test_nothing_is_said_of_a_feed_before_the_launch_or_after_the_landing", async () => {
    expect(at(await flown(feedOf(), { state: "ended" }), "feed")).toBeNull();
    expect(at(sceneOf(await readFleet([]), plannedSession()).host, "feed")).toBeNull();
  });
});

describe("a planned flight", () => {
  async function board(session: SessionSummary, change: Partial<Desk["local"]> = {}, permissions = FLYING_ME.permissions): Promise<Scene> {
    const planned: Partial<FlightView> = { state: "planned", launched_at: null };
    return sceneOf(await readFleet([flightOf("1", planned)]), session, change, permissions);
  }

  it("test_who_may_not_fly_reads_it_and_can_do_nothing", async () => {
    const { host } = await board(plannedSession(), {}, ["session.view", "flight.view"]);
    expect(at(host, "flight-plan")?.textContent).toContain("Search for a missing person");
    for (const name of ["launch-flight", "answer-risk", "land-flight", "plan-drone"]) expect(at(host, name)).toBeNull();
  });

  it("test_refusal_of_the_launch_is_said_under_its_button", async () => {
    const { host, acts } = await board(plannedSession(), { failures: { "flight:1": "Answer them, then launch." } });
    expect(at(host, "flight-board")?.dataset.risk).toBe("unanswered");
    at(host, "launch-flight")!.click();
    expect(acts.launchFlight).toHaveBeenCalledWith("1");
    expect(at(host, "flight-board")?.querySelector("[role=alert]")?.textContent).toBe("Answer them, then launch.");
    at(host, "answer-risk")!.click();
    expect(acts.continueFlight).toHaveBeenCalledOnce();
  });

  it("test_refused_assessment_leaves_no_launch_but_a_supervisors", async () => {
    const risk = { outcome: "refused", refusals: [{ code: "flight-people", text: "Clear of people?", advice: "Do not launch." }] } as const;
    const session = plannedSession({ risk: { ...risk, refusals: [...risk.refusals] } });
    const operator = await board(session);
    expect([at(operator.host, "launch-flight"), at(operator.host, "override")]).toEqual([null, null]);
    expect(at(operator.host, "risk-refused")?.textContent).toContain("Do not launch.");
    const { host, acts } = await board(session, { overrideReasons: { 1: "Life at risk" } }, [...FLYING_ME.permissions, "risk.override"]);
    at(host, "override")!.closest("form")!.dispatchEvent(new Event("submit", { cancelable: true }));
    expect(acts.overrideFlight).toHaveBeenCalledWith("1", "Life at risk");
  });

  it("test_it_is_called_off_and_a_flight_landed_by_two_presses", async () => {
    const first = await board(plannedSession());
    expect(at(first.host, "land-flight")?.textContent).toBe("Call off");
    at(first.host, "land-flight")!.click();
    expect(first.acts.local).toHaveBeenCalledWith({ endingId: "1" });
    const second = sceneOf(await readFleet([flightOf("1")]), flightSession(), { endingId: "1" });
    expect(second.host.querySelector(".confirm")?.getAttribute("aria-label")).toBe("Is the drone down?");
    at(second.host, "land-confirm")!.click();
    expect(second.acts.landFlight).toHaveBeenCalledWith("1");
  });

  it("test_incident_of_any_session_offers_a_flight", async () => {
    const { host, acts } = await board(plannedSession());
    at(host, "plan-drone")!.click();
    expect(acts.planFlight).toHaveBeenCalledWith(plannedSession().incident);
  });
});
