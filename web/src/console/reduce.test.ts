import { describe, expect, it } from "vitest";

import type { ChatMsg, SessionSummary } from "../signalling/messages";
import { joinTrail, MAX_TRAIL, reduce } from "./reduce";
import { before, fixAt, liveSession, ME, NOON, sessionOf, snapshotOf, stateWith } from "./samples";
import { initialState, type Action, type ConsoleState } from "./state";

const BROADCAST = { topic: "console", seq: 5 };

function wire(state: ConsoleState, message: Extract<Action, { type: "wire" }>["message"], at = NOON): ConsoleState {
  return reduce(state, { type: "wire", message, at });
}

function changed(session: SessionSummary): Extract<Action, { type: "wire" }>["message"] {
  return { type: "session.changed", session, ...BROADCAST };
}

const LINE: ChatMsg = { id: "m1", session_id: "1", sender: "caller", sender_name: "Caller", text: "help", language: "en", phrase: null, shown_text: "help", shown_language: "en", sent_at: before(1), client_id: "c1" };

describe("connection", () => {
  it("is not synced before the snapshot, nor after the line was lost", () => {
    const open = reduce(initialState(ME), { type: "line", state: "open", code: null });
    expect(open.isSynced).toBe(false);
    const synced = wire(open, snapshotOf(sessionOf("1")));
    expect(synced.isSynced).toBe(true);
    const lost = reduce(synced, { type: "line", state: "waiting", code: 1006 });
    expect(lost.isSynced).toBe(false);
    expect(Object.keys(lost.sessions)).toEqual(["1"]);
    expect(lost.lastDataAt).toBe(NOON);
  });

  it("keeps the time of the last frame in the server's clock", () => {
    const state = wire(initialState(ME), snapshotOf(), NOON - 5_000);
    expect(state.clockOffset).toBe(5_000);
    expect(reduce(state, { type: "heard", at: NOON, serverNow: null }).lastDataAt).toBe(NOON + 5_000);
    expect(reduce(state, { type: "heard", at: NOON, serverNow: NOON + 1_000 }).clockOffset).toBe(1_000);
  });

  it("drops what a new snapshot no longer has", () => {
    const state = { ...stateWith(sessionOf("1"), sessionOf("2")), chosenId: "1", details: { "1": { positions: [], messages: [], pending: [], stills: [], asks: [], uploads: [] } } };
    const after = wire(state, snapshotOf(sessionOf("2")));
    expect(Object.keys(after.sessions)).toEqual(["2"]);
    expect(after.chosenId).toBeNull();
    expect(after.details).toEqual({});
  });
});

describe("a message that this page does not know", () => {
  it("changes nothing", () => {
    const state = stateWith(liveSession("1"));
    expect(wire(state, { type: "weather.changed" } as unknown as Parameters<typeof wire>[1])).toBe(state);
  });
});

describe("the wall", () => {
  it("begins with its first page when it is laid out anew, and turns pages without", () => {
    const turned = reduce(stateWith(), { type: "wall", change: { page: 2 } });
    expect(turned.preferences.wall.page).toBe(2);
    expect(reduce(turned, { type: "wall", change: { places: 9 } }).preferences.wall).toMatchObject({ places: 9, page: 0 });
  });
});

describe("a live picture that nobody watches", () => {
  it("is marked until somebody does, and its other marks stay", () => {
    const attention = { state: "unattended" as const, reason: "picture_unwatched" as const, since: before(75), escalated_at: null };
    const session = liveSession("1", { attention });
    const known = { ...stateWith(liveSession("1")), marks: { "1": [{ kind: "opened" as const, at: NOON }] } };
    const marked = wire(known, changed({ ...session, revision: 2 }));
    expect(marked.marks["1"]?.map((mark) => mark.kind)).toEqual(["opened", "unattended"]);
    expect(wire(marked, changed({ ...session, revision: 3 })).marks["1"]).toHaveLength(2);
    const seen = wire(marked, changed({ ...session, revision: 4, attention: null }));
    expect(seen.marks["1"]?.map((mark) => mark.kind)).toEqual(["opened"]);
  });
});

