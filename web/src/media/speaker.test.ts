import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { FakeConnection } from "./fake_connection";
import { Speaker } from "./speaker";

/** A connection that takes its relays late. */
class LateConnection extends FakeConnection {
  static readonly made: LateConnection[] = [];
  relays: unknown = null;
  /** Whether the relays were known before anything was looked for. */
  knewRelays = false;

  constructor() {
    super("v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n");
    LateConnection.made.push(this);
  }

  override setConfiguration({ iceServers }: RTCConfiguration): void {
    this.relays = iceServers;
  }

  override setLocalDescription(description: { type: string; sdp: string }): Promise<void> {
    this.knewRelays = this.relays !== null;
    return super.setLocalDescription(description);
  }
}

/** A microphone's track, which ends by hand. */
class FakeTrack extends EventTarget {
  enabled = true;
  readonly stop = vi.fn();
}

function bench() {
  const [track, said] = [new FakeTrack(), { candidates: [] as unknown[], connected: 0, lost: 0 }];
  const speaker = new Speaker(track as unknown as MediaStreamTrack, {
    candidate: (candidate) => said.candidates.push(candidate), connected: () => (said.connected += 1), lost: () => (said.lost += 1),
  });
  return { speaker, track, said, connection: LateConnection.made.at(-1)! };
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("RTCPeerConnection", LateConnection);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("a speaker", () => {
  it("offers sound to send, silent at first, and looks for nothing before it knows the relays", async () => {
    const { speaker, track, connection } = bench();
    expect(await speaker.offer()).toContain("m=audio");
    expect([track.enabled, connection.directions, connection.localDescription]).toEqual([false, ["sendonly"], null]);
    await speaker.accept("answer", [{ urls: "turn:relay" }]);
    expect([connection.knewRelays, connection.relays, connection.remote]).toEqual([true, [{ urls: "turn:relay" }], "answer"]);
    speaker.isHeard = true;
    expect(track.enabled).toBe(true);
  });

  it("holds candidates until the server has a place for them", async () => {
    const { speaker, said, connection } = bench();
    await speaker.offer();
    connection.find("one");
    expect(said.candidates).toEqual([]);
    await speaker.accept("answer", []);
    connection.find(null);
    expect(said.candidates).toEqual([{ candidate: "one", sdpMid: "0", sdpMLineIndex: 0 }, null]);
  });

  it("is lost when the connection fails or stays away, or the microphone ends, and says nothing once it is closed", async () => {
    const { speaker, track, said, connection } = bench();
    await speaker.offer();
    await speaker.accept("answer", []);
    connection.become("connected");
    expect(said).toMatchObject({ connected: 1, lost: 0 });
    connection.become("disconnected");
    vi.advanceTimersByTime(8_000);
    connection.become("failed");
    track.dispatchEvent(new Event("ended"));
    expect(said.lost).toBe(3);
    speaker.close();
    connection.become("failed");
    track.dispatchEvent(new Event("ended"));
    expect([said.lost, track.stop.mock.calls.length, connection.isClosed]).toEqual([3, 1, true]);
  });
});
