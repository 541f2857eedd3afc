import { describe, expect, it } from "vitest";
import { initialModel, type SharingModel } from "./model";
import { callerState, chatMessage, liveEvents, names, play, server, streamView, tap } from "./samples";

const live = (): SharingModel => play(liveEvents()).model;
const asking = (): SharingModel => play(liveEvents().slice(0, 6)).model;

describe("refusals", () => {
  it("test_caller_who_ticked_nothing_is_told_and_nothing_is_sent", () => {
    const { model, effects } = play([server(callerState()), tap("continue"), tap("agree")]);
    expect(model).toMatchObject({ step: "agree", problem: "nothing_chosen", isGiving: false });
    expect(names(effects)).not.toContain("send:consent.give");
  });

  it("test_caller_declining_shares_nothing_and_may_reconsider", () => {
    const { model, effects } = play([server(callerState()), tap("continue"), tap("decline")]);
    expect(model).toMatchObject({ step: "declined", scopes: null });
    expect(names(effects)).not.toContain("watch_position");
    expect(play([tap("reconsider")], model).model.step).toBe("agree");
  });

  it("test_caller_refusing_location_is_helped_and_may_go_on_to_the_camera", () => {
    const refused = play([tap("ask_location"), { type: "position_fault", fault: "denied" }], asking());
    expect(refused.model).toMatchObject({ step: "location_trouble", position: { state: "off", fault: "denied" } });
    expect(play([tap("skip_location")], refused.model).model.step).toBe("camera");
  });

  it("test_caller_refusing_the_camera_may_go_on_with_the_location", () => {
    const events = [tap("ask_location"), { type: "location_allowed" }, tap("ask_camera")] as const;
    const refused = play([...events, { type: "camera_fault", fault: "denied" }], asking());
    expect(refused.model.step).toBe("camera_trouble");
    expect(refused.effects).toContainEqual({
      do: "send", message: { type: "progress.report", step: "camera_denied", reason: "denied" }, waiting: "newest",
    });
    const { model } = play([tap("skip_camera")], refused.model);
    expect(model).toMatchObject({ step: "live", camera: { state: "off" }, position: { state: "on" } });
  });

  it("test_server_refusing_this_browser_stops_everything", () => {
    const { model, effects } = play([{ type: "line", state: "refused", code: 4409 }], live());
    expect(model).toMatchObject({ step: "refused", refusalCode: 4409, camera: { state: "off" } });
    expect(names(effects)).toEqual(["stop_everything"]);
  });

  it("test_answer_that_overtakes_the_news_of_the_end_says_who_ended_it", () => {
    const details = { by: "user", reason: "operator" };
    const told = play([server({ type: "error", code: "session_over", message: "", details })], live());
    expect(told.model).toMatchObject({ step: "ended", ending: { by: "control_room", isTold: true } });
    const closed = play([{ type: "line", state: "refused", code: 4410 }], told.model).model;
    expect(closed).toMatchObject({ step: "ended", ending: { by: "control_room" } });
  });

  it("test_server_refusing_the_consent_lets_it_be_given_again", () => {
    const sent = play(liveEvents().slice(0, 5)).model;
    const error = server({ type: "error", code: "wording_outdated", message: "", ref: "consent" });
    expect(play([error], sent).model).toMatchObject({ step: "agree", isGiving: false, problem: "wording_outdated" });
  });
});

describe("consent", () => {
  it("test_caller_agreeing_sends_the_ticked_scopes_with_the_version_that_was_read", () => {
    const { effects } = play(liveEvents().slice(0, 5));
    expect(effects).toContainEqual({
      do: "send",
      waiting: "keep",
      message: { type: "consent.give", scopes: ["location", "video"], wording_version: 3, language: "en", ref: "consent" },
    });
  });

  it("test_caller_agreeing_twice_sends_once", () => {
    const { effects } = play([...liveEvents().slice(0, 5), tap("agree")]);
    expect(names(effects).filter((name) => name === "send:consent.give")).toHaveLength(1);
  });

  it("test_caller_unticking_video_unticks_its_recording", () => {
    const { model } = play([
      server(callerState()),
      { type: "choose", scope: "video", on: true },
      { type: "choose", scope: "recording", on: true },
      { type: "choose", scope: "video", on: false },
    ]);
    expect(model.choices).toEqual([]);
  });

  it("test_caller_is_asked_for_no_device_before_consent", () => {
    const { effects } = play(liveEvents().slice(0, 5));
    expect(names(effects).filter((name) => !name.startsWith("send:"))).toEqual([]);
  });

  it("test_caller_without_video_scope_is_never_asked_for_the_camera", () => {
    const given = server({ type: "consent.given", scopes: ["location"], ice_servers: [] });
    const { model } = play([...liveEvents().slice(0, 3), tap("agree"), given, tap("ask_location"), { type: "location_allowed" }]);
    expect(model.step).toBe("live");
  });

  it("test_caller_reconnected_while_consent_is_on_its_way_keeps_the_screen", () => {
    const sent = play(liveEvents().slice(0, 5)).model;
    expect(play([server(callerState())], sent).model).toMatchObject({ step: "agree", isGiving: true });
  });

  it("test_caller_whose_consent_arrived_but_whose_answer_was_lost_goes_on", () => {
    const sent = play(liveEvents().slice(0, 5)).model;
    const { model } = play([server(callerState({ consent: { scopes: ["location"] } }))], sent);
    expect(model).toMatchObject({ step: "location", isGiving: false });
  });

  it("test_caller_whose_consent_is_gone_stops_sharing_and_is_asked_anew", () => {
    const { model, effects } = play([server(callerState())], live());
    expect(names(effects)[0]).toBe("stop_everything");
    expect(model).toMatchObject({ step: "what", scopes: null, camera: { state: "off" } });
  });
});

