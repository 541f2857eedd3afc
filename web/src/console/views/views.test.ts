import { render } from "lit-html";
import { describe, expect, it, vi } from "vitest";

import { emptyFields } from "../acts";
import type { Acts, Desk } from "../desk";
import { emptyForm } from "../incidentform";
import { unreadFleet } from "../fleetsamples";
import { before, closedBoard, liveSession, NOON, sessionOf, emptySky, silentTalk, stateWith } from "../samples";
import type { ConsoleState } from "../state";
import { WatchPool } from "../watches";
import { detailsView } from "./details";
import { coverView } from "./header";
import { newIncidentView } from "./newincident";
import { sessionListView } from "./sessionlist";
import { stageView } from "./stage";

const EVIL = `<img src=x onerror="alert(1)">`;

function deskWith(state: ConsoleState, change: Partial<Desk> = {}): Desk {
  const acts = new Proxy({}, { get: () => vi.fn() }) as Acts;
  return {
    state, now: NOON, at: NOON, shownSince: 0, page: { forceName: EVIL, mapTilesUrl: "" },
    fetched: { incidentTypes: [{ code: "rtc", label: EVIL }], outcomes: [], phrases: [], outbox: null, items: {} }, local: emptyFields(), form: null,
    pool: new WatchPool(() => true, () => undefined), officers: closedBoard(), talk: silentTalk(), sky: emptySky(), fleet: unreadFleet(), flight: null, sound: { setting: "off", isReady: false }, mapElement: document.createElement("div"), acts, ...change,
  };
}

function drawn(...views: unknown[]): HTMLElement {
  const host = document.createElement("div");
  render(views, host);
  return host;
}

describe("words of other people", () => {
  it("are shown as they are and never become part of the page", () => {
    const session = liveSession("1", { created_by_name: EVIL, watchers: [{ name: EVIL }] });
    session.incident = { ...session.incident, description: EVIL, external_reference: EVIL, type_label: EVIL };
    const line = { id: "m", session_id: "1", sender: "caller" as const, sender_name: "Caller", text: EVIL, language: "en", phrase: null, shown_text: EVIL, shown_language: "en", sent_at: before(1), client_id: "c" };
    const state = { ...stateWith(session), chosenId: "1", details: { "1": { positions: [], messages: [line], pending: [], stills: [], asks: [], uploads: [] } } };
    const desk = deskWith(state, { form: { ...emptyForm(), description: EVIL, error: EVIL } });
    const host = drawn(sessionListView(desk), stageView(desk), detailsView(desk), newIncidentView(desk));
    expect(host.querySelector("img")).toBeNull();
    expect(host.querySelector(".bubble-text")?.textContent).toBe(EVIL);
    expect(host.querySelector("[data-testid=incident-description]")?.textContent).toBe(EVIL);
  });
});

describe("the cover of a lost line", () => {
  it("says from when the data is, until the next snapshot", () => {
    const state = { ...stateWith(), isSynced: false, line: { state: "waiting" as const, code: 1006 } };
    expect(drawn(coverView(deskWith(state))).textContent).toContain("Not connected. Showing data from 12:00:00");
    const open = { ...state, line: { state: "open" as const, code: null } };
    expect(drawn(coverView(deskWith(open))).textContent).toContain("Showing data from 12:00:00");
    expect(drawn(coverView(deskWith({ ...open, isSynced: true }))).textContent.trim()).toBe("");
  });
});

describe("what may not be done", () => {
  it("cannot be clicked while the line is lost", () => {
    const state = { ...stateWith(liveSession("1")), chosenId: "1", isSynced: false };
    const host = drawn(stageView(deskWith(state)));
    expect(host.querySelector<HTMLButtonElement>("[data-testid=end-session]")?.disabled).toBe(true);
    expect(host.querySelector<HTMLButtonElement>("[data-testid=recording-toggle]")?.disabled).toBe(true);
  });

  it("a refused link shows its reason and advice, and an override only to those who may", () => {
    const refusals = [{ code: "o", text: "Could an offender see the phone?", advice: "Send a unit." }];
    const draft = sessionOf("1", { state: "draft", invitation: null, risk: { outcome: "refused", refusals } });
    const state = { ...stateWith(draft), chosenId: "1" };
    const host = drawn(stageView(deskWith(state)), detailsView(deskWith(state)));
    expect(host.querySelector("[data-testid=risk-refused]")?.textContent).toContain("Send a unit.");
    expect(host.querySelector("[data-testid=override]")).toBeNull();
    expect(host.querySelector("[data-testid=send-invitation]")).toBeNull();
    const supervisor = { ...state, me: { ...state.me, permissions: ["risk.override"] } };
    expect(drawn(stageView(deskWith(supervisor))).querySelector("[data-testid=override]")).not.toBeNull();
  });
});

describe("an officer's session", () => {
  const officers = (change = {}): ReturnType<typeof sessionOf> => liveSession("1", {
    kind: "officer", officer: { id: "5", name: "Tom Ashby", number: "1234" }, phone_number_masked: "", consent: null, invitation: null, risk: null,
    assigned_to: { id: "", name: "" }, ...change,
  });
  const drawnFor = (session: ReturnType<typeof sessionOf>): HTMLElement => {
    const state = { ...stateWith(session), chosenId: "1" };
    return drawn(sessionListView(deskWith(state)), stageView(deskWith(state)), detailsView(deskWith(state)));
  };

  it("test_operator_tells_it_by_mark_word_number_and_name", () => {
    const host = drawnFor(officers());
    expect(host.querySelector("[data-testid=session-row] [data-testid=officer-tag]")?.textContent).toBe("Officer");
    expect(host.querySelector("[data-testid=officer-tag] svg")).not.toBeNull();
    expect(host.querySelector("[data-testid=row-sharer]")?.textContent).toBe("1234 Tom Ashby");
    expect(host.querySelector("[data-testid=officer-number]")?.textContent).toBe("1234");
  });

  it("test_operator_is_asked_nothing_about_links_risk_or_consent", () => {
    const host = drawnFor(officers({ state: "consented", live_at: null }));
    expect(host.textContent).toContain("Going live");
    expect(host.textContent).not.toMatch(/consented|risk|link sent/i);
    expect(host.querySelector("[data-testid=tile]")).not.toBeNull();
    expect(host.querySelector("[data-testid=chat-input]")?.getAttribute("placeholder")).toContain("officer");
  });

  it("test_callers_session_has_no_officers_mark", () => {
    const host = drawnFor(liveSession("1"));
    expect(host.querySelector("[data-testid=officer-tag]")).toBeNull();
    expect(host.querySelector("[data-testid=row-sharer]")?.textContent).toBe("•••• •••123");
  });
});
