import { describe, expect, it, vi } from "vitest";
import { FakeConnection } from "./fake_connection";
import { Subscriber } from "./subscriber";

const ANSWER = "v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\n";
const REFUSAL = "v=0\r\nm=video 0 UDP/TLS/RTP/SAVPF 96\r\n";

function setUp(answer = ANSWER) {
  const connection = new FakeConnection(answer);
  const video = document.createElement("video");
  vi.spyOn(video, "play").mockResolvedValue();
  const wire = { answer: vi.fn(), candidate: vi.fn() };
  const events = { onFault: vi.fn(), onNeedsTap: vi.fn(), onState: vi.fn() };
  const subscriber = new Subscriber(video, wire, events, {
    createConnection: () => connection as unknown as RTCPeerConnection,
  });
  return { subscriber, connection, video, wire, events };
}

describe("Subscriber", () => {
  it("test_subscriber_without_the_codec_says_so", async () => {
    const { subscriber, events } = setUp(REFUSAL);
    await subscriber.accept("offer", []);
    expect(events.onFault).toHaveBeenCalledExactlyOnceWith("codec_unsupported");
  });

  it("test_subscriber_whose_browser_wants_a_touch_asks_for_it", async () => {
    const { subscriber, connection, video, events } = setUp();
    vi.mocked(video.play).mockRejectedValue(new DOMException("", "NotAllowedError"));
    await subscriber.accept("offer", []);
    const track = { kind: "video" } as MediaStreamTrack;
    const stream = Object.assign(new MediaStream(), { getTracks: () => [track] });
    connection.emit("track", { track, streams: [stream] });
    await vi.waitFor(() => expect(events.onNeedsTap).toHaveBeenCalledOnce());
  });

  it("test_subscriber_answers_the_offer_and_trickles", async () => {
    const { subscriber, connection, wire, events } = setUp();
    await subscriber.accept("offer", []);
    expect(connection.remote).toBe("offer");
    expect(wire.answer).toHaveBeenCalledExactlyOnceWith(ANSWER);
    connection.find("candidate:1");
    expect(wire.candidate).toHaveBeenCalledOnce();
    expect(events.onFault).not.toHaveBeenCalled();
  });

  it("test_subscriber_closed_shows_and_says_nothing_more", async () => {
    const { subscriber, connection, video, wire, events } = setUp();
    await subscriber.accept("offer", []);
    subscriber.close();
    connection.find("candidate:1");
    connection.become("failed");
    expect(connection.isClosed).toBe(true);
    expect(video.srcObject).toBeNull();
    expect(wire.candidate).not.toHaveBeenCalled();
    expect(events.onFault).not.toHaveBeenCalled();
  });

  it("test_subscriber_lost_connection_is_a_fault", async () => {
    const { subscriber, connection, events } = setUp();
    await subscriber.accept("offer", []);
    connection.become("failed");
    expect(events.onFault).toHaveBeenCalledExactlyOnceWith("connection_failed");
  });
});
