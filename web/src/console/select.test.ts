import { describe, expect, it } from "vitest";

import { pongTime } from "./link";
import { errorPhrase, reasonPhrase } from "./phrases";
import { loadStart } from "./pagedata";
import { csrfToken } from "../signalling/csrf";
import { reduce } from "./reduce";
import { Rest } from "./rest";
import { before, liveSession, ME, sessionOf, stateWith } from "./samples";
import { groupSessions, hasFailedToSend, hearable, isBlurred, isOnOne, listedIds, otherWatchers, placedSessions, shortName, standingWord } from "./select";
import { NOTHING_SHARED } from "./sharedstate";
import { loudest, newSignals, sessionSignals } from "./signals";
import { peakGain, readSetting } from "./sound";
import { wantedStreams } from "./wanted";

describe("the list", () => {
  const sessions = stateWith(
    sessionOf("1", { created_at: before(10) }), liveSession("2"), sessionOf("3", { state: "ended", ended_at: before(500) }),
    sessionOf("4", { state: "draft", created_at: before(20) }), sessionOf("5", { state: "expired", ended_at: before(100) }),
  ).sessions;

  it("groups by state: waiting oldest first, ended newest first", () => {
    const { live, waiting, ended } = groupSessions(sessions);
    expect([live, waiting, ended].map((part) => part.map((one) => one.id))).toEqual([["2"], ["4", "1"], ["5", "3"]]);
    expect(listedIds(sessions)).toEqual(["2", "4", "1", "5", "3"]);
  });
});

it("where there is little room, our reference goes without the force's letters, and another's stays whole", () => {
  const incident = { ...sessionOf("0012").incident };
  const named = (external_reference: string): string => shortName(sessionOf("0012", { incident: { ...incident, external_reference } }));
  expect([named(""), named("CAD-2611")]).toEqual(["2611-0012", "CAD-2611"]);
});

it("the map stands beside one caller also when another force shares it, and beside none on the wall", () => {
  const none = { mode: "session", chosenId: null, shared: NOTHING_SHARED } as const;
  const theirs = { ...NOTHING_SHARED, chosenId: "g1" };
  const places = [none, { ...none, chosenId: "1" }, { ...none, shared: theirs }, { ...none, mode: "wall", shared: theirs }] as const;
  expect(places.map(isOnOne)).toEqual([false, true, true, false]);
});

describe("how a session stands", () => {
  const sent = (state: "queued" | "sent" | "failed"): ReturnType<typeof sessionOf> =>
    sessionOf("1", { invitation: { ...sessionOf("1").invitation!, state } });

  it("says of a message what became of it", () => {
    expect([sent("queued"), sent("sent"), sent("failed")].map(standingWord)).toEqual(["Sending", "Link sent", "Not delivered"]);
    expect([sent("sent"), sent("failed")].map(hasFailedToSend)).toEqual([false, true]);
  });

  it("says what came after, whatever became of the message", () => {
    const opened = { ...sent("failed"), state: "opened" as const };
    expect([standingWord(opened), hasFailedToSend(opened)]).toEqual(["Link opened", false]);
  });
});

