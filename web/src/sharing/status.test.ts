import { describe, expect, it } from "vitest";
import type { SharingEvent } from "./model";
import { callerState, liveEvents, play, server, streamView, tap } from "./samples";
import { statusOf, toneOf } from "./status";

const statusAfter = (...events: SharingEvent[]) => statusOf(play([...liveEvents(), ...events]).model);
const stream = (state: "stalled" | "connecting" | "ended"): SharingEvent =>
  server({ type: "stream.changed", stream: streamView(state), revision: 4, topic: "caller.1", seq: 3 });

describe("statusOf", () => {
  it("test_caller_is_seen_only_when_pictures_arrive_and_somebody_watches", () => {
    expect(statusAfter()).toBe("seen");
    expect(statusAfter(server({ type: "watch.changed", watching: false, count: 0, guests: 0, revision: 4, topic: "t", seq: 3 }))).toBe("unwatched");
    expect(statusAfter(stream("stalled"))).toBe("stalled");
    expect(statusAfter(stream("connecting"))).toBe("connecting");
  });

  it("test_caller_is_not_said_to_be_watched_by_the_control_room_where_only_others_watch", () => {
    const watching = (count: number, guests: number): SharingEvent =>
      server({ type: "watch.changed", watching: count > 0, count, guests, revision: 4, topic: "t", seq: 3 });
    expect(statusAfter(watching(2, 2))).toBe("seenOutside");
    expect(statusAfter(watching(3, 2))).toBe("seen");
    expect(statusAfter(watching(0, 0))).toBe("unwatched");
    expect(statusAfter(server(callerState({ consent: { scopes: ["location", "video"] }, stream: streamView("live"), watching: true, count: 1, guests: 1 })))).toBe("seenOutside");
  });

  it("test_caller_is_not_said_to_be_seen_by_word_that_is_older_than_what_is_known", () => {
    const watching = (isOn: boolean, revision: number): SharingEvent =>
      server({ type: "watch.changed", watching: isOn, count: Number(isOn), guests: 0, revision, topic: "t", seq: 3 });
    expect(statusAfter(watching(false, 9), watching(true, 8))).toBe("unwatched");
    expect(statusAfter(watching(false, 9), watching(true, 10))).toBe("seen");
  });

  it("test_caller_with_a_paused_camera_is_not_said_to_be_seen", () => {
    expect(statusAfter({ type: "camera_muted", isMuted: true })).toBe("paused");
    expect(statusAfter({ type: "hidden", isHidden: true })).toBe("paused");
  });

  it("test_caller_without_a_line_is_not_said_to_be_seen_and_after_it_only_on_the_servers_word", () => {
    const lost: SharingEvent[] = [{ type: "line", state: "waiting", code: 1006 }];
    expect(statusAfter(...lost)).toBe("offline");
    expect(statusAfter(...lost, { type: "line", state: "open", code: null })).toBe("unwatched");
  });

  it("test_caller_publishing_anew_is_not_seen_by_the_old_streams_word", () => {
    const consent = { scopes: ["location", "video"] as ("location" | "video")[] };
    const reloaded = play([
      server(callerState({ consent, stream: streamView("live"), watching: true, count: 1 })),
      tap("resume"),
      { type: "location_allowed" },
      { type: "camera_opened", facing: "environment" },
    ]);
    expect(statusOf(reloaded.model)).toBe("connecting");
  });

  it("test_caller_on_a_lower_rung_is_not_said_to_be_seen_and_says_it_again_after_a_lost_line", () => {
    const rung = (name: "video" | "video_low" | "stills" | "position" | "text"): SharingEvent => ({ type: "rung", rung: name, reason: "slow_uplink" });
    expect((["stills", "position", "text", "video_low", "video"] as const).map((name) => statusAfter(rung(name)))).toEqual(
      ["stills", "placeOnly", "textOnly", "small", "seen"],
    );
    const consent = { scopes: ["location", "video"] as ("location" | "video")[] };
    const before = play([...liveEvents(), rung("stills")]).model;
    const again = play([server(callerState({ consent, stream: streamView("stalled") }))], before);
    expect(again.effects).toContainEqual({ do: "send", message: { type: "rung.report", rung: "stills", reason: "slow_uplink" }, waiting: "newest" });
  });

  it("test_caller_with_the_camera_off_is_told_so", () => {
    expect(statusAfter(tap("camera_off"))).toBe("off");
  });

  it("test_caller_sharing_the_place_only_is_found_when_a_fix_was_sent", () => {
    const given = server({ type: "consent.given", scopes: ["location"], ice_servers: [] });
    const events = [...liveEvents().slice(0, 3), tap("agree"), given, tap("ask_location"), { type: "location_allowed" }] as const;
    expect(statusOf(play([...events]).model)).toBe("locating");
    const fix: SharingEvent = { type: "fix", fix: { latitude: 51, longitude: 0, accuracy_m: 9, fixed_at: 5 } };
    expect(statusOf(play([...events, fix]).model)).toBe("seenPlace");
    const refused = server({ type: "error", code: "fix_too_old", message: "", ref: "fix" });
    expect(statusOf(play([...events, fix, refused]).model)).toBe("locating");
  });

  it("test_status_colours_say_good_only_for_what_is_good", () => {
    expect(toneOf("seen")).toBe("good");
    expect(toneOf("unwatched")).toBe("waiting");
    expect(["stalled", "paused", "off", "codec", "offline"].map((status) => toneOf(status as "off"))).toEqual(
      Array(5).fill("bad"),
    );
  });
});
