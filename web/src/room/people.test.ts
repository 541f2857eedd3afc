import { describe, expect, it } from "vitest";
import { newest, newsOf, personOf, sharerOf } from "./people";
import { feed, person, room } from "./samples";

describe("people", () => {
  it("test_older_word_that_arrives_later_is_not_believed", () => {
    const now = room([person("a")], { revision: 5 });
    expect(newest(now, room([], { revision: 4 }))).toBe(now);
    expect(newest(now, room([], { revision: 6 })).people).toEqual([]);
  });

  it("test_first_word_of_a_room_and_the_own_person_are_no_news", () => {
    expect(newsOf(null, room([person("a")]), "me")).toEqual([]);
    expect(newsOf(room([]), room([person("me")]), "me")).toEqual([]);
  });

  it("test_who_comes_leaves_is_lost_is_back_and_raises_a_hand_is_told", () => {
    const before = room([person("a"), person("b"), person("c", { state: "lost" }), person("e")]);
    const after = room([person("b", { state: "lost" }), person("c"), person("d"), person("e", { hand_at: "2026-11-28T14:05:00.000Z" })]);
    expect(newsOf(before, after, "me")).toEqual([
      { what: "lost", name: "Person b" }, { what: "back", name: "Person c" }, { what: "came", name: "Person d" },
      { what: "hand", name: "Person e" }, { what: "left", name: "Person a" },
    ]);
  });

  it("test_somebody_who_was_only_invited_has_not_come", () => {
    expect(newsOf(room([]), room([person("a", { state: "coming" })]), "me")).toEqual([]);
  });

  it("test_recording_lock_and_screen_are_told", () => {
    const sharer = person("a", { feeds: [feed("f-a"), feed("s-a", { source: "screen" })] });
    const after = room([sharer], { is_locked: true, screen_feed_id: "s-a", recording: { on: true, part: null } });
    expect(newsOf(room([sharer]), after, "me").map((one) => one.what)).toEqual(["recording_on", "locked", "screen"]);
    expect(sharerOf(after)?.id).toBe("a");
    expect(newsOf(after, room([sharer]), "me").map((one) => one.what)).toEqual(["recording_off", "unlocked", "screen_over"]);
  });

  it("test_nobody_is_found_in_no_room", () => {
    expect([personOf(null, "a"), personOf(room([]), null), sharerOf(null)]).toEqual([null, null, null]);
  });
});
