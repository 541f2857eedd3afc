import { describe, expect, it, vi } from "vitest";
import { actOf, handle, type Handlers } from "./handling";

type Message = { type: "a"; text: string } | { type: "b" };

describe("handling", () => {
  it("test_message_of_no_part_or_with_the_name_of_something_built_in_is_nobodys", () => {
    const handlers: Handlers<Message> = { a: () => undefined };
    expect([handle(handlers, { type: "b" }), handle(handlers, { type: "toString" } as unknown as Message)]).toEqual([false, false]);
  });

  it("test_message_reaches_its_act_once_and_may_have_an_answer", () => {
    const a = vi.fn();
    expect(handle<Message>({ a }, { type: "a", text: "x" })).toBe(true);
    expect(a.mock.calls).toEqual([[{ type: "a", text: "x" }]]);
    expect(actOf<Message, number>({ b: () => 7 }, { type: "b" })?.()).toBe(7);
  });
});
