import { describe, expect, it } from "vitest";
import { CALL_RUNGS, Ladder, type Decision, type Sample } from "./ladder";

/** A second on a good line. */
const GOOD: Omit<Sample, "at"> = {
  camera: "on", isPaused: false, hasPosition: true, path: "up", available_bps: 2_000_000, frames: 25, isTopSent: true,
  rtt_ms: 20, lost: 0,
};
const SLOW = { available_bps: 300_000, isTopSent: false };
const DEAD = { available_bps: 20_000, isTopSent: false, rtt_ms: 6_000 };
const CUT = { path: "none" as const, available_bps: null, frames: 0, isTopSent: false, rtt_ms: null, lost: null };

/** A ladder with a clock: `go` lets seconds pass and returns what was decided in each. */
function setUp() {
  const ladder = new Ladder();
  let at = 0;
  const go = (seconds: number, change: Partial<Sample> = {}): Decision[] => {
    const decided: Decision[] = [];
    for (let second = 0; second < seconds; second += 1) {
      at += 1_000;
      // What is not sent has no frames.
      const { sending } = ladder.decision;
      const frames = sending === "nothing" ? 0 : (change.frames ?? GOOD.frames);
      const isTopSent = sending === "all" && (change.isTopSent ?? GOOD.isTopSent);
      decided.push(ladder.step({ ...GOOD, ...change, frames, isTopSent, at }));
    }
    return decided;
  };
  const rungs = (decided: Decision[]): (string | null)[] =>
    decided.map((one) => one.rung).filter((rung, index, all) => rung !== all[index - 1]);
  return { ladder, go, rungs, now: () => at };
}

describe("the ladder, downwards", () => {
  it("test_phone_that_has_proven_nothing_claims_no_rung", () => {
    const { go } = setUp();
    expect(go(3, CUT).at(-1)).toMatchObject({ rung: null, sending: "all", takesStills: false });
  });

  it("test_phone_on_a_good_line_says_video_at_once_and_nothing_else_for_ten_minutes", () => {
    const { go, rungs } = setUp();
    expect(rungs(go(600))).toEqual(["video"]);
  });

  it("test_phone_whose_top_layer_starves_goes_to_the_lower_ones_within_six_seconds", () => {
    const { go } = setUp();
    go(10);
    expect(go(4, SLOW).at(-1)?.rung).toBe("video");
    expect(go(2, SLOW).at(-1)).toMatchObject({ rung: "video_low", reason: "slow_uplink", sending: "lower" });
  });

  it("test_phone_whose_video_does_not_arrive_sends_stills_and_keeps_the_connection", () => {
    const { go } = setUp();
    go(10);
    expect(go(7, DEAD).at(-1)).toMatchObject({ rung: "stills", reason: "very_slow_uplink", sending: "nothing", takesStills: true });
  });

  it("test_phone_that_is_slow_itself_goes_on_with_video_on_a_line_that_has_room", () => {
    const { go, rungs } = setUp();
    go(10);
    expect(rungs(go(60, { frames: 2 }))).toEqual(["video"]);
    expect(go(7, { ...DEAD, frames: 2 }).at(-1)?.rung).toBe("stills");
  });

  it("test_phone_whose_video_has_ceased_for_twenty_seconds_sends_stills", () => {
    const { go } = setUp();
    go(10);
    expect(go(19, { frames: 0 }).at(-1)?.rung).toBe("video");
    expect(go(3, { frames: 0 }).at(-1)).toMatchObject({ rung: "stills", takesStills: true });
  });

  it("test_phone_without_a_path_sends_stills_after_four_seconds_and_at_the_start_after_twelve", () => {
    const { go } = setUp();
    go(10);
    expect(go(5, CUT).at(-1)).toMatchObject({ rung: "stills", reason: "no_media_path" });
    const fresh = setUp();
    expect(fresh.go(12, CUT).at(-1)?.rung).toBeNull();
    expect(fresh.go(1, CUT).at(-1)?.rung).toBe("stills");
  });

  it("test_phone_whose_stills_do_not_get_out_says_position_and_without_one_text", () => {
    for (const [hasPosition, rung, reason] of [[true, "position", "stills_fail"], [false, "text", "no_position"]] as const) {
      const { go } = setUp();
      go(10, { hasPosition });
      go(6, { ...CUT, hasPosition });
      expect(go(17, { ...CUT, hasPosition }).at(-1)?.rung).toBe("stills");
      expect(go(5, { ...CUT, hasPosition }).at(-1)).toMatchObject({ rung, reason, takesStills: true });
    }
  });

  it("test_phone_that_finds_its_position_leaves_text_for_it", () => {
    const { go } = setUp();
    go(60, { ...CUT, hasPosition: false });
    expect(go(2, CUT).at(-1)?.rung).toBe("position");
  });
});