describe("permissions", () => {
  it("test_caller_is_asked_for_location_first_and_then_for_the_camera", () => {
    const steps = liveEvents().map((_, index, events) => play(events.slice(0, index + 1)).model.step);
    expect([...new Set(steps)]).toEqual(["what", "agree", "location", "camera", "live"]);
  });

  it("test_caller_without_a_fix_yet_is_not_held_up", () => {
    const { model } = play([tap("ask_location"), { type: "position_fault", fault: "timeout" }], asking());
    expect(model).toMatchObject({ step: "camera", position: { state: "on", fault: "timeout" } });
  });

  it("test_caller_fixes_are_sent_at_most_once_a_second", () => {
    const fix = (fixed_at: number) =>
      ({ type: "fix", fix: { latitude: 51, longitude: 0, accuracy_m: 9, fixed_at } }) as const;
    const { effects } = play([fix(1_000), fix(1_500), fix(2_000)], live());
    expect(names(effects)).toEqual(["send:position.fix", "send:position.fix"]);
  });
});

describe("stop", () => {
  it("test_caller_stopping_turns_the_phone_off_before_anybody_is_told", () => {
    const { model, effects } = play([tap("stop")], live());
    expect(names(effects)).toEqual(["stop_everything", "remember_stop", "send:session.stop"]);
    expect(model).toMatchObject({
      step: "ended", ending: { by: "caller", isTold: false }, camera: { state: "off" }, position: { state: "off" },
    });
  });

  it("test_caller_stopping_without_a_line_leaves_the_word_for_later", () => {
    const offline = play([{ type: "line", state: "waiting", code: 1006 }], live()).model;
    const { effects } = play([tap("stop")], offline);
    expect(effects).toContainEqual({ do: "send", message: { type: "session.stop" }, waiting: "keep" });
  });

  it("test_caller_stopped_is_not_started_by_anything_that_comes_later", () => {
    const stopped = play([tap("stop")], live()).model;
    const { model, effects } = play(
      [tap("camera_on"), tap("resume"), { type: "publish_again" }, { type: "location_allowed" }, { type: "publisher", state: "failed" }],
      stopped,
    );
    expect(effects).toEqual([]);
    expect(model.step).toBe("ended");
  });

  it("test_caller_stopping_while_the_camera_starts_gets_it_turned_off", () => {
    const stopped = play([tap("stop")], live()).model;
    expect(names(play([{ type: "camera_opened", facing: "user" }], stopped).effects)).toEqual(["close_camera"]);
  });

  it("test_caller_who_stopped_and_loads_the_page_again_shares_nothing_and_the_server_is_told", () => {
    const state = callerState({ consent: { scopes: ["location", "video"] } });
    const { model, effects } = play([server(state, true)]);
    expect(names(effects)).toEqual(["stop_everything", "send:session.stop"]);
    expect(model.step).toBe("ended");
  });

  it("test_server_confirming_the_end_closes_the_line", () => {
    const stopped = play([tap("stop")], live()).model;
    const { model, effects } = play(
      [server({ type: "session.ended", by: "caller", reason: "", topic: "caller.1", seq: 3 })],
      stopped,
    );
    expect(model.ending).toEqual({ by: "caller", isTold: true });
    expect(names(effects)).toEqual(["close_line"]);
  });

  it("test_server_that_has_not_heard_of_the_end_is_told_again", () => {
    const stopped = play([tap("stop")], live()).model;
    const { effects } = play([server(callerState({ consent: { scopes: ["video"] } }))], stopped);
    expect(names(effects)).toEqual(["send:session.stop"]);
  });

  it("test_operator_ending_stops_the_phone", () => {
    const { model, effects } = play(
      [server({ type: "session.ended", by: "user", reason: "", topic: "caller.1", seq: 3 })],
      live(),
    );
    expect(names(effects)).toEqual(["stop_everything", "close_line"]);
    expect(model.ending?.by).toBe("control_room");
  });
});

