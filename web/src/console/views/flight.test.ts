import { render } from "lit-html";
import { describe, expect, it, vi } from "vitest";

import type { SessionSummary } from "../../signalling/messages";
import { emptyFields } from "../acts";
import type { Acts, Desk } from "../desk";
import { entrySubject } from "../incidentwords";
import { unreadFleet } from "../fleetsamples";
import { before, closedBoard, liveSession, NOON, emptySky, flightAt, silentTalk, stateWith } from "../samples";
import { covers, sharerTitle } from "../select";
import { summaryText } from "../summarytext";
import { WatchPool } from "../watches";
import { detailsView } from "./details";
import { sessionListView } from "./sessionlist";
import { sightView } from "./flight";
import { stageView } from "./stage";

const AIRCRAFT = { id: "a-1", name: "DJI M30T 1581F" };

function flight(change: Partial<SessionSummary> = {}): SessionSummary {
  return liveSession("1", { kind: "flight", source: AIRCRAFT, phone_number_masked: "", consent: null, invitation: null, ...change });
}

function deskWith(session: SessionSummary, sky = emptySky()): Desk {
  return {
    state: { ...stateWith(session), chosenId: "1" }, now: NOON, at: NOON, shownSince: 0, page: { forceName: "Herts", mapTilesUrl: "" },
    fetched: { incidentTypes: [], outcomes: [], phrases: [], outbox: null, items: {} }, local: emptyFields(), form: null,
    pool: new WatchPool(() => true, () => undefined), officers: closedBoard(), talk: silentTalk(), sky, fleet: unreadFleet(), flight: null, sound: { setting: "off", isReady: false },
    mapElement: document.createElement("div"), acts: new Proxy({}, { get: () => vi.fn() }) as Acts,
  };
}

function drawnFor(session: SessionSummary, sky = emptySky()): HTMLElement {
  const desk = deskWith(session, sky);
  const host = document.createElement("div");
  render([sessionListView(desk), stageView(desk), detailsView(desk)], host);
  return host;
}

describe("a drone's session", () => {
  it("test_operator_tells_it_by_mark_word_and_aircraft", () => {
    const host = drawnFor(flight({ consented_at: before(600) }));
    expect(host.querySelector("[data-testid=session-row] [data-testid=drone-tag]")?.textContent).toBe("Drone");
    expect(host.querySelector("[data-testid=drone-tag] svg")).not.toBeNull();
    expect(host.querySelector("[data-testid=row-sharer]")?.textContent).toBe("DJI M30T 1581F");
    expect(host.querySelector("[data-testid=drone-launched]")?.textContent).toContain("11:50");
    expect(host.querySelector("[data-testid=officer-tag]")).toBeNull();
  });

  it("test_operator_is_asked_nothing_about_links_and_writes_to_nobody", () => {
    const host = drawnFor(flight({ state: "consented", live_at: null, stream: null }));
    expect(host.textContent).toContain("In the air");
    expect(host.textContent).not.toMatch(/consented|link sent|phone/i);
    expect(host.querySelector("[data-testid=tile]")).not.toBeNull();
    expect(host.querySelector("[data-testid=chat]")).toBeNull();
    expect(host.querySelector("[data-testid=ask-still]")).toBeNull();
  });

  it("test_planned_flight_is_said_to_be_planned_and_not_launched", () => {
    const host = drawnFor(flight({ state: "draft", consented_at: null, live_at: null, stream: null }));
    expect(host.querySelector("[data-testid=session-row] .chip")?.textContent).toBe("Planned");
    expect(host.querySelector("[data-testid=drone-launched]")?.textContent).toBe("not launched");
  });

  it("test_it_is_filmed_by_order_and_named_everywhere_by_its_aircraft", () => {
    const session = flight();
    expect(covers(session, "recording")).toBe(true);
    expect(covers(liveSession("2", { consent: null }), "recording")).toBe(false);
    expect(sharerTitle(session)).toBe("Drone DJI M30T 1581F");
    expect(entrySubject(session)).toBe("DJI M30T 1581F");
    expect(summaryText(session, null, NOON)).toContain("Drone: DJI M30T 1581F");
  });
});

describe("beside a drone's picture", () => {
  it("test_operator_reads_how_it_flies_how_old_that_is_and_what_is_not_believed", () => {
    const sky = emptySky();
    expect(drawnFor(flight(), sky).querySelector("[data-testid=telemetry-age]")?.textContent).toBe("none");
    sky.received({ type: "flights.moved", flights: [flightAt(8, { doubts: ["battery"] })], topic: "flights", seq: 1 });
    const host = drawnFor(flight(), sky);
    expect(host.querySelector("[data-testid=telemetry-age]")?.textContent).toBe("8 s ago");
    expect(host.querySelector("[data-testid=telemetry-age]")?.className).toBe("warning-text");
    expect(host.querySelector("[data-testid=flight-fact]")?.textContent).toBe("100 m above take-off");
    expect(host.querySelector("[data-testid=flight-doubt]")?.textContent).toContain("battery");
    expect(host.querySelector("[data-testid=ask-ground]")).not.toBeNull();
  });
});

describe("a click on a drone's picture", () => {
  const video = { videoWidth: 1920, videoHeight: 1080, clientWidth: 800, clientHeight: 600 } as HTMLVideoElement;
  const picture = { video, hasPicture: true, blurs: false };

  function sightFor(session: SessionSummary, shown = picture, isOnWall = false): { host: HTMLElement; ask: ReturnType<typeof vi.fn> } {
    const sky = emptySky();
    const ask = vi.fn(() => Promise.resolve());
    sky.askGround = ask;
    sky.asked = { sessionId: "1", place: { across: 0.5, down: 0 }, ground: null, words: "TL 32400 12200, ±12 m", copies: "TL 32400 12200", isPending: false };
    const host = document.createElement("div");
    render(sightView(deskWith(session, sky), session, { isOnWall }, shown), host);
    return { host, ask };
  }

  it("test_operator_asks_for_the_place_in_the_picture_and_not_beside_it", () => {
    const { host, ask } = sightFor(flight());
    const sight = host.querySelector<HTMLElement>("[data-testid=sight]")!;
    sight.getBoundingClientRect = () => new DOMRect(10, 20, 800, 600);
    sight.dispatchEvent(new MouseEvent("click", { clientX: 610, clientY: 320 }));
    sight.dispatchEvent(new MouseEvent("click", { clientX: 610, clientY: 30 }));
    expect(ask).toHaveBeenCalledTimes(1);
    expect(ask).toHaveBeenCalledWith("1", { across: 0.75, down: 0.5 }, { at: new Date(NOON).toISOString(), isSure: false });
  });

  it("test_answer_stands_over_the_picture_with_its_mark_and_can_be_copied", () => {
    const { host } = sightFor(flight());
    expect(host.querySelector("[data-testid=sight-answer]")?.textContent).toContain("TL 32400 12200, ±12 m");
    expect(host.querySelector<HTMLElement>("[data-testid=sight-mark]")?.style.top).toBe("12.5%");
    expect(host.querySelector("[data-testid=copy-ground]")).not.toBeNull();
  });

  it("test_nothing_is_asked_of_a_callers_a_blurred_or_a_small_picture", () => {
    for (const { host } of [sightFor(liveSession("1")), sightFor(flight(), { ...picture, blurs: true }), sightFor(flight(), picture, true)]) {
      expect(host.querySelector("[data-testid=sight]")).toBeNull();
    }
  });
});
