import { render } from "lit-html";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { ListenerEvents } from "../media/listener";
import type { OwnTalk } from "../signalling/messages";
import { Bench, liveSession, officerState, SESSION } from "./fake_page";
import type { OfficerPart } from "./parts";
import { Voice } from "./voice";

const TALK: OwnTalk = { id: "t1", name: "Alex Morgan", speaking: true };

/** A listener that plays by hand. */
class FakeListener {
  isClosed = false;
  readonly resume = vi.fn(() => Promise.resolve());
  accepted: string | null = null;

  constructor(readonly events: ListenerEvents) {}

  accept(sdp: string): Promise<void> {
    this.accepted = sdp;
    this.events.answer("answer");
    return Promise.resolve();
  }

  close(): void {
    this.isClosed = true;
  }
}

/** A page with the voice as its only part. */
class VoiceBench {
  readonly listeners: FakeListener[] = [];
  readonly bench: Bench;
  voice!: Voice;
  /** Of the last broadcast: `arrive` has heard the first. */
  private seq = 1;

  constructor() {
    const make = (events: ListenerEvents): FakeListener => {
      const listener = new FakeListener(events);
      this.listeners.push(listener);
      return listener;
    };
    this.bench = new Bench({ parts: [(host): OfficerPart => (this.voice = new Voice(host, make))] });
    this.bench.open().goLive().arrive();
  }

  get asked(): string[] {
    return this.bench.line.sent.flatMap((frame) => (frame.type === "talk.listen" ? [(frame as unknown as { talk_id: string }).talk_id] : []));
  }

  get types(): string[] {
    return this.bench.line.types.filter((type) => type.startsWith("talk."));
  }

  changed(talk: OwnTalk | null, revision: number): void {
    this.bench.line.feed({ type: "talk.changed", session_id: SESSION, talk, revision, topic: `caller.${SESSION}`, seq: ++this.seq });
  }

  offer(id = "t1"): FakeListener {
    this.bench.line.feed({ type: "talk.offer", talk_id: id, sdp: "offer", ice_servers: [] });
    return this.listeners.at(-1)!;
  }

  get host(): HTMLElement {
    const host = document.createElement("div");
    render(this.voice.liveView(), host);
    return host;
  }

  get words(): string {
    return this.host.textContent.replace(/\s+/g, " ").trim();
  }
}

beforeEach(() => {
  sessionStorage.clear();
  localStorage.clear();
  vi.useFakeTimers({ toFake: ["setTimeout", "setInterval", "clearTimeout"] });
});
afterEach(() => vi.useRealTimers());

describe("the control room's voice on the officer's page", () => {
  it("is played at once, and said by name while somebody speaks", () => {
    const bench = new VoiceBench();
    bench.changed({ ...TALK, speaking: false }, 3);
    expect(bench.words).toBe("");
    const listener = bench.offer();
    expect([listener.accepted, bench.types]).toEqual(["offer", ["talk.listen", "talk.accept"]]);
    bench.changed(TALK, 4);
    expect(bench.words).toBe("Control room: Alex Morgan is speakingConnecting the sound…");
    listener.events.playing();
    expect(bench.words).toBe("Control room: Alex Morgan is speaking");
    bench.changed({ ...TALK, speaking: false }, 5);
    expect([bench.words, bench.asked, listener.isClosed]).toEqual(["", ["t1"], false]);
  });

  it("does not disturb what the page shares", () => {
    const bench = new VoiceBench();
    const before = [...bench.bench.done];
    bench.changed(TALK, 3);
    bench.offer().events.playing();
    bench.changed(null, 4);
    expect(bench.bench.done).toEqual(before);
    expect(bench.bench.page.joined?.id).toBe(SESSION);
  });

  it("is silent when the talk is over, and older news brings it back no more", () => {
    const bench = new VoiceBench();
    bench.changed(TALK, 3);
    const listener = bench.offer();
    bench.changed(null, 5);
    bench.changed(TALK, 4);
    expect([listener.isClosed, bench.words, bench.asked]).toEqual([true, "", ["t1"]]);
  });

  it("wants a tap where the browser does, and plays after it", () => {
    const bench = new VoiceBench();
    bench.changed(TALK, 3);
    const listener = bench.offer();
    listener.events.needsTap();
    const button = bench.host.querySelector<HTMLButtonElement>("[data-testid=tap-to-hear]");
    expect(button?.textContent).toContain("Tap to hear");
    button?.click();
    expect(listener.resume).toHaveBeenCalledOnce();
  });

  it("is found again by the page's state after a reload, and asked for anew on each new line", () => {
    const bench = new VoiceBench();
    const state = officerState({ live: liveSession({ talk: TALK }) });
    bench.bench.line.feed(state);
    bench.bench.line.feed(state);
    expect(bench.asked).toEqual(["t1"]);
    bench.bench.line.drop(4012);
    bench.bench.app.start();
    bench.bench.open(state);
    expect(bench.asked).toEqual(["t1"]);
  });

  it("is asked for again when it was not there yet, or was lost", () => {
    const bench = new VoiceBench();
    bench.changed(TALK, 3);
    bench.bench.line.feed({ type: "error", code: "stream_not_ready", message: "", ref: "listen:t1" });
    vi.advanceTimersByTime(1_500);
    expect(bench.asked).toEqual(["t1", "t1"]);
    bench.offer().events.lost();
    vi.advanceTimersByTime(1_500);
    expect(bench.asked).toHaveLength(3);
  });

  it("is not heard on a phone that shares no longer", () => {
    const bench = new VoiceBench();
    bench.changed(TALK, 3);
    const listener = bench.offer();
    bench.bench.app.live.stop();
    expect([listener.isClosed, bench.bench.page.joined]).toEqual([true, null]);
    bench.changed({ ...TALK, id: "t2" }, 6);
    expect(bench.asked).toEqual(["t1"]);
  });

  it("of an offer that comes too late nothing is made", () => {
    const bench = new VoiceBench();
    bench.changed(TALK, 3);
    bench.changed({ ...TALK, id: "t2" }, 4);
    bench.bench.line.feed({ type: "talk.offer", talk_id: "t1", sdp: "offer", ice_servers: [] });
    expect([bench.listeners, bench.asked]).toEqual([[], ["t1", "t2"]]);
  });
});
