import { describe, expect, it } from "vitest";

import { feedWords, senderWords, TROUBLES } from "./feedwords";
import { feedOf } from "./fleetsamples";

describe("a feed in words", () => {
  it("test_each_state_is_said_in_words_of_its_own", () => {
    const labels = (["waiting", "passing", "paused", "refused"] as const).map((state) => feedWords(feedOf({ state, trouble: "failed" }), null).label);
    expect(labels).toEqual(["Waiting for a picture", "Passed on to Sightline", "Begins anew by itself", "Cannot be passed on"]);
    expect(feedWords(undefined, ["rtmp"])).toEqual({ tone: "plain", label: "Not known yet", detail: "" });
  });

  it("test_each_code_of_a_bridge_says_what_to_do_and_none_says_live", () => {
    const codes = [
      "b_frames", "pixels", "codec", "no_picture", "no_media", "not_admitted", "unreachable", "redirected", "address", "silent", "port_taken", "door_refuses",
      "door_away", "ended", "failed",
    ];
    expect(Object.keys(TROUBLES).sort()).toEqual([...codes].sort());
    for (const state of ["waiting", "passing", "paused", "refused"] as const) {
      for (const trouble of [...codes, null]) {
        const { tone, label, detail } = feedWords(feedOf({ state, trouble }), null);
        expect(`${label} ${detail}`).not.toMatch(/\blive\b/i);
        expect(tone).not.toBe("good");
        if (state === "refused" && trouble !== null) expect(detail.length).toBeGreaterThan(10);
      }
    }
  });

  it("test_h265_is_named_whether_the_bridge_saw_it_or_the_rtmp_server_kept_it", () => {
    expect(feedWords(feedOf({ state: "refused", trouble: "no_media" }), null).detail).toContain("H.265");
    expect(feedWords(feedOf({ state: "refused", trouble: "codec" }), null).detail).toContain("H.265");
    expect(feedWords(feedOf({ state: "paused", trouble: "no_media" }), null).detail).toBe("What arrives is no video.");
  });

  it("test_second_sender_and_wrong_key_are_said_where_they_are_known", () => {
    expect(feedWords(feedOf({ state: "paused", trouble: "door_refuses" }), null).detail).toMatch(/Another sender.*key was just revoked/);
    expect(feedWords(feedOf({ state: "waiting", trouble: null }), null).detail).toContain("With a wrong one it is refused");
    expect(senderWords("key_revoked")).toContain("The pilot needs the newest one");
    expect(senderWords("second_sender")).toContain("the first one has the line");
  });

  it("test_codec_is_named_as_people_do_and_what_is_encoded_anew_is_said", () => {
    expect(feedWords(feedOf(), null).detail).toBe("H.264, as it is sent.");
    expect(feedWords(feedOf({ is_transcoded: true, codec: "hevc" }), null)).toMatchObject({ label: "Passed on, encoded anew" });
    expect(feedWords(feedOf({ is_transcoded: true, codec: "hevc" }), null).detail).toContain("H.265");
  });

  it("test_no_bridge_is_a_warning_only_where_there_should_be_one", () => {
    expect(feedWords(null, ["whip"])).toMatchObject({ tone: "plain", label: "Sent by the drone itself" });
    expect(feedWords(null, ["whip", "srt"])).toMatchObject({ tone: "warning", label: "No bridge" });
    expect(feedWords(null, ["whip", "srt"]).detail).toContain("by SRT");
    expect(feedWords(null, null)).toMatchObject({ tone: "plain", label: "Not bridged" });
  });

  it("test_code_that_is_new_becomes_readable_text", () => {
    expect(feedWords(feedOf({ state: "paused", trouble: "battery_empty" }), null).detail).toBe("Battery empty.");
  });
});
