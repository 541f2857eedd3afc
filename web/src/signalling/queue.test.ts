import { describe, expect, it } from "vitest";
import { Outbox } from "./queue";

interface Message {
  type: string;
  n: number;
}

describe("Outbox", () => {
  it("test_outbox_newest_of_a_type_replaces_the_older_one", () => {
    const outbox = new Outbox<Message>();
    outbox.add({ type: "position.fix", n: 1 }, "newest");
    outbox.add({ type: "chat.send", n: 2 }, "keep");
    outbox.add({ type: "position.fix", n: 3 }, "newest");
    expect(outbox.drain().map((message) => message.n)).toEqual([2, 3]);
    expect(outbox.size).toBe(0);
  });

  it("test_outbox_over_its_limit_gives_up_a_position_before_a_message", () => {
    const outbox = new Outbox<Message>(2);
    outbox.add({ type: "chat.send", n: 1 }, "keep");
    outbox.add({ type: "position.fix", n: 2 }, "newest");
    expect(outbox.add({ type: "session.stop", n: 3 }, "keep")).toEqual({ type: "position.fix", n: 2 });
    expect(outbox.drain().map((message) => message.n)).toEqual([1, 3]);
  });

  it("test_outbox_full_of_messages_gives_up_the_oldest", () => {
    const outbox = new Outbox<Message>(2);
    for (const n of [1, 2, 3]) outbox.add({ type: "chat.send", n }, "keep");
    expect(outbox.drain().map((message) => message.n)).toEqual([2, 3]);
  });
});
