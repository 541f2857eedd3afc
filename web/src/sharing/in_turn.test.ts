import { expect, it } from "vitest";

import { InTurn } from "./in_turn";

it("test_event_that_another_causes_is_taken_after_it", () => {
  const taken: string[] = [];
  const events = new InTurn<string>((event) => {
    if (event === "first") events.add("caused");
    taken.push(event);
  });
  events.add("first");
  events.add("second");
  expect(taken).toEqual(["first", "caused", "second"]);
});

it("test_event_after_one_that_failed_is_taken", () => {
  const taken: string[] = [];
  const events = new InTurn<string>((event) => {
    if (event === "bad") throw new Error("no");
    taken.push(event);
  });
  expect(() => events.add("bad")).toThrow("no");
  events.add("good");
  expect(taken).toEqual(["good"]);
});
