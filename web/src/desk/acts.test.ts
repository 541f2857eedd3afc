import { describe, expect, it } from "vitest";
import type { DeskClientMessage } from "../signalling/deskmessages";
import { DeskActs } from "./acts";

function setUp() {
  const sent: (DeskClientMessage & { ref?: string })[] = [];
  let isOpen = true;
  let now = 0;
  const acts = new DeskActs({
    send: (message) => {
      if (isOpen) sent.push(message);
      return isOpen;
    },
    redraw: () => undefined, now: () => now,
  });
  return { acts, sent, line: (open: boolean) => (isOpen = open), wait: (ms: number) => (now += ms) };
}

describe("DeskActs", () => {
  it("test_act_that_was_refused_says_why_where_it_was_pressed_and_nowhere_else", () => {
    const { acts, sent } = setUp();
    acts.admit({ id: "a", admission: 3 });
    expect(acts.refused({ type: "error", code: "stale", message: "", ref: sent[0]!.ref! })).toBe(true);
    expect([acts.failureOf("a"), acts.failureOf("b"), acts.isBusy("a")]).toEqual(["Somebody was faster: look at how it stands now.", undefined, false]);
    expect(acts.refused({ type: "error", code: "busy", message: "", ref: "seat:1" })).toBe(false);
  });

  it("test_person_is_named_as_this_page_knew_them", () => {
    const { acts, sent } = setUp();
    acts.admit({ id: "a", admission: 3 });
    acts.remove({ id: "b", admission: 7 }, "wrong_person");
    expect(sent).toMatchObject([{ type: "person.admit", participant_id: "a", admission: 3 }, { type: "person.remove", participant_id: "b", admission: 7, reason: "wrong_person" }]);
  });

  it("test_second_press_waits_for_what_follows_from_the_first", () => {
    const { acts, sent, wait } = setUp();
    acts.lock(true);
    acts.lock(true);
    expect(sent).toHaveLength(1);
    acts.settled();
    acts.lock(false);
    wait(6_000);
    acts.lock(true);
    expect(sent).toHaveLength(3);
  });

  it("test_act_without_a_line_is_not_kept_for_later", () => {
    const { acts, sent, line } = setUp();
    line(false);
    acts.end("officer");
    expect([sent, acts.failureOf("end")?.startsWith("No answer")]).toEqual([[], true]);
  });
});
