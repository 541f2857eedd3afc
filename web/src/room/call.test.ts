import { render } from "lit-html";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Capture } from "../media/capture";
import { FakeConnection } from "../media/fake_connection";
import { NO_DEVICES } from "../meeting/devices";
import { en } from "../meeting/texts/en";
import type { GoneReason, RoomState, SeatClientMessage } from "../signalling/meetingmessages";
import { Call, type CallParts } from "./call";
import { person, room } from "./samples";
import { roomView, statesOf } from "./view";

const ANSWER = "v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\n";
class FakeStream {
  constructor(private readonly tracks: unknown[] = []) {}
  getTracks(): unknown[] {
    return this.tracks;
  }
}

function setUp(more: Partial<CallParts> = {}) {
  const sent: SeatClientMessage[] = [];
  const connections: FakeConnection[] = [];
  const gone: GoneReason[] = [];
  const capture = {
    isMuted: false, isPaused: false, fault: null, sound: { kind: "audio" }, picture: { kind: "video" }, standing: { camera: "on", microphone: "on" },
    choice: { camera: "", microphone: "", speaker: "" }, resize: () => undefined, setMuted: vi.fn(), setCamera: vi.fn(() => Promise.resolve()),
  };
  const call = new Call({
    texts: en, capture: capture as unknown as Capture, isPhone: true, isSafe: false, isPolice: false, selfId: () => "me", sessionId: () => "s1", uploadDoor: () => "/meeting/uploads/",
    send: (message) => {
      sent.push(message);
      return true;
    },
    redraw: () => undefined, onSeat: () => undefined, onGone: (reason) => gone.push(reason), onRefused: () => undefined, onLeave: vi.fn(),
    createConnection: () => {
      const connection = new FakeConnection();
      connections.push(connection);
      return connection as unknown as RTCPeerConnection;
    },
    ...more,
  });
  const enter = async (state: RoomState = room([person("me"), person("a")]), purpose: "call" | "talk" = "call"): Promise<void> => {
    call.servers([]);
    call.join(purpose, purpose === "talk" ? "t1" : null);
    await vi.advanceTimersByTimeAsync(0);
    const ref = sent.filter(({ type }) => type === "place.join").at(-1)?.ref ?? null;
    call.receive({ type: "place.joined", place_id: "p1", feed_id: "f-me", sdp: ANSWER, room: state, ref });
    await vi.advanceTimersByTimeAsync(0);
  };
  const host = document.createElement("div");
  const drawn = (): HTMLElement => {
    render(roomView({ call, devices: NO_DEVICES, now: Date.parse("2026-11-28T14:00:00.000Z"), isOffline: false }), host);
    return host;
  };
  const changed = (people: RoomState["people"], rest: Partial<RoomState> & { place_id?: string } = {}): void =>
    void call.receive({ type: "room.changed", ...room(people, { revision: 2, ...rest }), ...rest });
  const click = (name: string): void => drawn().querySelector<HTMLButtonElement>(`[data-testid=${name}]`)!.click();
  return { call, sent, connections, gone, capture, enter, drawn, changed, click };
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("MediaStream", FakeStream);
  vi.spyOn(HTMLMediaElement.prototype, "play").mockResolvedValue(undefined);
  vi.spyOn(HTMLMediaElement.prototype, "pause").mockImplementation(() => undefined);
  Object.defineProperty(HTMLMediaElement.prototype, "srcObject", { configurable: true, writable: true, value: null });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("a call", () => {
  it("test_place_that_is_gone_leaves_nobody_seen_heard_or_recorded_on_the_page", async () => {
    const { call, gone, enter, connections, drawn } = setUp();
    await enter(room([person("me"), person("a")], { recording: { on: true, part: null } }));
    call.receive({ type: "place.gone", reason: "removed" });
    expect([gone, call.room, call.isOn, connections.every((one) => one.isClosed)]).toEqual([["removed"], null, false, true]);
    expect(drawn().querySelector("[data-testid=recording-sign]")).toBeNull();
  });

  it("test_in_a_private_talk_the_call_is_not_told_and_there_is_no_chat_hand_or_file", async () => {
    const { call, enter, changed, drawn } = setUp();
    await enter(room([person("me"), person("n")]), "talk");
    changed([person("me"), person("n"), person("o", { side: "police" })], { recording: { on: true, part: null } });
    expect([call.room?.people.length, call.sign.isOn]).toEqual([2, false]);
    changed([person("me")], { place_id: "p1", revision: 3 });
    expect(call.room?.people).toHaveLength(1);
    expect(["hand", "open-chat", "open-files", "share"].map((name) => drawn().querySelector(`[data-testid=${name}]`))).toEqual([null, null, null, null]);
  });

  it("test_older_word_and_word_before_the_seat_change_nothing", async () => {
    const { call, enter, changed } = setUp();
    changed([person("a")]);
    expect(call.room).toBeNull();
    await enter(room([person("me"), person("a")], { revision: 5 }));
    changed([person("me")], { revision: 4 });
    expect(call.room?.people).toHaveLength(2);
  });

  it("test_who_comes_and_goes_is_said_and_a_newcomer_is_heard_while_it_is_recorded", async () => {
    const { call, enter, changed, drawn } = setUp();
    const joined = vi.spyOn(call.sign, "someoneJoined");
    await enter();
    changed([person("me"), person("b")]);
    expect(drawn().querySelector("[data-testid=news]")?.textContent).toBe("Person b has come in. Person a has left");
    expect(joined).toHaveBeenCalledOnce();
  });

  it("test_leaving_asks_first", async () => {
    const onLeave = vi.fn();
    const { enter, click } = setUp({ onLeave });
    await enter();
    click("leave-call");
    click("leave-no");
    expect(onLeave).not.toHaveBeenCalled();
    click("leave-call");
    click("leave-yes");
    expect(onLeave).toHaveBeenCalledOnce();
  });

  it("test_recorded_person_sees_the_sign_and_can_stop_being_recorded_by_one_tap", async () => {
    const { enter, click, sent, drawn } = setUp();
    await enter(room([person("me", { is_recorded: true }), person("a")], { recording: { on: true, part: { number: 1, started_at: "2026-11-28T13:59:00.000Z" } } }));
    expect(drawn().querySelector("[data-testid=recording-sign]")?.textContent).toContain("1:00");
    click("consent-withdraw");
    expect(sent.some(({ type }) => type === "consent.withdraw")).toBe(true);
  });

  it("test_officer_is_warned_while_somebody_in_the_call_is_not_recorded", async () => {
    const { call, enter } = setUp({ isPolice: true });
    await enter(room([person("me", { side: "police" }), person("a", { is_recorded: false })], { recording: { on: true, part: null } }));
    expect(statesOf({ call, isOffline: false })).toContain(en.room.state.speakerWarning);
  });

  it("test_no_more_than_two_troubles_are_said_at_once_and_the_worst_first", () => {
    const { call, capture } = setUp();
    Object.assign(capture, { standing: { camera: "refused", microphone: "refused" }, fault: "denied" });
    expect(statesOf({ call, isOffline: true })).toEqual([en.room.state.offline, en.room.state.microphoneRefused]);
  });

  it("test_screen_that_another_one_shares_is_said", async () => {
    const { call, enter } = setUp();
    await enter();
    call.receive({ type: "error", code: "busy_screen", message: "", ref: "screen" });
    expect(statesOf({ call, isOffline: false })).toEqual([en.room.state.screenBusy]);
    expect(call.receive({ type: "error", code: "x", message: "", ref: "other" })).toBe(false);
  });

  it("test_panels_open_one_at_a_time_and_messages_that_are_seen_are_not_counted", async () => {
    const { call, enter, click, drawn } = setUp();
    await enter();
    const said = { id: "1", participant_id: "a", name: "A", role: "witness" as const, text: "Hello", sent_at: "2026-11-28T14:00:00.000Z", client_id: "c1" };
    call.receive({ type: "call.said", message: said });
    expect(drawn().querySelector("[data-testid=open-chat] .badge")?.textContent).toBe("1");
    click("open-chat");
    expect([drawn().querySelector(".badge"), drawn().querySelector<HTMLElement>("[data-testid=panel]")?.dataset.panel]).toEqual([null, "chat"]);
    click("open-people");
    expect(drawn().querySelectorAll("[data-testid=person]")).toHaveLength(2);
  });

  it("test_person_who_is_asked_to_mute_decides", async () => {
    const { call, enter, click, capture, drawn } = setUp();
    await enter();
    call.receive({ type: "mute.asked", by_name: "PC Ade" });
    expect([drawn().querySelector("[data-testid=mute-asked]")?.textContent.includes("PC Ade"), capture.setMuted.mock.calls]).toEqual([true, []]);
    click("mute-me");
    expect(capture.setMuted).toHaveBeenCalledWith(true);
  });
});