describe("watching", () => {
  const stalled = liveSession("2", { stream: { ...liveSession("2").stream!, state: "stalled" } });
  const state = stateWith(liveSession("1"), stalled, liveSession("3", { stream: null }));

  it("only the chosen session, without a choice none", () => {
    expect(wantedStreams(state)).toEqual([]);
    expect(wantedStreams({ ...state, chosenId: "1" })).toEqual([{ sessionId: "1", streamId: "s-1", layer: "high" }]);
  });

  it("every picture on the wall", () => {
    expect(wantedStreams({ ...state, mode: "wall" }).map((one) => one.streamId)).toEqual(["s-1", "s-2"]);
  });

  it("nothing without the right to, and no picture that is over", () => {
    expect(wantedStreams({ ...state, chosenId: "1", me: { ...ME, permissions: [] } })).toEqual([]);
    const over = stateWith(liveSession("1", { stream: { ...liveSession("1").stream!, state: "ended" } }));
    expect(wantedStreams({ ...over, chosenId: "1" })).toEqual([]);
    expect(wantedStreams({ ...over, chosenId: "1", comingStreams: { 1: "s-1" } })).toEqual([]);
  });

  it("a phone that is still connecting, so that its first picture is seen", () => {
    const coming = { ...stateWith(liveSession("1", { stream: null })), chosenId: "1", comingStreams: { 1: "s-9" } };
    expect(wantedStreams(coming)).toEqual([{ sessionId: "1", streamId: "s-9", layer: "high" }]);
    const early = stateWith(liveSession("1", { stream: { ...liveSession("1").stream!, state: "connecting" } }));
    expect(wantedStreams({ ...early, chosenId: "1" })).toEqual([{ sessionId: "1", streamId: "s-1", layer: "high" }]);
  });

  it("names others, each once, and not me", () => {
    const session = liveSession("1", { watchers: [{ name: "Alex Morgan" }, { name: "Priya Shah" }, { name: "Priya Shah" }] });
    expect(otherWatchers(session, "Alex Morgan")).toEqual(["Priya Shah"]);
  });

  it("puts ended sessions on the map only when they are chosen", () => {
    const ended = stateWith(liveSession("1"), liveSession("2", { state: "ended" }));
    expect(placedSessions(ended).map(({ session }) => session.id)).toEqual(["1"]);
    expect(placedSessions({ ...ended, chosenId: "2" })).toHaveLength(2);
  });
});

describe("sounds", () => {
  const state = stateWith(liveSession("1"), liveSession("2", { assigned_to: { id: "8", name: "Priya Shah" } }));
  const signals = [{ sessionId: "1", kind: "opened" as const }, { sessionId: "2", kind: "first_frame" as const }];

  it("of my own sessions, of the chosen one, of all, or none", () => {
    expect(hearable(signals, state, "mine").map((one) => one.sessionId)).toEqual(["1"]);
    expect(hearable(signals, { ...state, chosenId: "2" }, "mine")).toHaveLength(2);
    expect(hearable(signals, state, "all")).toHaveLength(2);
    expect(hearable(signals, state, "off")).toEqual([]);
    expect(hearable([{ sessionId: "2", kind: "alarm" }], state, "mine")).toHaveLength(1);
  });

  it("come from new marks only, the loudest alone", () => {
    const mark = { kind: "opened" as const, at: 1 };
    const first = { ...state, marks: { "1": [mark] } };
    const second = { ...state, marks: { "1": [mark, { kind: "first_frame" as const, at: 2 }] } };
    expect(newSignals(first, second)).toEqual([{ sessionId: "1", kind: "first_frame" }]);
    expect(newSignals(second, first)).toEqual([]);
    expect(loudest(signals)).toBe("first_frame");
    expect(loudest([])).toBeNull();
  });

  it("take a kept setting, and a sensible one when it is nonsense", () => {
    const storage = (value: string | null): Storage => ({ getItem: () => value }) as unknown as Storage;
    expect([readSetting(storage("all")), readSetting(storage("loud")), readSetting(null)]).toEqual(["all", "mine", "mine"]);
  });
});

describe("a lost picture", () => {
  const gone = (change: object): ReturnType<typeof liveSession> => liveSession("1", { stream: { ...liveSession("1").stream!, ...change } });

  it("is one that stalls or is cut; not one that its caller stops, or that was lost before", () => {
    expect(sessionSignals(liveSession("1"), gone({ state: "stalled" }), ME)).toEqual(["lost"]);
    expect(sessionSignals(liveSession("1"), gone({ state: "ended", end_reason: "hangup" }), ME)).toEqual(["lost"]);
    expect(sessionSignals(liveSession("1"), gone({ state: "ended", end_reason: "stopped" }), ME)).toEqual([]);
    expect(sessionSignals(gone({ state: "stalled" }), gone({ state: "stalled" }), ME)).toEqual([]);
  });

  it("is nothing of a session that is over", () => {
    const over = { ...gone({ state: "ended", end_reason: "hangup" }), state: "ended" as const };
    expect(sessionSignals(liveSession("1"), over, ME)).toEqual([]);
  });
});

