import { describe, expect, it } from "vitest";
import { decodeFrame, type CallerServerMessage } from "./messages";

describe("decodeFrame", () => {
  it.each(["", "nonsense", "[]", "null", "7", "{}", '{"type":3}', '{"type":"a","seq":"4"}', '{"type":"a","topic":1}'])(
    "test_frame_%j_is_refused",
    (text) => {
      expect(decodeFrame(text)).toBeNull();
    },
  );

  it("test_frame_of_the_server_keeps_its_fields", () => {
    const text = '{"type":"watch.changed","topic":"caller.1","seq":4,"watching":true,"count":1}';
    const message = decodeFrame(text) as CallerServerMessage | null;
    expect(message?.type === "watch.changed" && message.watching).toBe(true);
  });
});