describe("what the phone's part of the delay is", () => {
  it("is kept with the server's time of it", () => {
    const state = wire({ ...stateWith(liveSession("1")), clockOffset: 500 }, { type: "stream.delay", session_id: "1", sending_ms: 90, ...BROADCAST });
    expect(state.sendingDelays).toEqual({ "1": { sending_ms: 90, at: NOON + 500 } });
  });
});

describe("a session that is told twice", () => {
  it("is never overwritten by an older state", () => {
    const ended = wire(stateWith(liveSession("1", { revision: 5 })), changed(sessionOf("1", { revision: 7, state: "ended" })));
    const late = wire(ended, changed(liveSession("1", { revision: 6 })));
    expect(late.sessions["1"]?.state).toBe("ended");
    expect(late.marks).toEqual(ended.marks);
  });

  it("keeps a newer position than the one that came with the state", () => {
    const state = stateWith(liveSession("1", { last_position: fixAt(1) }));
    const after = wire(state, changed(liveSession("1", { revision: 2, last_position: fixAt(9) })));
    expect(after.sessions["1"]?.last_position?.fixed_at).toBe(before(1));
  });
});

describe("marks", () => {
  it("marks an opened link and a first frame", () => {
    const opened = wire(stateWith(sessionOf("1")), changed(sessionOf("1", { state: "opened", opened_at: before(0) })));
    expect(opened.marks["1"]).toEqual([{ kind: "opened", at: NOON }]);
    const live = wire(opened, changed(liveSession("1", { opened_at: before(0) })));
    expect(live.marks["1"]?.map((mark) => mark.kind)).toEqual(["opened", "first_frame"]);
  });

  it("marks what happened while the line was lost", () => {
    const state = wire(stateWith(sessionOf("1")), snapshotOf(liveSession("1")));
    expect(state.marks["1"]?.map((mark) => mark.kind)).toEqual(["opened", "first_frame"]);
  });

  it("does not mark sessions that it sees for the first time", () => {
    expect(wire(stateWith(), changed(liveSession("1"))).marks).toEqual({});
  });

  it("go out when the session is chosen or seen", () => {
    const state = { ...stateWith(liveSession("1")), marks: { "1": [{ kind: "opened" as const, at: NOON }] } };
    expect(reduce(state, { type: "choose", sessionId: "1" }).marks).toEqual({});
    expect(reduce(state, { type: "seen", sessionId: "1" }).marks).toEqual({});
    expect(reduce(state, { type: "seen", sessionId: "2" }).marks).toBe(state.marks);
  });

  it("marks a caller who stops, not an operator who ends", () => {
    const end = (kind: string): ConsoleState =>
      wire(stateWith(liveSession("1")), changed(liveSession("1", { state: "ended", ended_at: before(0), ended_by_kind: kind })));
    expect(end("caller").marks["1"]?.[0]?.kind).toBe("caller_stopped");
    expect(end("user").marks).toEqual({});
  });

  it("an alarm is a mark and a notice that names the incident", () => {
    const state = wire(stateWith(liveSession("1")), { type: "alarm.raised", session_id: "1", code: "recording_not_growing", message: "Nothing is kept.", ...BROADCAST });
    expect(state.marks["1"]?.[0]?.kind).toBe("alarm");
    expect(state.notices[0]).toMatchObject({ tone: "alarm", text: "HERTS-2611-1: Nothing is kept.", sessionId: "1" });
  });
});

describe("positions", () => {
  it("moves the session and its trail", () => {
    const state = { ...stateWith(liveSession("1")), details: { "1": { positions: [fixAt(3)], messages: [], pending: [], stills: [], asks: [], uploads: [] } } };
    const after = wire(state, { type: "position.changed", session_id: "1", fixes: [fixAt(1)], ...BROADCAST });
    expect(after.sessions["1"]?.last_position?.fixed_at).toBe(before(1));
    expect(after.details["1"]?.positions).toHaveLength(2);
  });

  it("never goes back to an older fix", () => {
    const after = wire(stateWith(liveSession("1")), { type: "position.changed", session_id: "1", fixes: [fixAt(60)], ...BROADCAST });
    expect(after.sessions["1"]?.last_position?.fixed_at).toBe(before(3));
  });

  it("adds a trail to an opened session", () => {
    const state = { ...stateWith(liveSession("1")), details: { "1": { positions: [], messages: [], pending: [], stills: [], asks: [], uploads: [] } } };
    const after = wire(state, { type: "position.trail", session_id: "1", fixes: [fixAt(2), fixAt(1)], topic: "session.1", seq: 1 });
    expect(after.details["1"]?.positions).toHaveLength(2);
  });

  it("ignores a position of a session that it does not know", () => {
    const state = stateWith();
    expect(wire(state, { type: "position.changed", session_id: "9", fixes: [fixAt(1)], ...BROADCAST })).toBe(state);
  });

  it("keeps trails in order, without doubles, and bounded", () => {
    expect(joinTrail([fixAt(5)], [fixAt(5), fixAt(6), fixAt(4)])).toHaveLength(2);
    const long = Array.from({ length: MAX_TRAIL + 50 }, (_, index) => fixAt(1_000 - index));
    expect(joinTrail([], long)).toHaveLength(MAX_TRAIL);
    expect(joinTrail([], long).at(-1)?.fixed_at).toBe(long.at(-1)?.fixed_at);
  });
});

