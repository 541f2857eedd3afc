import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Capture } from "../media/capture";
import { FakeConnection } from "../media/fake_connection";
import type { GoneReason, SeatClientMessage } from "../signalling/meetingmessages";
import { room } from "./samples";
import { Seat, type SeatState } from "./seat";

const ANSWER = "v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\n";

function setUp() {
  const connections: FakeConnection[] = [];
  const sent: SeatClientMessage[] = [];
  const states: SeatState[] = [];
  const gone: GoneReason[] = [];
  const refused: string[] = [];
  let isLineOpen = true;
  const seat = new Seat({
    capture: { sound: { kind: "audio" }, picture: { kind: "video" }, resize: () => undefined } as unknown as Capture,
    isPhone: false, random: () => 0,
    send: (message, waiting) => {
      if (isLineOpen || waiting !== undefined) sent.push(message);
      return isLineOpen;
    },
    onState: (state) => states.push(state), onRoom: () => undefined, onTracks: () => undefined, onScreen: () => undefined,
    onGone: (reason) => gone.push(reason), onRefused: (code) => refused.push(code),
    createConnection: () => {
      const connection = new FakeConnection();
      connections.push(connection);
      return connection as unknown as RTCPeerConnection;
    },
  });
  const types = (): string[] => sent.map(({ type }) => type);
  const joins = (): Extract<SeatClientMessage, { type: "place.join" }>[] => sent.filter((message) => message.type === "place.join");
  const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);
  /** The server takes the newest join. */
  const admit = async (place_id = "p1", feed_id = "f1"): Promise<void> => {
    seat.receive({ type: "place.joined", place_id, feed_id, sdp: ANSWER, room: room([]), ref: joins().at(-1)?.ref ?? null });
    await settle();
  };
  const enter = async (): Promise<void> => {
    seat.servers([{ urls: "turn:one" }]);
    seat.join("call");
    await settle();
    await admit();
  };
  const offer = (id = "r1"): void => void seat.receive({ type: "reception.offer", reception_id: id, offer: 1, sdp: "v=0", lines: {} });
  return { seat, connections, sent, states, gone, refused, types, joins, settle, admit, enter, offer, line: (isOpen: boolean) => (isLineOpen = isOpen) };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("a seat that is refused or taken away", () => {
  it.each(["not_admitted", "room_locked", "consent_unanswered"])("test_person_who_is_refused_with_%s_sends_nothing_and_does_not_try_again", async (code) => {
    const { seat, connections, joins, refused, settle } = setUp();
    seat.servers([]);
    seat.join("call");
    await settle();
    seat.receive({ type: "error", code, message: "", ref: joins()[0]!.ref! });
    await vi.advanceTimersByTimeAsync(60_000);
    expect([refused, joins().length, connections[0]!.isClosed, seat.state]).toEqual([[code], 1, true, "out"]);
  });

  it.each(["removed", "put_back", "over", "private", "locked", "rearmed", "withdrawn", "long_away"] as const)("test_person_whose_place_is_gone_as_%s_sends_nothing_more", async (reason) => {
    const { seat, connections, gone, joins, enter, offer } = setUp();
    await enter();
    offer();
    seat.receive({ type: "place.gone", reason });
    await vi.advanceTimersByTimeAsync(60_000);
    expect([connections.every((one) => one.isClosed), gone, joins().length, seat.placeId]).toEqual([true, [reason], 1, null]);
  });

  it("test_seat_that_another_tab_took_waits_for_a_tap", async () => {
    const { seat, connections, joins, enter } = setUp();
    await enter();
    seat.receive({ type: "place.taken" });
    seat.lineOpened();
    await vi.advanceTimersByTimeAsync(60_000);
    expect([seat.state, joins().length, connections[0]!.isClosed]).toEqual(["taken", 1, true]);
    seat.join("call");
    await vi.advanceTimersByTimeAsync(0);
    expect(joins()).toHaveLength(2);
  });
});

