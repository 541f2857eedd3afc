import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FakeSocket } from "./fake_socket";
import { clockOffset, CONNECT_DEADLINE_MS, HEARTBEAT_MS, LiveSocket, PONG_DEADLINE_MS, socketUrl, type SocketState } from "./socket";

interface Message {
  type: string;
  text?: string;
}

const policy = { steps_ms: [100, 1_000], jitter: 0 };

function setUp() {
  const lines: FakeSocket[] = [];
  const received: Message[] = [];
  const states: SocketState[] = [];
  const gaps: string[] = [];
  const socket = new LiveSocket<Message, Message>(
    "ws://force.localhost/ws/caller/",
    {
      onMessage: (message) => received.push(message),
      onState: (state) => states.push(state),
      onGap: (topic) => gaps.push(topic),
    },
    {
      policy,
      openSocket: () => {
        const line = new FakeSocket();
        lines.push(line);
        return line as unknown as WebSocket;
      },
    },
  );
  const line = (): FakeSocket => lines.at(-1)!;
  return { socket, lines, line, received, states, gaps };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("a network or a page that is back", () => {
  it("test_socket_on_which_nothing_was_heard_is_made_anew", () => {
    const { socket, lines, line } = setUp();
    socket.open();
    line().accept();
    vi.setSystemTime(Date.now() + 60_000); // a locked phone runs no timers
    socket.revive();
    expect(lines).toHaveLength(2);
  });

  it("test_socket_that_was_just_heard_is_kept", () => {
    const { socket, lines, line } = setUp();
    socket.open();
    line().accept();
    line().feed({ type: "chat", text: "x" });
    socket.revive();
    expect(lines).toHaveLength(1);
  });

  it("test_socket_that_waits_tries_at_once_and_one_that_was_refused_never", () => {
    const { socket, lines, line } = setUp();
    socket.open();
    line().drop(1006);
    socket.revive();
    expect(lines).toHaveLength(2);
    line().drop(4410);
    vi.setSystemTime(Date.now() + 60_000);
    socket.revive();
    expect(lines).toHaveLength(2);
  });
});

describe("LiveSocket", () => {
  it("test_socket_lost_line_is_opened_again_after_the_policys_delay", () => {
    const { socket, lines, line, states } = setUp();
    socket.open();
    line().accept();
    line().drop(1006);
    vi.advanceTimersByTime(99);
    expect(lines).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(lines).toHaveLength(2);
    expect(states).toEqual(["connecting", "open", "waiting", "connecting"]);
  });

  it("test_socket_repeated_failures_wait_longer_until_the_server_speaks", () => {
    const { socket, lines, line } = setUp();
    socket.open();
    line().drop(1006);
    vi.advanceTimersByTime(100);
    line().drop(1006);
    vi.advanceTimersByTime(999);
    expect(lines).toHaveLength(2);
    vi.advanceTimersByTime(1);
    line().accept();
    line().feed({ type: "caller.state" });
    line().drop(4012);
    vi.advanceTimersByTime(100);
    expect(lines).toHaveLength(4);
  });

  it("test_socket_refused_by_the_server_is_not_opened_again", () => {
    const { socket, lines, line, states } = setUp();
    socket.open();
    line().accept();
    line().drop(4409);
    vi.advanceTimersByTime(60_000);
    expect(lines).toHaveLength(1);
    expect(states.at(-1)).toBe("refused");
  });

  it("test_socket_without_pong_within_five_seconds_is_given_up", () => {
    const { socket, lines, line, states } = setUp();
    socket.open();
    line().accept();
    line().feed({ type: "heartbeat.pong", sent_at: "", now: "" });
    expect(HEARTBEAT_MS + PONG_DEADLINE_MS).toBeLessThan(5_000);
    vi.advanceTimersByTime(HEARTBEAT_MS + PONG_DEADLINE_MS - 1);
    expect(states.at(-1)).toBe("open");
    vi.advanceTimersByTime(1);
    expect(states.at(-1)).toBe("waiting");
    expect(lines[0]?.readyState).toBe(WebSocket.CLOSED);
  });

  it("test_socket_with_pongs_stays_open_and_never_shows_them", () => {
    const { socket, line, received, states } = setUp();
    socket.open();
    line().accept();
    for (let beat = 0; beat < 10; beat += 1) {
      line().feed({ type: "heartbeat.pong", sent_at: "", now: "" });
      vi.advanceTimersByTime(HEARTBEAT_MS);
    }
    expect(states).toEqual(["connecting", "open"]);
    expect(received).toEqual([]);
  });

  it("test_socket_that_never_opens_is_given_up", () => {
    const { socket, lines } = setUp();
    socket.open();
    vi.advanceTimersByTime(CONNECT_DEADLINE_MS + 100);
    expect(lines).toHaveLength(2);
  });

  it("test_socket_missing_broadcast_is_told_after_its_successor_and_a_repeat_is_dropped", () => {
    const { socket, line, received, gaps } = setUp();
    socket.open();
    line().accept();
    for (const seq of [1, 2, 2, 5]) line().feed({ type: "chat.message", topic: "caller.1", seq });
    expect(received).toHaveLength(3);
    expect(gaps).toEqual(["caller.1"]);
  });

  it("test_socket_new_connection_counts_anew", () => {
    const { socket, line, gaps } = setUp();
    socket.open();
    line().accept();
    line().feed({ type: "chat.message", topic: "caller.1", seq: 3 });
    socket.restart();
    line().accept();
    line().feed({ type: "chat.message", topic: "caller.1", seq: 9 });
    expect(gaps).toEqual([]);
  });

  it("test_socket_frames_wait_for_the_line_only_when_they_may", () => {
    const { socket, line } = setUp();
    expect(socket.send({ type: "stream.candidate" })).toBe(false);
    expect(socket.send({ type: "session.stop" }, "keep")).toBe(false);
    socket.open();
    line().accept();
    expect(line().types).toEqual(["session.stop"]);
    expect(socket.send({ type: "stream.candidate" })).toBe(true);
  });

  it("test_socket_closed_here_stays_closed_and_drops_what_waits", () => {
    const { socket, lines, line, states } = setUp();
    socket.open();
    line().accept();
    line().drop(1006);
    socket.send({ type: "chat.send" }, "keep");
    socket.close();
    vi.advanceTimersByTime(60_000);
    expect(lines).toHaveLength(1);
    expect(states.at(-1)).toBe("closed");
  });

  it("test_socket_late_events_of_a_given_up_line_change_nothing", () => {
    const { socket, lines, received, states } = setUp();
    socket.open();
    lines[0]!.accept();
    socket.restart();
    lines[0]!.feed({ type: "caller.state" });
    lines[0]!.drop(4401);
    expect(received).toEqual([]);
    expect(states.at(-1)).toBe("connecting");
  });

  it("test_socket_learns_the_servers_clock", () => {
    const { socket, line } = setUp();
    vi.setSystemTime(1_000_000);
    socket.open();
    line().accept();
    vi.setSystemTime(1_000_400);
    line().feed({
      type: "heartbeat.pong",
      sent_at: new Date(1_000_000).toISOString(),
      now: new Date(1_090_200).toISOString(),
    });
    expect(socket.serverOffset_ms).toBe(90_000);
  });
});

describe("clockOffset", () => {
  it("test_pong_without_a_time_says_nothing", () => {
    expect(clockOffset({ type: "heartbeat.pong", sent_at: "x", now: "y" }, 5)).toBeNull();
  });
});

describe("socketUrl", () => {
  it("test_page_over_https_gets_a_secure_socket", () => {
    const at = (url: string): string => socketUrl("/ws/caller/", new URL(url) as unknown as Location);
    expect(at("https://herts.example.test/live/")).toBe("wss://herts.example.test/ws/caller/");
    expect(at("http://herts.localhost:8000/live/")).toBe("ws://herts.localhost:8000/ws/caller/");
  });
});
