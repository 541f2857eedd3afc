import { render } from "lit-html";
import { describe, expect, it, vi } from "vitest";

import type { SessionSummary } from "../../signalling/messages";
import { emptyFields } from "../acts";
import type { Acts, Desk } from "../desk";
import { entrySubject } from "../incidentwords";
import { before, closedBoard, liveSession, NOON, silentTalk, stateWith } from "../samples";
import { covers, sharerTitle } from "../select";
import { summaryText } from "../summarytext";
import { WatchPool } from "../watches";
import { detailsView } from "./details";
import { sessionListView } from "./sessionlist";
import { stageView } from "./stage";

const AIRCRAFT = { id: "a-1", name: "DJI M30T 1581F" };

function flight(change: Partial<SessionSummary> = {}): SessionSummary {
  return liveSession("1", { kind: "flight", source: AIRCRAFT, phone_number_masked: "", consent: null, invitation: null, ...change });
}

function drawnFor(session: SessionSummary): HTMLElement {
  const desk: Desk = {
    state: { ...stateWith(session), chosenId: "1" }, now: NOON, at: NOON, shownSince: 0, page: { forceName: "Herts", mapTilesUrl: "" },
    fetched: { incidentTypes: [], outcomes: [], phrases: [], outbox: null, items: {} }, local: emptyFields(), form: null,
    pool: new WatchPool(() => true, () => undefined), officers: closedBoard(), talk: silentTalk(), sound: { setting: "off", isReady: false },
    mapElement: document.createElement("div"), acts: new Proxy({}, { get: () => vi.fn() }) as Acts,
  };
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
