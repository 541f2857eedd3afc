import { describe, expect, it } from "vitest";
import type { SharingModel } from "./model";
import { callerState, liveEvents, names, play, server, streamView, tap } from "./samples";

const asking = (): SharingModel => play(liveEvents().slice(0, 6)).model;

describe("connecting ahead of the camera", () => {
  const atCamera = (): SharingModel => play([tap("ask_location"), { type: "location_allowed" }], asking()).model;
  const answer = server({ type: "stream.answer", stream_id: "s1", sdp: "answer", ref: "offer-1" });
  const prepared = (): SharingModel => play([answer, { type: "publisher", state: "connected" }], atCamera()).model;
  const opened = [tap("ask_camera"), { type: "camera_opened", facing: "environment" }] as const;
  const changed = (state: "ended" | "prepared") =>
    server({ type: "stream.changed", stream: streamView(state), revision: 2, topic: "caller.1", seq: 1 });

  it("test_caller_who_did_not_agree_to_video_is_not_connected", () => {
    const given = server({ type: "consent.given", scopes: ["location"], ice_servers: [] });
    const { effects } = play([...liveEvents().slice(0, 3), tap("agree"), given, tap("ask_location"), { type: "location_allowed" }]);
    expect(names(effects)).not.toContain("prepare");
  });

  it("test_caller_reading_why_the_camera_is_asked_for_is_connected_without_it", () => {
    const { model, effects } = play([tap("ask_location"), { type: "location_allowed" }], asking());
    expect(names(effects)).toEqual(["send:progress.report", "watch_position", "send:progress.report", "prepare"]);
    expect(model).toMatchObject({ step: "camera", camera: { state: "off" }, publishing: { isPrepared: true } });
  });

  it("test_caller_tapping_when_connected_only_adds_the_picture", () => {
    const { model, effects } = play([changed("prepared"), ...opened], prepared());
    expect(names(effects)).toEqual(["open_camera", "begin", "keep_awake"]);
    expect(model).toMatchObject({ step: "live", publishing: { isPrepared: false, attempt: 1 } });
  });

  it("test_caller_tapping_after_the_prepared_stream_ended_publishes_anew", () => {
    const { effects } = play([changed("ended"), ...opened], prepared());
    expect(names(effects)).toEqual(["open_camera", "publish", "keep_awake"]);
  });

  it("test_caller_whose_prepared_connection_failed_publishes_anew_at_the_tap_and_not_before", () => {
    const failed = play([{ type: "publisher", state: "failed" }], prepared());
    expect(names(failed.effects)).toEqual(["close_camera", "send:stream.stop"]);
    expect(names(play([...opened], failed.model).effects)).toContain("publish");
  });

  it("test_caller_whose_offer_was_refused_ahead_of_the_camera_publishes_anew_at_the_tap", () => {
    const refused = server({ type: "error", code: "media_unavailable", message: "", ref: "offer-1" });
    const { model, effects } = play([refused], atCamera());
    expect(effects).toEqual([]);
    expect(model.publishing.isAwaitingAnswer).toBe(false);
    expect(names(play([...opened], model).effects)).toContain("publish");
  });

  it("test_caller_going_on_without_the_camera_gives_the_connection_back", () => {
    const { model, effects } = play([tap("skip_camera")], prepared());
    expect(names(effects)).toEqual(["close_camera", "send:stream.stop", "keep_awake"]);
    expect(model.publishing.isPrepared).toBe(false);
  });

  it("test_caller_reloading_under_consent_is_connected_before_the_touch", () => {
    const { effects } = play([server(callerState({ consent: { scopes: ["location", "video"] }, ice_servers: [] }))]);
    expect(names(effects)).toEqual(["send:progress.report", "prepare"]);
  });

  it("test_caller_without_a_line_is_not_connected", () => {
    const offline = play([{ type: "line", state: "waiting", code: 1006 }], asking()).model;
    const { effects } = play([tap("ask_location"), { type: "location_allowed" }], offline);
    expect(names(effects)).not.toContain("prepare");
  });
});