describe("chat", () => {
  const opened = { ...stateWith(liveSession("1")), details: { "1": { positions: [], messages: [], pending: [], stills: [], asks: [], uploads: [] } } };

  it("keeps a sent line until its echo arrives, and empties the input", () => {
    const typed = reduce(opened, { type: "chat.draft", sessionId: "1", text: "hello" });
    const sent = reduce(typed, { type: "chat.sent", sessionId: "1", clientId: "c9", text: "hello", phrase: null, at: NOON });
    expect(sent.details["1"]?.pending).toHaveLength(1);
    expect(sent.chatDrafts["1"]).toBe("");
    const echo = wire(sent, { type: "chat.message", ...LINE, id: "m9", client_id: "c9", sender: "operator", topic: "session.1", seq: 1 });
    expect(echo.details["1"]?.pending).toEqual([]);
    expect(echo.details["1"]?.messages).toHaveLength(1);
  });

  it("keeps a refused line with its reason, and sends it again as the same line", () => {
    const sent = reduce(opened, { type: "chat.sent", sessionId: "1", clientId: "c9", text: "hello", phrase: null, at: NOON });
    const failed = reduce(sent, { type: "chat.failed", clientId: "c9", reason: "Not connected" });
    expect(failed.details["1"]?.pending[0]?.failure).toBe("Not connected");
    const again = reduce(failed, { type: "chat.sent", sessionId: "1", clientId: "c9", text: "hello", phrase: null, at: NOON });
    expect(again.details["1"]?.pending).toEqual([{ clientId: "c9", text: "hello", phrase: null, at: NOON, failure: null }]);
  });

  it("takes a line that comes twice once", () => {
    const message = { type: "chat.message" as const, ...LINE, topic: "session.1", seq: 1 };
    expect(wire(wire(opened, message), message).details["1"]?.messages).toHaveLength(1);
  });

  it("marks a caller's line unless its session is on the screen", () => {
    const message = { type: "chat.message" as const, ...LINE, topic: "session.1", seq: 1 };
    expect(wire(opened, message).marks["1"]?.[0]?.kind).toBe("caller_message");
    expect(wire({ ...opened, chosenId: "1" }, message).marks).toEqual({});
    expect(wire({ ...opened, chosenId: "1", mode: "wall" }, message).marks["1"]).toHaveLength(1);
  });

  it("a new snapshot of the session keeps lines that are still on their way", () => {
    const sent = reduce(opened, { type: "chat.sent", sessionId: "1", clientId: "c9", text: "hello", phrase: null, at: NOON });
    const after = wire(sent, { type: "session.snapshot", session: liveSession("1"), positions: [], messages: [LINE], stills: [], still_asks: [], uploads: [], talk: null, seqs: {} });
    expect(after.details["1"]).toMatchObject({ messages: [LINE], pending: [{ clientId: "c9" }] });
  });
});

describe("notices", () => {
  it("says the same thing once, and can be put away", () => {
    const say = (state: ConsoleState): ConsoleState => reduce(state, { type: "notice", tone: "error", text: "No.", sessionId: null, at: NOON });
    const twice = say(say(stateWith()));
    expect(twice.notices).toHaveLength(1);
    expect(reduce(twice, { type: "notice.dismiss", id: twice.notices[0]!.id }).notices).toEqual([]);
  });
});
