import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { FakeConnection } from "../media/fake_connection";
import { Subscriber } from "../media/subscriber";
import type { ConsoleClientMessage } from "../signalling/messages";
import { WATCH_REF } from "./link";
import { WatchPool } from "./watches";

const WANTED = { sessionId: "1", streamId: "s-1", layer: "high" } as const;

/** A pool on an open line; connections are made by hand. */
function pool() {
  const sent: ConsoleClientMessage[] = [];
  const connections: FakeConnection[] = [];
  class Connection extends FakeConnection {
    constructor() {
      super();
      connections.push(this);
    }
  }
  vi.stubGlobal("RTCPeerConnection", Connection);
  const watches = new WatchPool((message) => sent.push(message) > 0, vi.fn());
  watches.lineOpened();
  const types = (): string[] => sent.map((message) => message.type);
  return { watches, sent, types, connections };
}

function offer(watchId: string, streamId = "s-1"): Parameters<WatchPool["onOffer"]>[0] {
  return { type: "stream.offer", watch_id: watchId, stream_id: streamId, session_id: "1", sdp: "v=0", ice_servers: [] };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("watching", () => {
  it("asks once, answers the offer, and stops when it is no longer wanted", async () => {
    const { watches, sent, types, connections } = pool();
    watches.want([WANTED]);
    watches.want([WANTED]);
    expect(sent).toEqual([{ type: "stream.watch", session_id: "1", stream_id: "s-1", ref: "watch:s-1" }]);
    watches.onOffer(offer("w1"));
    await vi.waitFor(() => expect(types()).toContain("watch.answer"));
    watches.want([]);
    expect(sent.at(-1)).toEqual({ type: "watch.stop", watch_id: "w1" });
    expect(connections[0]?.isClosed).toBe(true);
    expect(watches.videoOf("s-1")).toBeNull();
  });

  it("asks for another force's picture by its share", () => {
    const { watches, sent } = pool();
    watches.want([{ sessionId: "g1", streamId: "s-1", layer: "high", isShared: true }]);
    expect(sent).toEqual([{ type: "shared.watch", share_id: "g1", stream_id: "s-1", ref: "watch:s-1" }]);
  });

  it("asks for a small picture after the answer, and for the large one when it is shown large", async () => {
    const { watches, sent, types } = pool();
    watches.want([{ ...WANTED, layer: "low" }]);
    watches.want([{ ...WANTED, layer: "middle" }]);
    expect(types()).not.toContain("watch.layer");
    watches.onOffer(offer("w1"));
    await vi.waitFor(() => expect(types().slice(-2)).toEqual(["watch.answer", "watch.layer"]));
    expect(sent.at(-1)).toEqual({ type: "watch.layer", watch_id: "w1", layer: "middle" });
    watches.want([WANTED]);
    watches.want([WANTED]);
    expect(sent.filter((message) => message.type === "watch.layer").slice(1)).toEqual([{ type: "watch.layer", watch_id: "w1", layer: "high" }]);
  });

  it("stops an offer that came too late", () => {
    const { watches, sent } = pool();
    watches.onOffer(offer("w1", "s-9"));
    expect(sent).toEqual([{ type: "watch.stop", watch_id: "w1" }]);
  });

  it("goes on asking for a phone that takes long to connect, and calls it no failure", () => {
    const { watches, types } = pool();
    watches.want([WANTED]);
    watches.onRefused(`${WATCH_REF}s-1`, "stream_not_ready", "The picture has not arrived yet.");
    expect(watches.statusOf("s-1")?.phase).toBe("asking");
    vi.advanceTimersByTime(600);
    expect(types()).toEqual(["stream.watch", "stream.watch"]);
  });

  it("is muted and inline, as browsers demand of what starts by itself", () => {
    const { watches } = pool();
    watches.want([WANTED]);
    expect(watches.videoOf("s-1")).toMatchObject({ muted: true, autoplay: true, playsInline: true });
  });
});

describe("a picture that was out of the page", () => {
  /** A watch whose picture has come, and how often it was told to play. */
  async function shown() {
    const made = pool();
    made.watches.want([WANTED]);
    made.watches.onOffer(offer("w1"));
    await vi.waitFor(() => expect(made.types()).toContain("watch.answer"));
    const video = made.watches.videoOf("s-1")!;
    let isPaused = true;
    vi.spyOn(video, "paused", "get").mockImplementation(() => isPaused);
    vi.spyOn(video, "srcObject", "get").mockReturnValue({} as MediaStream);
    const resume = vi.spyOn(Subscriber.prototype, "resume").mockResolvedValue();
    return { ...made, video, resume, goes: () => { isPaused = false; } };
  }

  it("plays on when it is in the page again, and not before", async () => {
    const { watches, video, resume, goes } = await shown();
    watches.playOn();
    expect(resume).not.toHaveBeenCalled();
    document.body.append(video);
    watches.playOn();
    expect(resume).toHaveBeenCalledTimes(1);
    goes();
    watches.playOn();
    expect(resume).toHaveBeenCalledTimes(1);
    video.remove();
  });

  it("waits for the tap that the browser wants", async () => {
    const { watches, video, resume } = await shown();
    document.body.append(video);
    const status = watches.statusOf("s-1")!;
    status.needsTap = true;
    watches.playOn();
    expect(resume).not.toHaveBeenCalled();
    video.remove();
  });
});

describe("a lost watch", () => {
  it("is asked for again, more patiently each time", () => {
    const { watches, types } = pool();
    watches.want([WANTED]);
    watches.onRefused(`${WATCH_REF}s-1`, "media_unavailable", "Not yet.");
    expect(watches.statusOf("s-1")).toMatchObject({ phase: "failed", fault: "Not yet." });
    vi.advanceTimersByTime(500);
    expect(types()).toHaveLength(2);
    watches.onRefused(`${WATCH_REF}s-1`, "media_unavailable", "Not yet.");
    vi.advanceTimersByTime(500);
    expect(types()).toHaveLength(2);
    vi.advanceTimersByTime(500);
    expect(types()).toHaveLength(3);
  });

  it("is not asked for again when the browser lacks the codec", () => {
    const { watches, types } = pool();
    watches.want([WANTED]);
    watches.onOffer(offer("w1"));
    watches.onEnded("w1", "codec_unsupported");
    vi.advanceTimersByTime(60_000);
    expect(types().filter((type) => type === "stream.watch")).toHaveLength(1);
  });

  it("of another console changes nothing here", () => {
    const { watches } = pool();
    watches.want([WANTED]);
    watches.onOffer(offer("w1"));
    watches.onEnded("w-of-somebody", "stopped");
    expect(watches.statusOf("s-1")?.phase).toBe("connecting");
  });

  it("after the line came back is asked for anew; the new picture has shown nothing yet", async () => {
    const { watches, sent, types, connections } = pool();
    watches.want([WANTED]);
    watches.onOffer(offer("w1"));
    watches.statusOf("s-1")!.lastFrameAt = 1;
    watches.lineLost();
    expect(connections[0]?.isClosed).toBe(false);
    watches.lineOpened();
    expect(types().filter((type) => type === "stream.watch")).toHaveLength(2);
    expect(sent.at(-1)).toMatchObject({ type: "stream.watch", replaces: "w1" });
    watches.onOffer(offer("w2"));
    await vi.waitFor(() => expect(connections).toHaveLength(2));
    expect(connections[0]?.isClosed).toBe(true);
    expect(watches.statusOf("s-1")).toMatchObject({ phase: "connecting", lastFrameAt: null });
  });

  it("of a line lost twice names the watch that the server may still count", () => {
    const { watches, sent } = pool();
    watches.want([WANTED]);
    watches.onOffer(offer("w1"));
    watches.lineLost();
    watches.lineOpened();
    watches.lineLost();
    watches.lineOpened();
    expect(sent.at(-1)).toMatchObject({ type: "stream.watch", replaces: "w1" });
  });

  it("does nothing while the line is down", () => {
    const { watches, types } = pool();
    watches.want([WANTED]);
    watches.onRefused(`${WATCH_REF}s-1`, "media_unavailable", "Not yet.");
    watches.lineLost();
    vi.advanceTimersByTime(60_000);
    expect(types()).toHaveLength(1);
  });
});
