import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { FakeConnection } from "./fake_connection";
import { Listener } from "./listener";

const made: FakeConnection[] = [];
let play = (): Promise<void> => Promise.resolve();

/** An audio element whose browser says by hand whether it plays. */
class FakeAudio {
  srcObject: unknown = null;
  autoplay = false;
  readonly pause = vi.fn();

  play(): Promise<void> {
    return play();
  }
}

function bench() {
  const said: string[] = [];
  const listener = new Listener({
    answer: () => said.push("answer"), candidate: () => said.push("candidate"), playing: () => said.push("playing"),
    needsTap: () => said.push("needs_tap"), lost: () => said.push("lost"),
  });
  return { listener, said };
}

beforeEach(() => {
  play = () => Promise.resolve();
  vi.stubGlobal("RTCPeerConnection", class extends FakeConnection {
    constructor() {
      super();
      made.push(this);
    }
  });
  vi.stubGlobal("Audio", FakeAudio);
  vi.stubGlobal("MediaStream", EventTarget);
});
afterEach(() => vi.unstubAllGlobals());

describe("a listener", () => {
  it("answers the offer and plays what comes at once", async () => {
    const { listener, said } = bench();
    await listener.accept("offer", []);
    made.at(-1)?.emit("track", { track: {} });
    await vi.waitFor(() => expect(said).toEqual(["answer", "playing"]));
  });

  it("asks for a tap where the browser wants one, and plays after it", async () => {
    const { listener, said } = bench();
    play = () => Promise.reject(new DOMException("no", "NotAllowedError"));
    await listener.accept("offer", []);
    made.at(-1)?.emit("track", { track: {} });
    await vi.waitFor(() => expect(said).toEqual(["answer", "needs_tap"]));
    play = () => Promise.resolve();
    await listener.resume();
    expect(said.at(-1)).toBe("playing");
  });

  it("says that it is lost, and nothing more once it is closed", async () => {
    const { listener, said } = bench();
    await listener.accept("offer", []);
    made.at(-1)?.become("failed");
    listener.close();
    made.at(-1)?.become("failed");
    made.at(-1)?.emit("track", { track: {} });
    await listener.resume();
    expect([said, made.at(-1)?.isClosed]).toEqual([["answer", "lost"], true]);
  });
});