describe("a seat", () => {
  it("test_join_offers_sound_and_picture_and_is_in_with_the_answer", async () => {
    const { seat, connections, joins, states, enter } = setUp();
    await enter();
    expect(joins()).toMatchObject([{ purpose: "call" }]);
    expect([states, seat.placeId, connections[0]!.given.length]).toEqual([["joining", "in"], "p1", 2]);
    seat.join("call");
    expect(joins()).toHaveLength(1);
  });

  it("test_answer_to_an_older_join_is_not_taken", async () => {
    const { seat, joins, settle } = setUp();
    seat.servers([]);
    seat.join("call");
    await settle();
    const old = joins()[0]!.ref!;
    seat.join("talk", "t1");
    await settle();
    seat.receive({ type: "place.joined", place_id: "old", feed_id: "f", sdp: ANSWER, room: room([]), ref: old });
    expect([seat.placeId, joins().at(-1)]).toMatchObject([null, { purpose: "talk", talk_id: "t1" }]);
  });

  it("test_page_without_relays_asks_for_them_first", async () => {
    const { seat, types, settle } = setUp();
    seat.join("call");
    await settle();
    expect(types()).toEqual(["seat.servers"]);
    seat.receive({ type: "seat.servers", ice_servers: [] });
    await settle();
    expect(types()).toEqual(["seat.servers", "place.join"]);
  });

  it("test_line_that_is_lost_and_back_finds_the_seat_while_the_media_go_on", async () => {
    const { seat, connections, sent, enter } = setUp();
    await enter();
    seat.lineLost();
    seat.lineOpened();
    expect(sent.at(-1)).toMatchObject({ type: "place.resume", place_id: "p1" });
    seat.receive({ type: "place.resumed", place_id: "p1", room: room([]) });
    expect([seat.state, connections[0]!.isClosed]).toEqual(["in", false]);
  });

  it("test_lost_media_are_a_new_seat_at_once_and_later_ones_are_patient", async () => {
    const { seat, joins, enter, settle } = setUp();
    await enter();
    seat.receive({ type: "place.gone", reason: "media_lost" });
    expect(seat.state).toBe("lost");
    await vi.advanceTimersByTimeAsync(300);
    expect(joins()).toHaveLength(2);
    seat.receive({ type: "error", code: "media_unavailable", message: "", ref: joins()[1]!.ref! });
    await vi.advanceTimersByTimeAsync(300);
    await settle();
    expect(joins()).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(300);
    expect(joins()).toHaveLength(3);
  });

  it.each(["hangup", "silent", "recording_goes_on"] as const)("test_place_that_is_gone_as_%s_is_taken_anew_and_a_late_word_of_an_older_one_changes_nothing", async (reason) => {
    const { seat, joins, enter } = setUp();
    await enter();
    seat.receive({ type: "place.gone", place_id: "p0", reason: "removed" });
    seat.receive({ type: "place.taken", place_id: "p0" });
    expect(seat.state).toBe("in");
    seat.receive({ type: "place.gone", place_id: "p1", reason });
    await vi.advanceTimersByTimeAsync(300);
    expect(joins()).toHaveLength(2);
  });

  it("test_join_that_nobody_answers_is_tried_again", async () => {
    const { seat, joins, settle } = setUp();
    seat.servers([]);
    seat.join("call");
    await settle();
    await vi.advanceTimersByTimeAsync(8_400);
    expect(joins()).toHaveLength(2);
  });

  it("test_other_network_restarts_both_ways_without_a_new_seat", async () => {
    const { seat, types, joins, enter, offer, settle } = setUp();
    await enter();
    offer();
    await settle();
    seat.networkChanged();
    await settle();
    expect(types()).toEqual(expect.arrayContaining(["feed.restart", "reception.restart"]));
    expect(joins()).toHaveLength(1);
  });

  it("test_way_in_without_media_is_mended_after_four_seconds_and_given_up_after_eight_more", async () => {
    const { connections, types, joins, enter, offer, settle } = setUp();
    await enter();
    offer();
    await settle();
    connections[1]!.become("disconnected");
    await vi.advanceTimersByTimeAsync(4_000);
    expect(types()).toContain("reception.restart");
    await vi.advanceTimersByTimeAsync(8_300);
    expect(joins()).toHaveLength(2);
  });

  it("test_offer_of_a_new_reception_closes_the_one_before", async () => {
    const { connections, sent, enter, offer, settle } = setUp();
    await enter();
    offer("r1");
    offer("r2");
    await settle();
    expect([connections[1]!.isClosed, connections[2]!.isClosed]).toEqual([true, false]);
    expect(sent.filter(({ type }) => type === "reception.answer")).toMatchObject([{ reception_id: "r2", offer: 1 }]);
  });

  it("test_leaving_is_told_and_nothing_comes_back", async () => {
    const { seat, types, connections, enter } = setUp();
    await enter();
    seat.leave();
    seat.lineOpened();
    await vi.advanceTimersByTimeAsync(30_000);
    expect([types().at(-1), connections[0]!.isClosed, seat.state]).toEqual(["place.leave", true, "out"]);
  });
});