describe("a new picture", () => {
  const state = stateWith(liveSession("1"));

  it("is blurred until it is asked for, and again when it was too much", () => {
    expect(isBlurred(state, "1")).toBe(true);
    const shown = reduce(state, { type: "picture", sessionId: "1", isShown: true });
    expect([isBlurred(shown, "1"), isBlurred(shown, "2")]).toEqual([false, true]);
    expect(isBlurred(reduce(shown, { type: "picture", sessionId: "1", isShown: false }), "1")).toBe(true);
  });

  it("is shown at once where the operator wants it so, and may be blurred all the same", () => {
    const open = reduce(state, { type: "prefer", change: { blursNew: false } });
    expect(isBlurred(open, "1")).toBe(false);
    expect(isBlurred(reduce(open, { type: "picture", sessionId: "1", isShown: false }), "1")).toBe(true);
  });
});

describe("volume", () => {
  it("is nothing at nothing, and never more than all", () => {
    expect([peakGain(0), peakGain(-1)]).toEqual([0, 0]);
    expect(peakGain(9)).toBe(peakGain(1));
    expect(peakGain(0.5)).toBeLessThan(peakGain(1));
  });
});

describe("words and frames", () => {
  it("fall back on the server's own sentence for an unknown code", () => {
    expect(errorPhrase("new_code", "Its own sentence.")).toBe("Its own sentence.");
    expect(errorPhrase("new_code", "")).toBe("This could not be done.");
    expect(reasonPhrase("never_heard_of")).toBe("Never heard of");
    expect(reasonPhrase(null)).toBe("");
  });

  it("reads the server's clock from a heartbeat's answer only", () => {
    expect(pongTime('{"type":"heartbeat.pong","sent_at":"x","now":"2026-11-22T12:00:00.000Z"}')).toBe(Date.parse("2026-11-22T12:00:00Z"));
    expect(pongTime('{"type":"chat.message","text":"\\"heartbeat.pong\\"","now":"2026-11-22T12:00:00.000Z"}')).toBeNull();
    expect(pongTime("nonsense")).toBeNull();
  });

  it("takes the CSRF token from the cookie, else from the page", () => {
    const page = document.implementation.createHTMLDocument();
    const field = page.createElement("input");
    Object.assign(field, { name: "csrfmiddlewaretoken", value: "from-page" });
    page.body.append(field);
    expect(csrfToken(page)).toBe("from-page");
    Object.defineProperty(page, "cookie", { value: "a=b; sl_csrf=from%2Dcookie", configurable: true });
    expect(csrfToken(page)).toBe("from-cookie");
    Object.defineProperty(page, "cookie", { value: "sl_csrf=planted; __Host-sl_csrf=ours" });
    expect(csrfToken(page)).toBe("ours");
  });

  it("starts with the page's own data, and asks the door where the page has none", async () => {
    const page = document.implementation.createHTMLDocument();
    const rest = (answer: unknown): Rest => new Rest(() => Promise.resolve(Response.json(answer)));
    const who = { id: 7, name: "Alex", role: "operator", permissions: ["link.send", 3] };
    const start = { page: { forceName: "Herts", mapTilesUrl: "t" }, me: { ...who, id: "7", permissions: ["link.send"] } };
    expect(await loadStart(rest({ ...who, force: { name: "Herts" }, map_tiles_url: "t" }), page)).toEqual(start);
    const script = page.createElement("script");
    Object.assign(script, { id: "page-data", type: "application/json", textContent: JSON.stringify({ map_tiles_url: "t", force: { name: "Herts" }, me: who }) });
    page.body.append(script);
    expect(await loadStart(rest(null), page)).toEqual(start);
  });
});
