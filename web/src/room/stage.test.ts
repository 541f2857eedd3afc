import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { en } from "../meeting/texts/en";
import type { FeedTracks } from "../media/reception";
import type { RoomState, SeatClientMessage } from "../signalling/meetingmessages";
import type { Call } from "./call";
import { feed, person, room } from "./samples";
import { Stage } from "./stage";
import type { DownStep } from "./wanted";

function setUp(state: RoomState, step: DownStep = "all") {
  const sent: SeatClientMessage[] = [];
  const levels = new Map<string, number>();
  const call = {
    room: state, ladder: { step, rung: "video" }, own: { isCameraOff: false }, seat: { receiving: { levels: () => levels, stats: () => Promise.resolve(null) } },
    parts: { texts: en, selfId: () => "me", capture: { picture: {}, isPaused: false } },
  };
  const stage = new Stage(call as unknown as Call, {
    send: (message) => {
      sent.push(message);
      return true;
    },
  });
  Object.defineProperties(stage.root, { clientWidth: { value: 1440 }, clientHeight: { value: 800 } });
  const tracks = new Map<string, FeedTracks>();
  for (const one of state.people) for (const { id } of one.feeds) if (one.id !== "me") tracks.set(id, { audio: null, video: { id } as unknown as MediaStreamTrack });
  stage.start();
  stage.receive(tracks);
  const tile = (key: string): HTMLElement => stage.root.querySelector<HTMLElement>(`[data-key="${key}"]`)!;
  const order = (): string[] => [...stage.root.children].map((child) => (child as HTMLElement).dataset.key ?? "");
  return { stage, call, sent, levels, tile, order, wanted: () => sent.filter(({ type }) => type === "call.layers").at(-1) };
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("MediaStream", vi.fn(Object));
  vi.spyOn(HTMLMediaElement.prototype, "play").mockResolvedValue(undefined);
  vi.spyOn(HTMLMediaElement.prototype, "pause").mockImplementation(() => undefined);
  Object.defineProperty(HTMLMediaElement.prototype, "srcObject", { configurable: true, writable: true, value: null });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("Stage", () => {
  it("test_nothing_of_somebody_who_is_away_or_off_is_shown_as_live", () => {
    const people = [
      person("lost", { state: "lost" }), person("private", { state: "private", feeds: [] }), person("off", { camera_off: true }), person("weak", { rung: "voice" }),
      person("new", { feeds: [feed("f-new", { is_up: false })] }), person("coming", { state: "coming" }),
    ];
    const { tile, order } = setUp(room(people));
    const notes = ["lost", "private", "off", "weak", "new"].map((key) => tile(key).querySelector(".tile-note")?.textContent);
    expect(notes).toEqual([en.room.tile.lost, en.room.tile.private, en.room.tile.cameraOff, en.room.tile.weak, en.room.tile.connecting]);
    expect(["lost", "private", "off"].map((key) => tile(key).querySelector("video")?.hidden)).toEqual([true, true, true]);
    expect(order()).not.toContain("coming");
  });

  it("test_layers_are_asked_for_others_and_never_for_oneself", () => {
    const { wanted } = setUp(room([person("me"), person("a"), person("b")]));
    expect(wanted()).toMatchObject({ wanted: { "f-a": "high", "f-b": "high" } });
    expect(Object.keys((wanted() as { wanted: object }).wanted)).toHaveLength(2);
  });

  it("test_weak_line_keeps_the_interpreter_and_says_what_is_not_shown", () => {
    const { wanted, tile } = setUp(room([person("me"), person("a"), person("i", { role: "interpreter" })]), "few");
    expect(wanted()).toMatchObject({ wanted: { "f-a": "off", "f-i": "low" } });
    expect([tile("a").querySelector(".tile-note")?.textContent, tile("i").querySelector<HTMLElement>(".tile-note")?.hidden]).toEqual([en.room.tile.notShown, true]);
  });

  it("test_screen_of_somebody_has_the_first_tile_and_the_own_one_has_none", () => {
    const sharer = person("a", { feeds: [feed("f-a"), feed("s-a", { source: "screen" })] });
    expect(setUp(room([person("me"), sharer], { screen_feed_id: "s-a" })).order()).toEqual(["screen:s-a", "me", "a"]);
    const own = person("me", { feeds: [feed("f-me"), feed("s-me", { source: "screen" })] });
    expect(setUp(room([own, person("a")], { screen_feed_id: "s-me" })).order()).toEqual(["me", "a"]);
  });

  it("test_recorded_is_said_of_a_tile_only_while_it_is_recorded", () => {
    const people = [person("a", { is_recorded: true }), person("b")];
    expect(setUp(room(people)).tile("a").getAttribute("aria-label")).not.toContain("Recorded");
    const { tile } = setUp(room(people, { recording: { on: true, part: null } }));
    expect([tile("a").getAttribute("aria-label")?.includes("Recorded"), tile("b").getAttribute("aria-label")?.includes("Recorded")]).toEqual([true, false]);
  });

  it("test_loudest_voice_has_the_ring_and_a_muted_one_never", async () => {
    const { levels, tile } = setUp(room([person("a"), person("b", { is_muted: true })]));
    levels.set("f-a", 0.2).set("f-b", 0.9);
    await vi.advanceTimersByTimeAsync(1_500);
    expect([tile("a").classList.contains("is-speaking"), tile("b").classList.contains("is-speaking")]).toEqual([true, false]);
  });

  it("test_stage_that_is_left_is_empty_and_looks_no_more", async () => {
    const { stage, order, sent } = setUp(room([person("a")]));
    stage.stop();
    sent.length = 0;
    await vi.advanceTimersByTimeAsync(5_000);
    expect([order(), sent]).toEqual([[], []]);
  });
});