describe("the ladder, upwards", () => {
  it("test_still_that_got_out_leads_back_to_stills", () => {
    const { ladder, go, now } = setUp();
    go(60, CUT);
    ladder.noteStill(now());
    expect(go(1, CUT).at(-1)).toMatchObject({ rung: "stills", reason: "very_slow_uplink" });
  });

  it("test_phone_on_stills_tries_video_and_says_it_only_when_it_was_proven", () => {
    const { go } = setUp();
    go(10);
    go(8, DEAD);
    const tried = go(40);
    expect(tried.findIndex((one) => one.sending === "lowest")).toBeLessThan(20);
    const proven = tried.findIndex((one) => one.rung === "video_low");
    expect(tried.slice(0, proven).filter((one) => one.sending === "lowest").length).toBeGreaterThanOrEqual(5);
    expect(tried.at(-1)).toMatchObject({ rung: "video", reason: "good" });
  });

  it("test_path_that_comes_back_is_tried_at_once", () => {
    const { go } = setUp();
    go(10);
    go(10, CUT);
    expect(go(1).at(-1)?.sending).toBe("lowest");
  });

  it("test_trials_that_fail_become_rare_and_say_nothing", () => {
    const { go, rungs } = setUp();
    go(10);
    go(20, SLOW);
    const half = go(600, SLOW);
    expect(rungs(half)).toEqual(["video_low"]);
    const trials = half.filter((one, index) => one.sending === "all" && half[index - 1]?.sending !== "all");
    expect(trials.length).toBeGreaterThanOrEqual(3);
    expect(trials.length).toBeLessThanOrEqual(12);
  });

  it("test_line_that_swings_every_ten_seconds_does_not_make_the_rung_flap", () => {
    const { go, rungs } = setUp();
    go(10);
    const decided = Array.from({ length: 30 }, (_, turn) => go(10, turn % 2 === 0 ? SLOW : {})).flat();
    expect(rungs(decided).length).toBeLessThanOrEqual(12);
  });

  it("test_fast_still_brings_the_trial_forward", () => {
    const { ladder, go, now } = setUp();
    go(10);
    go(8, DEAD);
    for (let trial = 0; trial < 5; trial += 1) go(30, DEAD);
    go(5, DEAD);
    ladder.hurry(now());
    expect(go(2, DEAD).some((one) => one.sending === "lowest")).toBe(true);
  });
});

describe("the ladder and the camera", () => {
  it("test_hidden_page_is_no_matter_of_the_line", () => {
    const { go, rungs } = setUp();
    go(10);
    expect(rungs(go(120, { isPaused: true, frames: 0, isTopSent: false }))).toEqual(["video"]);
  });

  it("test_camera_that_is_off_says_why_and_comes_back_unproven", () => {
    const { go } = setUp();
    go(10);
    expect(go(1, { camera: "lost" }).at(-1)).toMatchObject({ rung: "position", reason: "camera_lost", sending: "nothing", takesStills: false });
    expect(go(1, { camera: "off", hasPosition: false }).at(-1)).toMatchObject({ rung: "text", reason: "camera_off" });
    expect(go(1, CUT).at(-1)).toMatchObject({ rung: null, sending: "all" });
    expect(go(2).at(-1)).toMatchObject({ rung: "video", reason: "good" });
  });
});

describe("the ladder of a call", () => {
  const setUpCall = (): ((seconds: number, change?: Partial<Sample>) => Decision<(typeof CALL_RUNGS)[number]>) => {
    const ladder = new Ladder<(typeof CALL_RUNGS)[number]>(CALL_RUNGS);
    let at = 0;
    return (seconds, change = {}) => {
      for (let second = 0; second < seconds; second += 1) {
        at += 1_000;
        const { sending } = ladder.decision;
        const frames = sending === "nothing" ? 0 : (change.frames ?? GOOD.frames);
        ladder.step({ ...GOOD, ...change, frames, isTopSent: sending === "all" && (change.isTopSent ?? true), at });
      }
      return ladder.decision;
    };
  };

  it("test_call_on_a_line_that_chokes_is_voice_only_and_takes_no_stills", () => {
    const go = setUpCall();
    go(10);
    expect(go(7, DEAD)).toEqual({ rung: "voice", reason: "very_slow_uplink", sending: "nothing", takesStills: false });
    expect(go(60, CUT)).toMatchObject({ rung: "voice", takesStills: false });
  });

  it("test_call_whose_line_is_back_comes_up_again_by_a_trial", () => {
    const go = setUpCall();
    go(10);
    go(7, DEAD);
    expect(go(1, CUT).rung).toBe("voice");
    expect(go(1)).toMatchObject({ rung: "voice", sending: "lowest" });
    expect(go(8).rung).toBe("video_low");
    expect(go(60).rung).toBe("video");
  });

  it("test_call_without_a_camera_sends_no_picture_and_blames_no_line", () => {
    const go = setUpCall();
    go(10);
    expect(go(1, { camera: "off" })).toMatchObject({ reason: "camera_off", sending: "nothing" });
    expect(go(1)).toMatchObject({ sending: "all" });
  });
});
