import { describe, expect, it } from "vitest";
import { callerState, liveEvents, names, play, server, tap } from "./samples";

const asked = server({ type: "still.asked", ask_id: "a1", topic: "caller.1", seq: 4 });

describe("pictures of the caller's page", () => {
  it("test_page_that_stopped_takes_no_picture", () => {
    const { model } = play([...liveEvents(), tap("stop")]);
    expect(names(play([asked], model).effects)).not.toContain("take_still");
  });

  it("test_page_answers_requests_that_stood_before_it_connected", () => {
    const { effects } = play([server(callerState({ consent: { scopes: ["video"] }, ice_servers: [], still_asks: ["a1", "a2"] }))]);
    expect(effects.filter((effect) => effect.do === "take_still")).toEqual([{ do: "take_still", askId: "a1" }, { do: "take_still", askId: "a2" }]);
  });

  it("test_page_without_the_scope_sends_no_files", () => {
    expect(play([...liveEvents(), { type: "files", files: [] }]).effects.at(-1)?.do).not.toBe("upload");
  });

  it("test_caller_without_a_camera_agrees_to_files_and_to_what_stood", () => {
    const refused = [...liveEvents().slice(0, 9), { type: "camera_fault", fault: "denied" } as const];
    const { model, effects } = play([...refused, tap("send_files")]);
    expect(model.step).toBe("live");
    const given = effects.flatMap((effect) => (effect.do === "send" && effect.message.type === "consent.give" ? [effect.message.scopes] : []));
    expect(given.at(-1)).toEqual(["location", "video", "upload"]);
  });
});
