import { describe, expect, it } from "vitest";
import type { SharingModel } from "./model";
import { callerState, liveEvents, names, play, server, streamView, tap } from "./samples";
import { statusOf } from "./status";

const live = (): SharingModel => play([...liveEvents(), { type: "publisher", state: "connected" }]).model;
const steps = (effects: ReturnType<typeof play>["effects"]): string[] =>
  effects.flatMap((effect) => (effect.do === "send" && effect.message.type === "progress.report" ? [effect.message.step] : []));
const taken = { type: "camera_fault", fault: "ended" } as const;

describe("a camera that the phone takes away", () => {
  it("test_camera_refused_while_it_is_fetched_back_is_off_and_the_stream_ends", () => {
    const { model, effects } = play([taken, { type: "reopen_camera" }, { type: "camera_fault", fault: "denied" }], live());
    expect(model.camera).toMatchObject({ state: "off", fault: "denied", reopens: 0 });
    expect(names(effects)).toContain("send:stream.stop");
    expect(model.step).toBe("live");
  });

  it("test_caller_who_stops_while_it_is_fetched_back_gets_no_camera", () => {
    const { model } = play([taken, tap("stop")], live());
    expect(play([{ type: "reopen_camera" }], model).effects).toEqual([]);
    expect(names(play([{ type: "camera_opened", facing: "environment" }], model).effects)).toEqual(["close_camera"]);
  });

  it("test_camera_taken_by_a_call_is_opened_again_until_it_comes", () => {
    const first = play([taken], live());
    expect(names(first.effects)).toEqual(["send:progress.report", "open_camera_later"]);
    expect(steps(first.effects)).toEqual(["camera_muted"]);
    expect(statusOf(first.model)).toBe("paused");
    const busy = play([{ type: "reopen_camera" }, { type: "camera_fault", fault: "in_use" }], first.model);
    expect(names(busy.effects)).toEqual(["open_camera", "open_camera_later"]);
    const back = play([{ type: "reopen_camera" }, { type: "camera_opened", facing: "environment" }], busy.model);
    expect(steps(back.effects)).toEqual(["camera_unmuted"]);
    expect(names(back.effects)).not.toContain("publish");
    expect(names(back.effects)).toContain("keep_awake");
    expect(statusOf(back.model)).toBe("seen");
  });

  it("test_camera_that_comes_back_after_its_stream_has_ended_is_published_anew", () => {
    const ended = { ...streamView("ended"), end_reason: "silent" };
    const gone = server({ type: "stream.changed", stream: ended, revision: 9, topic: "caller.1", seq: 3 });
    const { effects } = play([taken, gone, { type: "camera_opened", facing: "environment" }], live());
    expect(names(effects).filter((name) => name === "publish")).toHaveLength(1);
  });

  it("test_page_in_the_background_opens_no_camera_and_its_return_does", () => {
    const hidden = play([{ type: "hidden", isHidden: true }, taken], live());
    expect(play([{ type: "reopen_camera" }], hidden.model).effects).toEqual([]);
    expect(names(play([{ type: "hidden", isHidden: false }], hidden.model).effects)).toContain("open_camera");
  });
});

describe("a camera that pauses", () => {
  it("test_pause_and_its_end_are_told_once_each", () => {
    const paused = play([{ type: "camera_muted", isMuted: true }, { type: "camera_muted", isMuted: true }], live());
    expect(steps(paused.effects)).toEqual(["camera_muted"]);
    expect(statusOf(paused.model)).toBe("paused");
    const on = play([{ type: "camera_muted", isMuted: false }], paused.model);
    expect(steps(on.effects)).toEqual(["camera_unmuted"]);
    expect(statusOf(on.model)).toBe("seen");
  });

  it("test_pause_of_a_page_in_the_background_is_told_when_it_is_back", () => {
    const away = play([{ type: "hidden", isHidden: true }, { type: "camera_muted", isMuted: true }], live());
    expect(steps(away.effects)).toEqual(["page_hidden"]);
    expect(steps(play([{ type: "hidden", isHidden: false }], away.model).effects)).toEqual(["page_visible", "camera_muted"]);
  });

  it("test_pause_is_told_again_after_the_line_was_lost", () => {
    const paused = play([{ type: "camera_muted", isMuted: true }], live()).model;
    const consent = { scopes: ["location", "video"] as ("location" | "video")[] };
    const state = server(callerState({ consent, stream: streamView("stalled") }));
    expect(steps(play([{ type: "line", state: "open", code: null }, state], paused).effects)).toEqual(["camera_muted"]);
  });
});
