import { describe, expect, it } from "vitest";
import type { StreamView } from "../signalling/messages";
import { callerState, liveEvents, names, play, server, streamView, tap } from "./samples";
import { initialModel, type SharingEvent, type SharingModel } from "./model";

const IN_LINE: SharingEvent = { type: "line", state: "open", code: null };
const GRANTED: SharingEvent = { type: "camera_permission", isGranted: true };
const stateWith = (stream: StreamView | null): SharingEvent =>
  server(callerState({ consent: { scopes: ["video"] }, ice_servers: [], stream }));
/** A page whose first state came with it, once its socket has said the same. */
const loadedAgain = (stream: StreamView | null): ReturnType<typeof play> =>
  play([stateWith(stream), IN_LINE, stateWith(stream)], initialModel());

describe("a page that was loaded again", () => {
  it.each([
    null, streamView("prepared"), { ...streamView("ended"), end_reason: "stopped" },
    { ...streamView("ended"), end_reason: "consent_withdrawn" },
  ])("test_caller_whose_camera_was_off_is_asked_for_a_touch_(%#)", (stream) => {
    const { model, effects } = loadedAgain(stream);
    expect(names(effects)).not.toContain("look_for_permission");
    expect(names(effects)).toContain("prepare");
    expect(model.step).toBe("resume");
  });

  it("test_caller_whose_browser_would_ask_is_asked_for_a_touch", () => {
    const { model, effects } = play([{ type: "camera_permission", isGranted: false }], loadedAgain(streamView("live")).model);
    expect(names(effects)).toEqual(["prepare"]);
    expect(model.camera.state).toBe("off");
  });

  it("test_caller_who_stopped_or_hid_the_page_meanwhile_gets_no_camera", () => {
    const waiting = loadedAgain(streamView("live")).model;
    for (const event of [tap("stop"), { type: "hidden", isHidden: true } as const]) {
      expect(names(play([event, GRANTED], waiting).effects)).not.toContain("open_camera");
    }
  });

  it("test_page_in_the_background_looks_again_when_it_is_seen", () => {
    const hidden = play([{ type: "hidden", isHidden: true }], loadedAgain(streamView("live")).model).model;
    expect(names(play([{ type: "hidden", isHidden: false }], hidden).effects)).toContain("look_for_permission");
  });

  it("test_first_state_of_the_page_asks_for_nothing_that_needs_a_line", () => {
    const { model, effects } = play([stateWith(streamView("live"))], initialModel());
    expect(model.step).toBe("resume");
    expect(names(effects)).toEqual(["send:progress.report"]);
  });

  it.each([streamView("live"), streamView("stalled"), { ...streamView("ended"), end_reason: "silent" }])(
    "test_caller_whose_picture_was_going_on_shares_again_without_a_touch_(%#)",
    (stream) => {
      const { model, effects } = loadedAgain(stream);
      expect(names(effects)).toContain("look_for_permission");
      expect(play([GRANTED], model).effects).toEqual([{ do: "open_camera", facing: "environment" }]);
    },
  );
});

describe("a line that is back", () => {
  const live = (state: SharingModel["publishing"]["state"]): SharingModel =>
    play([...liveEvents(), { type: "publisher", state: "connected" }, { type: "publisher", state }]).model;
  const back = server(callerState({ consent: { scopes: ["location", "video"] }, stream: streamView("live") }));

  it("test_picture_that_stood_while_the_server_was_lost_is_left_alone", () => {
    expect(play([back], live("connected")).effects).toEqual([]);
  });

  it("test_picture_that_was_interrupted_has_to_prove_itself", () => {
    expect(play([back], live("interrupted")).effects).toEqual([{ do: "prove_connection" }]);
  });

  it("test_picture_that_stood_is_offered_anew_at_once_and_then_patiently", () => {
    const once = play([{ type: "publisher", state: "failed" }], live("interrupted"));
    expect(once.effects).toEqual([{ do: "publish_later", after_ms: 0 }]);
    const twice = play([{ type: "publish_again" }, { type: "publisher", state: "failed" }], once.model);
    expect(twice.effects.at(-1)).toEqual({ do: "publish_later", after_ms: 2_000 });
  });
});