describe("reload and reconnection", () => {
  const consented = callerState({ consent: { scopes: ["location", "video"] }, ice_servers: [] });

  it("test_caller_reloading_under_consent_starts_with_one_touch_and_no_question", () => {
    const { model } = play([server(consented)]);
    expect(model.step).toBe("resume");
    const { effects } = play([tap("resume"), { type: "location_allowed" }], model);
    expect(names(effects)).toEqual([
      "send:progress.report", "watch_position", "send:progress.report", "open_camera",
    ]);
  });

  it("test_caller_asked_for_the_camera_is_reported_only_while_it_takes_time", () => {
    const asked = play([tap("ask_camera"), { type: "camera_waited" }], asking());
    expect(names(asked.effects)).toEqual(["open_camera", "send:progress.report"]);
    expect(names(play([{ type: "camera_waited" }], live()).effects)).toEqual([]);
  });

  it("test_caller_reloading_with_location_only_needs_no_touch", () => {
    const { model, effects } = play([server(callerState({ consent: { scopes: ["location"] } }))]);
    expect(model).toMatchObject({ step: "live", position: { state: "asking" } });
    expect(names(effects)).toContain("watch_position");
  });

  it("test_caller_reconnected_with_a_standing_picture_does_not_publish_again", () => {
    const { effects } = play([server({ ...consented, stream: streamView("live") })], live());
    expect(effects).toEqual([]);
  });

  it("test_caller_reconnected_after_the_stream_ended_publishes_again", () => {
    const { model, effects } = play([server({ ...consented, stream: streamView("ended") })], live());
    expect(effects).toContainEqual({ do: "publish", attempt: 3 });
    expect(model.publishing.isAwaitingAnswer).toBe(true);
  });

  it("test_caller_reconnected_before_the_answer_came_offers_anew_and_ignores_the_old_answer", () => {
    const waiting = play(liveEvents().slice(0, 10)).model;
    const again = play([server({ ...consented, stream: streamView("admitted") })], waiting);
    expect(again.effects).toContainEqual({ do: "publish", attempt: 3 });
    const old = server({ type: "stream.answer", stream_id: "s1", sdp: "old", ref: "offer-2" });
    expect(play([old], again.model).effects).toEqual([]);
  });

  it("test_caller_whose_connection_failed_tries_again_with_growing_patience", () => {
    const once = play([{ type: "publisher", state: "failed" }], live());
    const twice = play([{ type: "publish_again" }, { type: "publisher", state: "failed" }], once.model);
    expect(once.effects).toEqual([{ do: "publish_later", after_ms: 1_000 }]);
    expect(twice.effects.at(-1)).toEqual({ do: "publish_later", after_ms: 2_000 });
  });

  it("test_caller_whose_older_stream_ended_keeps_the_present_one", () => {
    const ended = server({ type: "stream.changed", stream: streamView("ended", "s0"), revision: 3, topic: "caller.1", seq: 3 });
    const { model, effects } = play([ended], live());
    expect(model.stream?.id).toBe("s1");
    expect(effects).toEqual([]);
  });

  it("test_caller_whose_codec_is_refused_does_not_try_for_ever", () => {
    const refused = server({ type: "error", code: "codec_refused", message: "", ref: "offer-2" });
    const { model, effects } = play([refused, { type: "publisher", state: "failed" }], live());
    expect(model.publishing.isCodecRefused).toBe(true);
    expect(effects).toEqual([]);
  });
});

describe("camera", () => {
  it("test_caller_turning_the_camera_off_stops_it_here_first_and_keeps_the_location", () => {
    const { model, effects } = play([tap("camera_off")], live());
    expect(names(effects)).toEqual(["close_camera", "send:stream.stop"]);
    expect(model).toMatchObject({ step: "live", camera: { state: "off" }, position: { state: "on" } });
  });

  it("test_caller_changing_cameras_sends_no_new_offer", () => {
    const { effects } = play([tap("switch_camera"), { type: "camera_opened", facing: "user" }], live());
    expect(names(effects)).toEqual(["open_camera"]);
  });
});

describe("chat", () => {
  it("test_caller_message_is_shown_at_once_and_kept_once_when_it_comes_back", () => {
    const said = play([{ type: "say", text: "  I am safe ", clientId: "k", at: "2026-11-22T14:00:01.000Z" }], live());
    expect(said.model.chat).toMatchObject([{ text: "I am safe", isPending: true }]);
    const back = chatMessage("I am safe", { sender: "caller", client_id: "k" });
    const { model } = play([server({ type: "chat.message", ...back, topic: "caller.1", seq: 3 })], said.model);
    expect(model.chat).toHaveLength(1);
    expect(model.chat[0]?.isPending).toBe(false);
  });

  it("test_caller_sending_nothing_sends_nothing", () => {
    expect(play([{ type: "say", text: "   ", clientId: "k", at: "" }], live()).effects).toEqual([]);
  });

  it("test_caller_page_before_the_server_spoke_says_it_is_connecting", () => {
    expect(initialModel().step).toBe("connecting");
  });
});
