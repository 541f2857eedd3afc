import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FakeConnection } from "./fake_connection";
import { CALL, PHONE_CALL } from "./layers";
import { Publisher, type PublisherState } from "./publisher";

const ANSWER = "v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\n";
const REFUSAL = "v=0\r\nm=video 0 UDP/TLS/RTP/SAVPF 96\r\n";
const track = { kind: "video" } as MediaStreamTrack;
const stream = { getTracks: () => [track] } as unknown as MediaStream;

function setUp(patience_ms = 1_000, hasSound = false) {
  const connections: FakeConnection[] = [];
  const states: PublisherState[] = [];
  const wire = { publish: vi.fn(), candidate: vi.fn() };
  const publisher = new Publisher(wire, (state) => states.push(state), {
    patience_ms,
    isLayered: true,
    hasSound,
    createConnection: () => {
      const connection = new FakeConnection();
      connections.push(connection);
      return connection as unknown as RTCPeerConnection;
    },
  });
  return { publisher, connections, states, wire };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("Publisher", () => {
  it("test_publisher_answer_without_video_is_a_refusal_and_closes", async () => {
    const { publisher, connections, wire } = setUp();
    await publisher.start(stream, []);
    connections[0]!.find("candidate:1");
    expect(await publisher.accept(REFUSAL)).toBe(false);
    expect(connections[0]!.isClosed).toBe(true);
    expect(wire.candidate).not.toHaveBeenCalled();
  });

  it("test_publisher_with_sound_turns_it_on_and_off_without_a_new_offer", async () => {
    const { publisher, connections, wire } = setUp(1_000, true);
    const sound = { kind: "audio" } as MediaStreamTrack;
    await publisher.start(stream, []);
    expect(connections[0]!.directions).toEqual(["sendonly", "sendonly"]);
    publisher.setSound(sound);
    publisher.setSound(null);
    expect(connections[0]!.sender.replaced).toEqual([sound, null]);
    expect(wire.publish).toHaveBeenCalledOnce();
  });

  it("test_publisher_without_sound_offers_none", async () => {
    const { publisher, connections } = setUp();
    await publisher.start(stream, []);
    expect(connections[0]!.directions).toEqual(["sendonly"]);
  });

  it("test_publisher_offers_to_send_only", async () => {
    const { publisher, connections, wire } = setUp();
    await publisher.start(stream, []);
    expect(connections[0]!.directions).toEqual(["sendonly"]);
    expect(wire.publish).toHaveBeenCalledOnce();
    expect(publisher.isWaitingForAnswer).toBe(true);
  });

  it("test_publisher_candidates_wait_for_the_answer_and_then_trickle", async () => {
    const { publisher, connections, wire } = setUp();
    await publisher.start(stream, []);
    connections[0]!.find("candidate:1");
    expect(wire.candidate).not.toHaveBeenCalled();
    expect(await publisher.accept(ANSWER)).toBe(true);
    connections[0]!.find(null);
    expect(wire.candidate.mock.calls).toEqual([[{ candidate: "candidate:1", sdpMid: "0", sdpMLineIndex: 0 }], [null]]);
  });

  it("test_publisher_short_interruption_is_no_failure", async () => {
    const { publisher, connections, states } = setUp();
    await publisher.start(stream, []);
    await publisher.accept(ANSWER);
    connections[0]!.become("connected");
    connections[0]!.become("disconnected");
    vi.advanceTimersByTime(900);
    connections[0]!.become("connected");
    vi.advanceTimersByTime(5_000);
    expect(states).toEqual(["connecting", "connected", "interrupted", "connected"]);
  });

  it("test_publisher_that_never_connects_fails_and_lets_go", async () => {
    const { publisher, connections, states } = setUp();
    await publisher.start(stream, []);
    vi.advanceTimersByTime(1_000);
    expect(states.at(-1)).toBe("failed");
    expect(connections[0]!.isClosed).toBe(true);
  });

  it("test_publisher_second_start_closes_the_first_connection_and_ignores_it", async () => {
    const { publisher, connections, states } = setUp();
    await publisher.start(stream, []);
    await publisher.start(stream, []);
    expect(connections[0]!.isClosed).toBe(true);
    connections[0]!.become("failed");
    expect(states.at(-1)).toBe("connecting");
  });

  it("test_publisher_stopped_while_it_offers_sends_no_offer", async () => {
    const { publisher, wire } = setUp();
    const starting = publisher.start(stream, []);
    publisher.stop();
    await starting;
    expect(wire.publish).not.toHaveBeenCalled();
  });

  it("test_publisher_prepares_to_send_only_and_takes_the_camera_later_without_an_offer", async () => {
    const { publisher, connections, wire } = setUp();
    await publisher.prepare([]);
    expect(connections[0]!.directions).toEqual(["sendonly"]);
    await publisher.accept(ANSWER);
    await publisher.replaceVideo(track);
    expect(connections[0]!.sender.replaced).toEqual([track]);
    expect(wire.publish).toHaveBeenCalledOnce();
  });

  it("test_publisher_sends_layers_from_high_to_low_and_fewer_on_a_slow_line", async () => {
    const { publisher, connections } = setUp();
    const sent = (of: FakeConnection): string => of.encodings.filter((one) => one.active).map((one) => one.rid).join("");
    await publisher.start(stream, []);
    expect(connections[0]!.encodings.map((one) => one.rid)).toEqual(["h", "m", "l"]);
    expect(sent(connections[0]!)).toBe("hml");
    for (const [sending, layers] of [["lower", "ml"], ["lowest", "l"], ["nothing", ""], ["all", "hml"], ["nothing", ""]] as const) {
      publisher.send(sending);
      expect(sent(connections[0]!)).toBe(layers);
    }
    expect(connections[0]!.isClosed).toBe(false);
    await publisher.start(stream, []);
    expect(sent(connections[1]!)).toBe("");
  });

  it("test_publisher_other_camera_takes_the_place_without_an_offer", async () => {
    const { publisher, connections, wire } = setUp();
    await publisher.start(stream, []);
    await publisher.replaceVideo(track);
    expect(connections[0]!.sender.replaced).toEqual([track]);
    expect(wire.publish).toHaveBeenCalledOnce();
  });

  it("test_publisher_that_hears_nothing_over_the_network_that_is_back_fails_within_a_second", async () => {
    const { publisher, connections, states } = setUp(60_000);
    await publisher.start(stream, []);
    await publisher.accept(ANSWER);
    for (const state of ["connected", "disconnected"] as const) connections[0]!.become(state);
    void publisher.prove();
    await vi.advanceTimersByTimeAsync(900);
    expect(states.at(-1)).toBe("interrupted");
    await vi.advanceTimersByTimeAsync(200);
    expect(states.at(-1)).toBe("failed");
    expect(connections[0]!.isClosed).toBe(true);
  });

  it("test_publisher_on_another_network_does_not_wait_for_ice_to_notice", async () => {
    const { publisher, connections, states } = setUp(60_000);
    await publisher.start(stream, []);
    await publisher.accept(ANSWER);
    connections[0]!.become("connected");
    void publisher.prove();
    await vi.advanceTimersByTimeAsync(1_100);
    expect(states.at(-1)).toBe("failed");
  });

  it.each(["connected", "disconnected"] as const)("test_publisher_%s_that_hears_something_goes_on", async (state) => {
    const { publisher, connections, states } = setUp(60_000);
    await publisher.start(stream, []);
    await publisher.accept(ANSWER);
    connections[0]!.become("connected");
    connections[0]!.become(state);
    void publisher.prove();
    await vi.advanceTimersByTimeAsync(500);
    connections[0]!.heard += 1;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(states).not.toContain("failed");
    expect(connections[0]!.isClosed).toBe(false);
  });

  it("test_publisher_that_sends_nothing_by_choice_is_not_blamed_for_silence", async () => {
    const { publisher, connections, states } = setUp(60_000);
    await publisher.start(stream, []);
    await publisher.accept(ANSWER);
    connections[0]!.become("connected");
    publisher.send("nothing");
    void publisher.prove();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(states.at(-1)).toBe("connected");
  });
});

describe("Publisher of a call", () => {
  function setUpCall() {
    const connections: FakeConnection[] = [];
    const wire = { publish: vi.fn(), candidate: vi.fn() };
    const publisher = new Publisher(wire, () => undefined, {
      isLayered: true, layers: CALL, purpose: "call",
      createConnection: () => {
        const connection = new FakeConnection();
        connections.push(connection);
        return connection as unknown as RTCPeerConnection;
      },
    });
    return { publisher, connections, wire };
  }

  it("test_call_offers_sound_then_picture_also_while_both_are_off", async () => {
    const { publisher, connections, wire } = setUpCall();
    await publisher.offer({ sound: null, picture: null }, []);
    expect(connections[0]!.given).toEqual(["audio", "video"]);
    expect(connections[0]!.directions).toEqual(["sendonly", "sendonly"]);
    expect(connections[0]!.encodings.map((one) => one.maxBitrate)).toEqual([1_100_000, 350_000, 110_000]);
    publisher.setSound({ kind: "audio" } as MediaStreamTrack);
    await publisher.replaceVideo(track);
    await publisher.replaceVideo(null);
    expect(connections[0]!.sender.replaced).toEqual([{ kind: "audio" }, track, null]);
    expect(wire.publish).toHaveBeenCalledOnce();
  });

  it("test_call_of_many_gets_smaller_layers_without_an_offer", async () => {
    const { publisher, connections, wire } = setUpCall();
    await publisher.offer({ sound: null, picture: track }, []);
    publisher.plan(PHONE_CALL);
    expect(connections[0]!.encodings.map((one) => one.maxBitrate)).toEqual([450_000, 150_000, 60_000]);
    expect(wire.publish).toHaveBeenCalledOnce();
  });

  it("test_call_over_another_network_offers_anew_and_holds_its_candidates_until_the_answer", async () => {
    const { publisher, connections, wire } = setUpCall();
    expect(await publisher.restart([])).toBeNull();
    await publisher.offer({ sound: null, picture: track }, []);
    await publisher.accept(ANSWER);
    const sdp = await publisher.restart([{ urls: "turn:relay" }]);
    expect(sdp).toContain("m=video");
    expect(connections).toHaveLength(1);
    expect(connections[0]!.configuration.iceServers).toEqual([{ urls: "turn:relay" }]);
    connections[0]!.find("candidate:2");
    expect(wire.candidate).not.toHaveBeenCalled();
    expect(await publisher.restart([])).toBeNull();
    await publisher.accept(ANSWER);
    expect(wire.candidate).toHaveBeenCalledOnce();
  });
});
