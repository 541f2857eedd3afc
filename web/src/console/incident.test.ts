import { render } from "lit-html";
import { describe, expect, it, vi } from "vitest";

import { FakeSocket } from "../signalling/fake_socket";
import type { ConsoleServerMessage, IncidentMsg, IncidentPage, TimelineEntry } from "../signalling/messages";
import { emptyFields } from "./asking";
import type { Acts, Desk } from "./desk";
import { IncidentKeeper, LEAST_MS, MOST_MS } from "./incidentkeeper";
import type { IncidentRest, TimelinePage } from "./incidentrest";
import { incidentPictures, incidentSessions } from "./incidentstate";
import { entryWords } from "./incidentwords";
import { ConsoleLink } from "./link";
import { reduce } from "./reduce";
import { unreadFleet } from "./fleetsamples";
import { before, closedBoard, liveSession, ME, NOON, sessionOf, emptySky, silentTalk, snapshotOf, stateWith } from "./samples";
import { initialState, type Action, type ConsoleState } from "./state";
import { Store } from "./store";
import { incidentPageView } from "./views/incident";
import { wantedStreams } from "./wanted";
import { WatchPool } from "./watches";

const EVIL = '<img src=x onerror="alert(1)">';
const INCIDENT = {
  id: "i-1", reference: "HERTS-2611-1", external_reference: "CAD 7", type: "fire", type_label: "Fire", description: EVIL,
  opened_at: before(600), opened_by_name: "Alex Morgan", closed_at: null,
};
const OFFICER = liveSession("2", {
  kind: "officer", officer: { id: "5", name: "Tom Ashby", number: "1234" }, created_at: before(20),
  incident: { ...liveSession("1").incident }, watchers: [{ name: "Alex Morgan" }],
});
const OLD = sessionOf("3", { state: "ended", ended_at: before(90_000), created_at: before(99_000), incident: { ...liveSession("1").incident } });

function line(id: string, seconds: number, change: Partial<IncidentMsg> = {}): IncidentMsg {
  return { id, incident_id: "i-1", sender: "officer", sender_id: "5", sender_name: "Tom Ashby", text: id, sent_at: before(seconds), client_id: id, ...change };
}

function pageOf(change: Partial<IncidentPage> = {}): IncidentPage {
  const officers = [{ id: "5", name: "Tom Ashby", number: "1234", session_id: "2" }];
  return { incident: INCIDENT, sessions: [liveSession("1"), OFFICER, OLD], officers, messages: [], items: [], uploads: [], ...change };
}

function entry(id: string, seconds: number, change: Partial<TimelineEntry> = {}): TimelineEntry {
  return { id, at: before(seconds), kind: "live", session_id: "1", who: "", detail: {}, ...change };
}

function said(state: ConsoleState, message: unknown): ConsoleState {
  return reduce(state, { type: "wire", message: { topic: "incident.i-1", seq: 1, ...(message as object) } as ConsoleServerMessage, at: NOON });
}

function opened(change: Partial<IncidentPage> = {}): ConsoleState {
  const chosen = reduce(stateWith(liveSession("1"), OFFICER, liveSession("9")), { type: "incident.choose", incidentId: "i-1" });
  return said(chosen, { type: "incident.snapshot", ...pageOf(change), seqs: {} });
}

function drawn(state: ConsoleState, acts: Partial<Acts> = {}): HTMLElement {
  const me = { ...ME, permissions: [...ME.permissions, "incident.open", "session.control", "flight.control"] };
  const desk = {
    state: { ...state, me }, now: NOON, at: NOON, shownSince: 0, local: emptyFields(), pool: new WatchPool(() => true, () => undefined),
    officers: closedBoard(), talk: silentTalk(), sky: emptySky(), fleet: unreadFleet(), flight: null, mapElement: document.createElement("div"), acts,
  } as unknown as Desk;
  const host = document.createElement("div");
  document.body.replaceChildren(host);
  render(incidentPageView(desk), host);
  expect(host.querySelector("img")).toBeNull();
  return host;
}

function textsOf(host: HTMLElement, testId: string): string[] {
  return [...host.querySelectorAll(`[data-testid=${testId}]`)].map((one) => one.textContent.replace(/\s+/g, " ").trim());
}

