import { describe, expect, it, vi } from "vitest";

import { FakeSocket } from "../signalling/fake_socket";
import { HEARTBEAT_MS } from "../signalling/socket";
import { ConsoleLink, WATCH_REF } from "./link";
import { reduce } from "./reduce";
import { before, liveSession, ME, NOON, snapshotOf } from "./samples";
import { initialState, type Action, type ConsoleState } from "./state";
import { Store } from "./store";

/** A link over sockets that are opened by hand; the newest is last. */
function linked() {
  const sockets: FakeSocket[] = [];
  const store = new Store<ConsoleState, Action>(initialState(ME), reduce);
  const watches = { onOffer: vi.fn(), onEnded: vi.fn(), onRefused: vi.fn() };
  const onItemChanged = vi.fn();
  const openSocket = (): WebSocket => {
    const socket = new FakeSocket();
    sockets.push(socket);
    return socket as unknown as WebSocket;
  };
  const policy = { steps_ms: [0], jitter: 0 };
  const link = new ConsoleLink(store, watches, onItemChanged, { openSocket, policy });
  link.start();
  sockets[0]!.accept();
  return { sockets, socket: sockets[0]!, store, watches, onItemChanged, link };
}

const SHARED = {
  id: "g1", force: { schema: "herts", name: "Hertfordshire" }, reference: "INC-7", purpose: "Pursuit", chat: true, recording: false, ended_at: null,
  granted_at: before(9), ends_at: before(-9), stream: null, revision: 1,
};
const CHANGED = { type: "session.changed", session: liveSession("1"), topic: "console" };

describe("the console's line", () => {
  it("asks for everything again when a broadcast is missing", () => {
    const { socket } = linked();
    socket.feed(snapshotOf(liveSession("1")));
    socket.feed({ ...CHANGED, seq: 5 });
    expect(socket.types).toEqual([]);
    socket.feed({ ...CHANGED, seq: 8 });
    expect(socket.types).toEqual(["console.snapshot"]);
  });

  it("says of an act that was lost with the line that nobody knows, and not of one that a pong proved", () => {
    vi.useFakeTimers();
    const { sockets, socket, store, link } = linked();
    const give = { type: "share.give", session_id: "1", force: "beds", purpose: "Pursuit", ends_at: 1, chat: false, recording: false } as const;
    const pong = (): void => socket.feed({ type: "heartbeat.pong", sent_at: (socket.sent.at(-1) as unknown as { sent_at: string }).sent_at, now: new Date().toISOString() });
    link.send({ type: "share.revoke", session_id: "1", share_id: "2" });
    vi.advanceTimersByTime(HEARTBEAT_MS);
    pong();
    link.send(give);
    socket.drop(1006);
    vi.useRealTimers();
    expect(store.state.notices.map(({ text }) => text)).toEqual([expect.stringMatching(/lost just then.*\(sharing with another force\)/)]);
    expect(sockets).toHaveLength(1);
  });

  it("opens the chosen session again when one of its own broadcasts is missing", () => {
    const { socket, link } = linked();
    socket.feed(snapshotOf(liveSession("1")));
    link.openSession("1");
    socket.feed({ type: "session.snapshot", session: liveSession("1"), positions: [], messages: [], stills: [], still_asks: [], uploads: [], seqs: { "session.1": 2 } });
    socket.feed({ type: "position.trail", session_id: "1", fixes: [], topic: "session.1", seq: 4 });
    expect(socket.sent.at(-1)).toMatchObject({ type: "session.open", session_id: "1" });
    expect(socket.types).toEqual(["session.open", "session.open"]);
  });

  it("follows what another force shares, again after a gap, and lets it go", () => {
    const { socket, link } = linked();
    socket.feed({ ...snapshotOf(), shared: [SHARED] });
    link.openShared("g1");
    socket.feed({ type: "shared.snapshot", shared: SHARED, position: null, messages: [], seqs: { "shared.g1": 2 } });
    socket.feed({ type: "shared.message", share_id: "g1", message: { id: "m" }, topic: "shared.g1", seq: 4 });
    expect(socket.types).toEqual(["shared.open", "shared.open"]);
    link.openShared(null);
    expect(socket.sent.at(-1)).toMatchObject({ type: "shared.close", share_id: "g1" });
  });

  it("asks for the list when it hears of a share that it does not know", () => {
    const { socket } = linked();
    socket.feed({ ...snapshotOf(), shared: [SHARED] });
    socket.feed({ type: "shared.granted", share_id: "g1", topic: "console", seq: 5 });
    expect(socket.types).toEqual([]);
    socket.feed({ type: "shared.granted", share_id: "g2", topic: "console", seq: 6 });
    expect(socket.types).toEqual(["console.snapshot"]);
  });

  it("is not synced until the snapshot of a new connection, and then follows the chosen session again", async () => {
    const { sockets, socket, store, link } = linked();
    socket.feed(snapshotOf(liveSession("1")));
    link.openSession("1");
    socket.drop(1006);
    expect(store.state.isSynced).toBe(false);
    await vi.waitFor(() => expect(sockets).toHaveLength(2));
    sockets[1]!.accept();
    expect(store.state.isSynced).toBe(false);
    sockets[1]!.feed(snapshotOf(liveSession("1")));
    expect(store.state.isSynced).toBe(true);
    expect(sockets[1]!.types).toEqual(["session.open"]);
  });

  it("knows from heartbeats alone that what it shows is good", () => {
    const { socket, store } = linked();
    socket.feed(snapshotOf());
    socket.feed({ type: "heartbeat.pong", sent_at: before(0), now: before(-3_600) });
    expect(store.state.lastDataAt).toBe(NOON + 3_600_000);
  });
});

