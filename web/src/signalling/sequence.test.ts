import { describe, expect, it } from "vitest";
import { SequenceTracker } from "./sequence";

describe("SequenceTracker", () => {
  it("test_tracker_missing_number_is_a_gap_once", () => {
    const tracker = new SequenceTracker();
    expect([4, 5, 8, 9].map((seq) => tracker.observe("console", seq))).toEqual(["next", "next", "gap", "next"]);
  });

  it("test_tracker_number_that_goes_back_is_a_gap_since_the_counter_was_lost", () => {
    const tracker = new SequenceTracker();
    tracker.observe("console", 41);
    expect(tracker.observe("console", 1)).toBe("gap");
    expect(tracker.observe("console", 2)).toBe("next");
  });

  it("test_tracker_same_number_again_is_a_repeat", () => {
    const tracker = new SequenceTracker();
    tracker.observe("console", 3);
    expect(tracker.observe("console", 3)).toBe("repeat");
  });

  it("test_tracker_several_that_became_one_leave_no_gap", () => {
    const tracker = new SequenceTracker();
    tracker.rebase({ officers: 4 });
    expect(tracker.observe("officers", 9, 5)).toBe("next");
    expect(tracker.observe("officers", 14, 11)).toBe("gap");
    tracker.rebase({ officers: 16 });
    expect(tracker.observe("officers", 18, 15)).toBe("next");
    expect(tracker.observe("officers", 3, 2)).toBe("gap");
  });

  it("test_tracker_topics_are_counted_apart", () => {
    const tracker = new SequenceTracker();
    tracker.observe("console", 3);
    expect(tracker.observe("session.1", 77)).toBe("next");
  });

  it("test_tracker_snapshot_sets_the_numbers_it_contains", () => {
    const tracker = new SequenceTracker();
    tracker.rebase({ console: 10 });
    expect(tracker.observe("console", 11)).toBe("next");
    expect(tracker.observe("console", 13)).toBe("gap");
  });

  it("test_tracker_forgotten_topic_begins_anew", () => {
    const tracker = new SequenceTracker();
    tracker.rebase({ console: 10, "session.1": 5 });
    tracker.forget("session.1");
    expect(tracker.observe("session.1", 90)).toBe("next");
    expect(tracker.observe("console", 12)).toBe("gap");
    tracker.forget();
    expect(tracker.observe("console", 99)).toBe("next");
  });
});