describe("the incident's page", () => {
  it("shows its own sessions and pictures and no others, those of days ago too", () => {
    const state = opened();
    expect(incidentSessions(state).map((one) => one.id)).toEqual(["2", "1", "3"]);
    expect(incidentPictures(state).shown.map((one) => one.id).sort()).toEqual(["1", "2"]);
    expect(wantedStreams(state).map((one) => one.sessionId).sort()).toEqual(["1", "2"]);
    const host = drawn(state);
    expect(textsOf(host, "incident-title")).toEqual(["CAD 7"]);
    expect(host.querySelector(".incident-description")?.textContent).toBe(EVIL);
    expect(textsOf(host, "person")[0]).toContain("1234 Tom Ashby");
    expect(textsOf(host, "person")).toHaveLength(3);
  });

  it("leads to a session, to one that is older than the list by what was found of it", () => {
    const acts = { choose: vi.fn(), openFound: vi.fn() };
    const people = [...drawn(opened(), acts).querySelectorAll<HTMLButtonElement>("[data-testid=person]")];
    people[0]?.click();
    people[2]?.click();
    expect(acts.choose).toHaveBeenCalledWith("2");
    expect(acts.openFound).toHaveBeenCalledWith(OLD);
  });

  it("offers a drone's flight while it is open, also where nobody is in it yet", () => {
    const acts = { planFlight: vi.fn() };
    drawn(opened({ sessions: [], officers: [] }), acts).querySelector<HTMLButtonElement>("[data-testid=plan-drone]")?.click();
    expect(acts.planFlight).toHaveBeenCalledWith(INCIDENT);
    const closed = said(opened(), { type: "incident.changed", incident: { ...INCIDENT, closed_at: before(1) } });
    expect(drawn(closed, acts).querySelector("[data-testid=plan-drone]")).toBeNull();
  });

  it("closes and opens again, and takes no message while it is closed", () => {
    const acts = { closeIncident: vi.fn(), reopenIncident: vi.fn() };
    drawn(opened(), acts).querySelector<HTMLButtonElement>("[data-testid=close-incident]")?.click();
    expect(acts.closeIncident).toHaveBeenCalledWith("i-1");
    const host = drawn(said(opened(), { type: "incident.changed", incident: { ...INCIDENT, closed_at: before(1) } }), acts);
    expect(host.querySelector("[data-testid=incident-input]")).toBeNull();
    host.querySelector<HTMLButtonElement>("[data-testid=reopen-incident]")?.click();
    expect(acts.reopenIncident).toHaveBeenCalledWith("i-1");
  });
});