describe("an error", () => {
  it("of a line of chat stands at that line", () => {
    const { socket, store, link } = linked();
    socket.feed(snapshotOf(liveSession("1")));
    link.sendChat("1", "c1", "hello");
    expect(socket.sent.at(-1)).toMatchObject({ type: "chat.send", client_id: "c1", ref: "chat:c1" });
    socket.feed({ type: "error", code: "session_over", message: "", ref: "chat:c1" });
    expect(store.state.details["1"]?.pending[0]?.failure).toContain("session is over");
    expect(store.state.notices).toEqual([]);
  });

  it("of a watch goes to its picture, and of a watch that is gone to nobody", () => {
    const { socket, store, watches } = linked();
    socket.feed({ type: "error", code: "stream_not_ready", message: "", ref: `${WATCH_REF}s-1` });
    expect(watches.onRefused).toHaveBeenCalledWith("watch:s-1", "stream_not_ready", expect.any(String));
    socket.feed({ type: "error", code: "watch_unknown", message: "There is no such watch." });
    expect(store.state.notices).toEqual([]);
    socket.feed({ type: "error", code: "watch_unknown", message: "", ref: `${WATCH_REF}s-1` });
    expect(watches.onRefused).toHaveBeenLastCalledWith("watch:s-1", "watch_unknown", expect.any(String));
  });

  it("that nobody asked for is shown", () => {
    const { socket, store } = linked();
    socket.feed({ type: "error", code: "not_permitted", message: "" });
    expect(store.state.notices[0]).toMatchObject({ tone: "error" });
  });

  it("a line of chat without a connection says so and is not lost", () => {
    const { socket, store, link } = linked();
    socket.feed(snapshotOf(liveSession("1")));
    socket.drop(1006);
    link.sendChat("1", "c1", "hello");
    expect(store.state.details["1"]?.pending[0]).toMatchObject({ text: "hello", failure: "Not connected" });
  });
});

it("a sealed item is told to whoever shows it", () => {
  const { socket, onItemChanged, store } = linked();
  const known = store.state.sessions;
  socket.feed({ type: "item.changed", item_id: "x", session_id: "1", state: "sealed", topic: "console", seq: 1 });
  expect(onItemChanged).toHaveBeenCalledWith("1");
  expect(store.state.sessions).toBe(known);
});

describe("a part of the console with a topic of its own", () => {
  it("has its frames, its gaps and its errors, and keeps them from the rest", () => {
    const { socket, link, store } = linked();
    const part = { topic: "officers", received: vi.fn((message: { type: string }) => message.type.startsWith("officer")), refused: vi.fn((ref: string) => ref === "officers"), missed: vi.fn() };
    link.join(part);
    socket.feed(snapshotOf(liveSession("1")));
    const earlier = store.state;
    socket.feed({ type: "officer.off_duty", id: "1", topic: "officers", seq: 3 });
    socket.feed({ type: "officer.off_duty", id: "2", topic: "officers", seq: 5 });
    socket.feed({ type: "error", code: "not_permitted", message: "No.", ref: "officers" });
    expect(part.missed).toHaveBeenCalledOnce();
    expect(part.refused).toHaveBeenCalledOnce();
    expect(store.state.notices).toEqual(earlier.notices);
    expect(socket.types).toEqual([]);
    link.rebase({ officers: 9 });
    socket.feed({ type: "officer.off_duty", id: "3", topic: "officers", seq: 10 });
    expect(part.missed).toHaveBeenCalledOnce();
  });
});
