import { describe, expect, it, vi } from "vitest";
import { callKey, pressKey } from "./keys";

function press(key: string, more: KeyboardEventInit = {}, target: Element = document.body): ReturnType<typeof callKey> {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, ...more });
  Object.defineProperty(event, "target", { value: target });
  return callKey(event);
}

describe("callKey", () => {
  it("test_keys_do_nothing_while_somebody_types_or_with_a_modifier_or_held_down", () => {
    const [input, area, select] = ["input", "textarea", "select"].map((tag) => document.createElement(tag));
    expect([input, area, select].map((field) => press("m", {}, field))).toEqual([null, null, null]);
    expect([press("m", { ctrlKey: true }), press("v", { altKey: true }), press("h", { metaKey: true }), press("c", { repeat: true }), press("x")]).toEqual(Array(5).fill(null));
  });

  it("test_each_key_has_its_act_also_in_capitals_and_on_a_button_or_a_tick", () => {
    expect(["m", "v", "h", "c"].map((key) => press(key))).toEqual(["mute", "camera", "hand", "chat"]);
    const tick = document.createElement("input");
    tick.type = "checkbox";
    expect([press("M"), press("m", {}, document.createElement("button")), press("m", {}, tick)]).toEqual(["mute", "mute", "mute"]);
  });
});

describe("pressKey", () => {
  it("test_in_private_there_is_no_hand_and_no_chat", () => {
    const own = { toggleMute: vi.fn(), toggleCamera: vi.fn(), toggleHand: vi.fn() };
    const open = vi.fn();
    const act = (key: string, isPrivate: boolean): boolean => pressKey({ own, open, isPrivate }, new KeyboardEvent("keydown", { key, cancelable: true }));
    expect([act("h", true), act("c", true), act("x", false)]).toEqual([false, false, false]);
    expect([act("m", true), act("v", false), act("h", false), act("c", false)]).toEqual([true, true, true, true]);
    expect([own.toggleMute, own.toggleCamera, own.toggleHand, open].map((spy) => spy.mock.calls.length)).toEqual([1, 1, 1, 1]);
  });
});