describe("the group text", () => {
  it("stands in the order of its times, each line once, whatever way it came", () => {
    const first = said(opened({ messages: [line("a", 30)] }), { type: "incident.message", message: line("c", 10) });
    const state = said(said(first, { type: "incident.message", message: line("b", 20) }), { type: "incident.message", message: line("c", 10) });
    expect(state.incident.page?.messages.map((one) => one.id)).toEqual(["a", "b", "c"]);
    expect(textsOf(drawn(state), "group-message").map((text) => text.at(-1))).toEqual(["a", "b", "c"]);
  });

  it("keeps a line until it has come back, and says why one did not go", () => {
    const sent = reduce(opened(), { type: "incident.sent", clientId: "x", text: "Units on the way" });
    expect(textsOf(drawn(sent), "group-text")[0]).toContain("Sending Units on the way");
    const failed = reduce(sent, { type: "incident.failed", clientId: "x", reason: "Not connected" });
    expect(textsOf(drawn(failed), "group-text")[0]).toContain("Not sent: Not connected");
    const back = said(failed, { type: "incident.message", message: line("m", 1, { sender: "control", sender_id: ME.id, client_id: "x", text: "Units on the way" }) });
    expect(back.incident.pending).toEqual([]);
    expect(said(failed, { type: "incident.message", message: line("m", 1, { client_id: "x" }) }).incident.pending).toHaveLength(1);
  });

  it("follows who goes there, whichever word of it comes last", () => {
    const going = (id: string, revision: number, state: string): unknown => ({
      type: "assignment.changed", assignment: {
        id: `as-${id}`, revision, incident: INCIDENT, officer: { id, name: "Kim Birch", number: "77" }, status: "en_route", note: "", state, asked_by_name: "", asked_at: before(9),
        answered_at: null, refusal: "", ended_at: null, end_reason: "",
      },
    });
    const first = opened();
    expect(said(first, going("7", 1, "asked")).incident.page?.officers).toHaveLength(1);
    const there = said(first, going("7", 2, "accepted"));
    expect(there.incident.page?.officers.at(-1)).toEqual({ id: "7", name: "Kim Birch", number: "77", session_id: null });
    expect(there.incident.changes).toBe(first.incident.changes + 1);
    const gone = said(there, going("7", 3, "ended"));
    expect(gone.incident.page?.officers.map((one) => one.id)).toEqual(["5"]);
    expect(said(gone, going("7", 2, "accepted")).incident.page?.officers.map((one) => one.id)).toEqual(["5"]);
    const live = said(said(first, going("5", 1, "accepted")), going("5", 2, "ended"));
    expect(live.incident.page?.officers).toEqual(first.incident.page?.officers);
  });

  it("says who is addressed, and who wrote", () => {
    const host = drawn(opened({ messages: [line("m", 1, { text: EVIL, sender: "control", sender_id: "8", sender_name: "Sam Lee" })] }));
    expect(textsOf(host, "group-text")[0]).toContain("1 officer reads it");
    expect(textsOf(host, "group-message")[0]).toContain("Control room, Sam Lee");
    expect(textsOf(host, "group-message")[0]).toContain(EVIL);
  });

  it("of an incident that is not on the screen marks the officer's session, until that incident is opened", () => {
    const news = { type: "incident.said", incident_id: "i-1", reference: "HERTS-2611-1", session_id: "2", sender_name: "Tom Ashby", sent_at: before(0) };
    const marked = said(stateWith(liveSession("1"), OFFICER), news);
    expect(marked.marks["2"]?.map((mark) => mark.kind)).toEqual(["officer_message"]);
    expect(reduce(marked, { type: "incident.choose", incidentId: "i-1" }).marks).toEqual({});
    expect(said(opened(), news).marks).toEqual({});
    expect(said(stateWith(), { ...news, session_id: null }).notices.map((one) => one.text)).toEqual(["HERTS-2611-1: Tom Ashby wrote to the incident"]);
  });

  it("is opened again after a gap, and let go with the page", () => {
    const socket = new FakeSocket();
    const store = new Store<ConsoleState, Action>(initialState(ME), reduce);
    const link = new ConsoleLink(store, { onOffer: vi.fn(), onEnded: vi.fn(), onRefused: vi.fn() }, vi.fn(), { openSocket: () => socket as unknown as WebSocket });
    link.start();
    socket.accept();
    socket.feed(snapshotOf());
    link.openIncident("i-1");
    socket.feed({ type: "incident.snapshot", ...pageOf(), seqs: { "incident.i-1": 2 } });
    socket.feed({ type: "incident.message", message: line("m", 1), topic: "incident.i-1", seq: 4 });
    expect(socket.types).toEqual(["incident.open", "incident.open"]);
    link.sayOnIncident("i-1", "x", "Hello");
    socket.feed({ type: "error", code: "invalid_transition", message: "This incident is closed.", ref: "say:x" });
    expect(store.state.incident.pending.map((one) => one.failure)).toEqual([expect.any(String)]);
    link.openIncident(null);
    expect(socket.sent.at(-1)).toMatchObject({ type: "incident.close", incident_id: "i-1" });
  });
});

