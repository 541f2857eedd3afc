import { describe, expect, it, vi } from "vitest";
import type { Capture } from "../media/capture";
import type { PersonView, SeatClientMessage } from "../signalling/meetingmessages";
import type { Feeds } from "./feeds";
import { Own } from "./own";
import { person } from "./samples";

function setUp() {
  const sent: SeatClientMessage[] = [];
  const capture = {
    isMuted: false, isPaused: false, standing: { camera: "on", microphone: "on" },
    setMuted: vi.fn((isMuted: boolean) => void (capture.isMuted = isMuted)), setCamera: vi.fn(() => Promise.resolve()),
  };
  const silence = vi.fn();
  let self: PersonView | null = person("me");
  let isOpen = true;
  const own = new Own({
    capture: capture as unknown as Capture, feeds: { sharedScreen: null } as unknown as Feeds,
    send: (message) => {
      if (isOpen) sent.push(message);
      return isOpen;
    },
    self: () => self, rung: () => "video", relays: () => [], silence, redraw: () => undefined,
  });
  return { own, sent, capture, silence, become: (now: Partial<PersonView>) => (self = person("me", now)), leave: () => (self = null), line: (now: boolean) => (isOpen = now) };
}

describe("Own", () => {
  it("test_officer_who_asks_to_mute_mutes_nobody_and_cannot_unmute", () => {
    const { own, capture, sent } = setUp();
    own.askedToMute("PC Ade");
    expect([own.mutedBy, own.isMuted, sent]).toEqual(["PC Ade", false, []]);
    own.dismissMute();
    expect([own.mutedBy, capture.setMuted.mock.calls]).toEqual([null, []]);
    own.toggleMute();
    own.askedToMute("PC Ade");
    expect([own.isMuted, own.mutedBy]).toEqual([true, null]);
  });

  it("test_who_is_outside_of_the_room_tells_nobody_how_it_stands", () => {
    const { own, sent, leave } = setUp();
    leave();
    own.toggleCamera();
    own.report();
    expect(sent).toEqual([]);
  });

  it("test_what_others_are_told_is_told_once_and_again_when_it_did_not_get_out", () => {
    const { own, sent, line } = setUp();
    own.report();
    own.report();
    expect(sent).toEqual([{ type: "call.own", is_muted: false, camera_off: false, rung: "video" }]);
    line(false);
    own.toggleCamera();
    line(true);
    own.report();
    expect(sent.at(-1)).toMatchObject({ camera_off: true });
    own.forget();
    own.report();
    expect(sent).toHaveLength(3);
  });

  it("test_camera_that_the_phone_pauses_is_told_as_off_and_is_still_wanted", () => {
    const { own, sent, capture } = setUp();
    capture.isPaused = true;
    own.report();
    expect([sent.at(-1), own.isCameraOff]).toMatchObject([{ camera_off: true }, false]);
  });

  it("test_second_device_in_one_room_neither_sends_nor_plays_sound_and_unmuting_ends_that", () => {
    const { own, silence, capture } = setUp();
    own.setSameRoom(true);
    expect([capture.isMuted, silence.mock.calls]).toEqual([true, [[true]]]);
    own.toggleMute();
    expect([own.isSameRoom, capture.isMuted, silence.mock.calls.at(-1)]).toEqual([false, false, [false]]);
  });

  it("test_hand_goes_by_what_the_server_knows", () => {
    const { own, sent, become } = setUp();
    own.toggleHand();
    become({ hand_at: "2026-11-28T14:00:00.000Z" });
    own.toggleHand();
    expect(sent).toEqual([{ type: "call.hand", up: true }, { type: "call.hand", up: false }]);
  });
});
