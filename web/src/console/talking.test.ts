import { render } from "lit-html";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { ConsoleClientMessage, ConsoleServerMessage, TalkView } from "../signalling/messages";
import { emptyFields } from "./acts";
import type { Desk } from "./desk";
import { before, liveSession, ME, stateWith } from "./samples";
import { IDLE_MS, Talking, TALK_REF, type VoiceLine } from "./talking";
import { talkView } from "./views/talk";

type Events = Parameters<NonNullable<NonNullable<ConstructorParameters<typeof Talking>[1]>["makeSpeaker"]>>[1];

/** A voice whose connection is made by hand. */
class FakeVoice implements VoiceLine {
  heard: boolean[] = [];
  isClosed = false;
  accepted: string | null = null;

  constructor(readonly events: Events) {}

  set isHeard(isHeard: boolean) {
    this.heard.push(isHeard);
  }

  offer(): Promise<string> {
    return Promise.resolve("offer");
  }

  accept(sdp: string): Promise<void> {
    this.accepted = sdp;
    return Promise.resolve();
  }

  close(): void {
    this.isClosed = true;
  }
}

const stopTrack = vi.fn();
const MICROPHONE = { getAudioTracks: () => [{ stop: stopTrack }] } as unknown as MediaStream;

function bench(source: () => Promise<MediaStream> = () => Promise.resolve(MICROPHONE)) {
  const sent: ConsoleClientMessage[] = [];
  const voices: FakeVoice[] = [];
  const line = { isOpen: true };
  const talk = new Talking(
    { send: (message) => line.isOpen && sent.push(message) > 0, redraw: () => undefined },
    { source, makeSpeaker: (_track, events) => {
      const voice = new FakeVoice(events);
      voices.push(voice);
      return voice;
    } },
  );
  const types = (): string[] => sent.map((message) => message.type);
  /** The button is down, and the server has let the microphone in as `id`. */
  const connect = async (id = "t1"): Promise<FakeVoice> => {
    talk.press("1");
    await vi.waitFor(() => expect(types().at(-1)).toBe("talk.start"));
    const { ref } = sent.at(-1) ?? {};
    talk.received({ type: "talk.answer", talk_id: id, session_id: "1", sdp: "answer", ice_servers: [], ref: ref ?? null });
    const voice = voices.at(-1)!;
    await vi.waitFor(() => expect(voice.accepted).toBe("answer"));
    voice.events.connected();
    return voice;
  };
  return { talk, sent, types, voices, line, connect };
}

function changed(talk: TalkView | null, revision: number, ended: { id: string; reason: string } | null = null): ConsoleServerMessage {
  return { type: "talk.changed", session_id: "1", talk, revision, ended, topic: "session.1", seq: revision };
}

function talkOf(id: string, change: Partial<TalkView> = {}): TalkView {
  return { id, user_id: "8", name: "Priya Shah", speaking: true, began_at: before(3), ...change };
}

function drawn(talk: Talking, session = liveSession("1", { kind: "officer" }), permissions = ["session.control"]): HTMLElement {
  const host = document.createElement("div");
  const desk = { state: { ...stateWith(session), me: { ...ME, permissions } }, talk, local: emptyFields() } as unknown as Desk;
  render(talkView(desk, session), host);
  return host;
}

beforeEach(() => stopTrack.mockClear());
afterEach(() => vi.useRealTimers());