describe("the time line", () => {
  function withTimeline(entries: TimelineEntry[], next: string | null, isEarlier = false, state = opened()): ConsoleState {
    return reduce(state, { type: "incident.timeline", incidentId: "i-1", group: "", entries, next, isEarlier });
  }

  it("is fetched soon after a change, but not at every change, and an answer of another part counts no more", async () => {
    const store = new Store<ConsoleState, Action>(opened(), reduce);
    const timeline = vi.fn<() => Promise<TimelinePage>>(() => Promise.resolve({ entries: [entry("a", 1)], next: null }));
    const page = vi.fn(() => Promise.resolve(pageOf()));
    const keeper = new IncidentKeeper({ timeline, page } as unknown as IncidentRest, store);
    const look = async (at: number): Promise<number> => {
      keeper.look(store.state, at);
      await new Promise((done) => setTimeout(done));
      return timeline.mock.calls.length;
    };
    expect(await look(0)).toBe(1);
    expect(await look(500)).toBe(1);
    for (let revision = 2; revision < 9; revision += 1) store.dispatch({ type: "wire", message: { type: "session.changed", session: liveSession("1", { revision }), topic: "console", seq: revision }, at: NOON });
    expect(await look(LEAST_MS - 1)).toBe(1);
    expect(await look(LEAST_MS)).toBe(2);
    expect(await look(2 * LEAST_MS)).toBe(2);
    expect(page).not.toHaveBeenCalled();
    store.dispatch({ type: "wire", message: { type: "item.changed", item_id: "t", session_id: "1", state: "sealed", topic: "console", seq: 9 }, at: NOON });
    expect(await look(3 * LEAST_MS)).toBe(3);
    expect(page).toHaveBeenCalledOnce();
    expect(await look(3 * LEAST_MS + MOST_MS)).toBe(4);
    store.dispatch({ type: "wire", message: { type: "session.changed", session: liveSession("9", { revision: 5 }), topic: "console", seq: 10 }, at: NOON });
    expect(await look(4 * LEAST_MS + MOST_MS)).toBe(4);
    store.dispatch({ type: "incident.group", group: "watch" });
    const late = withTimeline([entry("z", 0)], null, false, store.state);
    expect(late.incident.timeline.entries).toEqual([]);
    expect(await look(4 * LEAST_MS + MOST_MS + 1)).toBe(5);
  });

  it("keeps what was fetched before behind what is new", () => {
    const earlier = withTimeline([entry("c", 30)], null, true, withTimeline([entry("a", 10), entry("b", 20)], "place"));
    expect(earlier.incident.timeline).toMatchObject({ next: null, entries: [{ id: "a" }, { id: "b" }, { id: "c" }] });
    const anew = withTimeline([entry("n", 5), entry("a", 10)], "other", false, earlier);
    expect(anew.incident.timeline.entries.map((one) => one.id)).toEqual(["n", "a", "b", "c"]);
    expect(anew.incident.timeline.next).toBeNull();
  });

  it("says in words what happened, to whom, by the server's clock", () => {
    const host = drawn(withTimeline([entry("a", 3, { kind: "watch_began", who: EVIL }), entry("b", 60, { session_id: "2" })], "place"));
    const [first, second] = textsOf(host, "timeline-entry");
    expect(first).toContain(`11:59:57 ${EVIL} began to watch`);
    expect(second).toContain("Live 1234 Tom Ashby");
    expect(host.querySelector("[data-testid=timeline-earlier]")).not.toBeNull();
    const ended = { agency: "East of England Ambulance", end_reason: "no_consent" };
    expect(entryWords(entry("g", 0, { kind: "agency_ended", detail: ended }))).toBe("Sharing with East of England Ambulance ended: the caller took the consent back");
    expect(entryWords(entry("c", 0, { kind: "new_thing" }))).toBe("new thing");
    expect(entryWords(entry("o", 0, { kind: "officer_declined", who: "Kim", detail: { refusal: "too_far" } }))).toBe("Kim does not go: too far away");
    expect(entryWords(entry("v", 0, { kind: "view_answered", who: "Kim", detail: { state: "declined", refusal: "busy" } }))).toBe("Kim does not show: hands are needed");
    expect(entryWords(entry("d", 0, { kind: "back", detail: { began_at: before(9) } }))).toBe("Picture back after 9 s");
  });

  it("says who showed a picture to the officers on the incident, and who hid it or why it ended", () => {
    const words = (kind: string, who: string, detail: Record<string, unknown> = {}): string => entryWords(entry("s", 0, { kind, who, detail }));
    expect(words("picture_shown", "Kim")).toBe("Shown to the officers on the incident by Kim");
    expect(words("picture_hidden", "Sam", { end_reason: "hidden" })).toBe("Hidden from the officers on the incident by Sam");
    expect(words("picture_hidden", "", { end_reason: "session_over" })).toBe("Shown to the officers on the incident no longer: the session was over");
    expect(words("picture_hidden", "", { end_reason: "no_consent" })).toBe("Shown to the officers on the incident no longer: the caller took the consent back");
  });

  it("says when it is not up to date", () => {
    const host = drawn(reduce(withTimeline([entry("a", 3)], null), { type: "incident.timeline.failed", reason: "No answer" }));
    expect(textsOf(host, "timeline")[0]).toContain("Not up to date: No answer");
    expect(textsOf(host, "timeline-entry")).toHaveLength(1);
  });
});
