import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FakeConnection } from "../media/fake_connection";
import { room } from "../room/samples";
import type { MeetingClientMessage } from "../signalling/meetingmessages";
import { MEASURE_MS, NOT_PROBED, PATIENCE_MS, Probe } from "./probe";

const ANSWER = "v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\n";

function setUp(isRelayed = false) {
  const connections: FakeConnection[] = [];
  const policies: (string | undefined)[] = [];
  const sent: MeetingClientMessage[] = [];
  const probe = new Probe({
    capture: { sound: null, picture: null },
    send: (message) => {
      sent.push(message);
      return true;
    },
    createConnection: (configuration) => {
      const connection = new FakeConnection();
      connections.push(connection);
      policies.push(configuration.iceTransportPolicy);
      return connection as unknown as RTCPeerConnection;
    },
  }, "check:1", [{ urls: "turn:a" }], isRelayed);
  const answer = (): void => {
    probe.receive({ type: "place.joined", place_id: "p", feed_id: "f", sdp: ANSWER, room: room([]), ref: "check:1" });
    probe.receive({ type: "reception.offer", reception_id: "r", offer: 1, sdp: "v=0", lines: {} });
  };
  return { probe, connections, policies, sent, answer, types: () => sent.map(({ type }) => type) };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("Probe", () => {
  it("test_way_on_which_nothing_comes_back_fails_in_time_and_gives_its_seat_up", async () => {
    const { probe, answer, types, connections } = setUp();
    const running = probe.run(true);
    await vi.advanceTimersByTimeAsync(0);
    answer();
    await vi.advanceTimersByTimeAsync(PATIENCE_MS + 100);
    expect(await running).toEqual(NOT_PROBED);
    expect([types().at(-1), connections.every((one) => one.isClosed)]).toEqual(["place.leave", true]);
  });

  it("test_refusal_ends_it_at_once_without_a_seat_to_give_up", async () => {
    const { probe, types } = setUp();
    const running = probe.run(true);
    await vi.advanceTimersByTimeAsync(0);
    expect(probe.receive({ type: "error", code: "rate_limited", message: "", ref: "check:1" })).toBe(true);
    await vi.advanceTimersByTimeAsync(600);
    expect([await running, types()]).toEqual([NOT_PROBED, ["place.join"]]);
  });

  it("test_way_that_works_is_measured_by_what_went_out_and_says_which_way_it_took", async () => {
    const { probe, answer, connections } = setUp();
    const running = probe.run(true);
    await vi.advanceTimersByTimeAsync(0);
    answer();
    connections[1]!.stats = [{ type: "inbound-rtp", bytesReceived: 10 }];
    const pair = { type: "candidate-pair", nominated: true, state: "succeeded", localCandidateId: "L", currentRoundTripTime: 0.042 };
    connections[0]!.stats = [pair, { id: "L", type: "local-candidate", protocol: "udp", relayProtocol: "tcp" }, { type: "outbound-rtp", bytesSent: 1_000 }];
    await vi.advanceTimersByTimeAsync(600);
    connections[0]!.stats[2] = { type: "outbound-rtp", bytesSent: 626_000 };
    connections[0]!.stats.push({ type: "remote-inbound-rtp", fractionLost: 0.125 });
    await vi.advanceTimersByTimeAsync(MEASURE_MS);
    expect(await running).toEqual({ isOk: true, protocol: "tcp", rtt_ms: 42, up_kbit_s: 1_000, loss_pct: 12.5 });
  });

  it("test_way_by_one_relay_uses_no_other", async () => {
    const { probe, answer, policies } = setUp(true);
    void probe.run(false);
    await vi.advanceTimersByTimeAsync(0);
    answer();
    expect(policies).toEqual(["relay", "relay"]);
    probe.close();
  });

  it("test_frames_of_others_are_not_taken", async () => {
    const { probe } = setUp();
    void probe.run(false);
    await vi.advanceTimersByTimeAsync(0);
    expect(probe.receive({ type: "error", code: "busy", message: "", ref: "seat:1" })).toBe(false);
    expect(probe.receive({ type: "place.joined", place_id: "p", feed_id: "f", sdp: ANSWER, room: room([]), ref: "seat:1" })).toBe(false);
    probe.close();
    expect(probe.receive({ type: "reception.offer", reception_id: "r", offer: 1, sdp: "v=0", lines: {} })).toBe(false);
  });
});