describe("the button to speak to an officer", () => {
  it("is there beside an officer's session that goes on, for who may write to it, alone", () => {
    const { talk } = bench();
    expect(drawn(talk).querySelector("[data-testid=talk-hold]")?.textContent).toContain("Hold to speak");
    const paused = liveSession("1", { kind: "officer", stream: null });
    expect(drawn(talk, paused).querySelector<HTMLButtonElement>("[data-testid=talk-hold]")?.disabled).toBe(true);
    expect(drawn(talk, liveSession("1")).childElementCount).toBe(0);
    expect(drawn(talk, liveSession("1", { kind: "officer", state: "ended" })).childElementCount).toBe(0);
    expect(drawn(talk, liveSession("1", { kind: "officer" }), ["stream.watch"]).childElementCount).toBe(0);
  });

  it("connects at the first press, is heard while it is down, and stays connected for the next", async () => {
    const { talk, sent, types, voices, connect } = bench();
    const voice = await connect();
    expect(talk.status("1").state).toBe("speaking");
    expect(sent.at(-1)).toEqual({ type: "talk.speak", talk_id: "t1", on: true });
    talk.release();
    expect([talk.status("1").state, voice.heard.at(-1), sent.at(-1)]).toEqual(["ready", false, { type: "talk.speak", talk_id: "t1", on: false }]);
    talk.press("1");
    expect([talk.status("1").state, voice.heard.at(-1)]).toEqual(["speaking", true]);
    expect([types().filter((type) => type === "talk.start"), voices]).toEqual([["talk.start"], [voice]]);
    expect(drawn(talk).querySelector("[data-testid=talk-hold]")?.textContent).toContain("You are heard");
  });

  it("is not heard when it was let go before the connection stood", async () => {
    const { talk, types, voices } = bench();
    talk.press("1");
    talk.release();
    await vi.waitFor(() => expect(types()).toEqual(["talk.start"]));
    talk.received({ type: "talk.answer", talk_id: "t1", session_id: "1", sdp: "answer", ice_servers: [], ref: TALK_REF + "1" });
    voices[0]?.events.connected();
    expect([talk.status("1").state, voices[0]?.heard, types()]).toEqual(["ready", [false], ["talk.start"]]);
  });

  it("kept open is heard until it is turned off", async () => {
    const { talk, connect } = bench();
    await connect();
    talk.setOpen("1", true);
    talk.release();
    expect(talk.status("1")).toMatchObject({ state: "speaking", isOpen: true });
    expect(drawn(talk).querySelector("[data-testid=talk-open]")?.getAttribute("aria-checked")).toBe("true");
    talk.setOpen("1", false);
    expect(talk.status("1")).toMatchObject({ state: "ready", isOpen: false });
  });

  it("says in plain words that the browser refused the microphone, and asks again at the next press only", async () => {
    const source = vi.fn(() => Promise.reject(Object.assign(new Error("no"), { name: "NotAllowedError" })));
    const { talk, sent } = bench(source);
    talk.press("1");
    await vi.waitFor(() => expect(talk.status("1").fault).toContain("may not use the microphone"));
    expect([talk.status("1").state, sent, source.mock.calls.length]).toEqual(["off", [], 1]);
    expect(drawn(talk).querySelector("[role=alert]")?.textContent).toContain("Allow it in the settings");
  });

  it("names who else is speaking, and lets nobody interrupt", () => {
    const { talk } = bench();
    talk.received(changed(talkOf("t9"), 2));
    const host = drawn(talk);
    expect(host.querySelector("[data-testid=talk-other]")?.textContent).toBe("Priya Shah is speaking to this officer.");
    expect(host.querySelector<HTMLButtonElement>("[data-testid=talk-hold]")?.disabled).toBe(true);
    talk.received(changed(talkOf("t9", { speaking: false }), 3));
    talk.received(changed(talkOf("t9"), 2));
    expect(drawn(talk).querySelector<HTMLButtonElement>("[data-testid=talk-hold]")?.disabled).toBe(false);
  });

  it("says the server's refusal, and frees the microphone", async () => {
    const { talk, sent, voices } = bench();
    talk.press("1");
    await vi.waitFor(() => expect(sent).toHaveLength(1));
    expect(talk.refused(sent[0]?.ref ?? "", "Priya Shah is speaking to this officer.")).toBe(true);
    expect(talk.status("1")).toMatchObject({ state: "off", fault: "Priya Shah is speaking to this officer." });
    expect(voices[0]?.isClosed).toBe(true);
    expect(talk.refused("watch:s", "other")).toBe(false);
  });

  it("knows from the session's snapshot who speaks", () => {
    const { talk } = bench();
    const shared = { positions: [], messages: [], stills: [], still_asks: [], uploads: [], seqs: {} };
    const message: ConsoleServerMessage = { type: "session.snapshot", session: liveSession("1", { kind: "officer" }), ...shared, talk: talkOf("t9") };
    expect(talk.received(message)).toBe(false);
    expect(talk.status("1").other?.name).toBe("Priya Shah");
  });
});

describe("a talk ends", () => {
  it("when its session is left, and the next one begins anew", async () => {
    const { talk, sent, connect } = bench();
    const voice = await connect();
    talk.shown("2");
    expect([voice.isClosed, sent.at(-1), talk.status("1").state]).toEqual([true, { type: "talk.stop", talk_id: "t1" }, "off"]);
  });

  it("when the line is lost: nothing more is said into it", async () => {
    const { talk, line, connect } = bench();
    const voice = await connect();
    line.isOpen = false;
    talk.lineLost();
    expect([voice.isClosed, talk.status("1").state]).toEqual([true, "off"]);
    expect(talk.status("1").fault).toContain("You are not heard");
  });

  it("when the server says so, with the reason; another's end is not its own", async () => {
    const { talk, connect } = bench();
    const voice = await connect();
    talk.received(changed(talkOf("t1", { user_id: "7" }), 5, { id: "t0", reason: "replaced" }));
    expect(voice.isClosed).toBe(false);
    expect(talk.status("1").other).toBeNull();
    talk.received(changed(null, 6, { id: "t1", reason: "handed_over" }));
    expect([voice.isClosed, talk.status("1").fault]).toEqual([true, "The session was handed over."]);
  });

  it("when nobody speaks for a minute: it would keep colleagues out", async () => {
    const { talk, sent, connect } = bench();
    const voice = await connect();
    vi.useFakeTimers();
    talk.release();
    vi.advanceTimersByTime(IDLE_MS - 1);
    expect(voice.isClosed).toBe(false);
    vi.advanceTimersByTime(1);
    expect([voice.isClosed, sent.at(-1)?.type]).toEqual([true, "talk.stop"]);
  });

  it("before it began: what was let in too late is stopped", async () => {
    const { talk, sent } = bench();
    talk.press("1");
    await vi.waitFor(() => expect(sent).toHaveLength(1));
    talk.shown(null);
    talk.received({ type: "talk.answer", talk_id: "t1", session_id: "1", sdp: "answer", ice_servers: [], ref: sent[0]?.ref ?? null });
    expect(sent.at(-1)).toEqual({ type: "talk.stop", talk_id: "t1" });
  });

  it("while the browser asked: the microphone that comes too late is freed", async () => {
    let give: (stream: MediaStream) => void = () => undefined;
    const { talk, sent } = bench(() => new Promise((resolve) => (give = resolve)));
    talk.press("1");
    expect(talk.status("1").state).toBe("asking");
    talk.shown(null);
    give(MICROPHONE);
    await vi.waitFor(() => expect(stopTrack).toHaveBeenCalledOnce());
    expect(sent).toEqual([]);
  });
});
