import { describe, expect, it, vi } from "vitest";
import { Relays } from "./relays";

const OLD = [{ urls: "turn:old" }];
const NEW = [{ urls: "turn:new" }];

describe("Relays", () => {
  it("test_relays_that_are_good_are_used_and_old_ones_asked_for_anew_once", async () => {
    let now = 0;
    const ask = vi.fn(() => true);
    const relays = new Relays(ask, () => now);
    relays.take(OLD);
    expect(await relays.good()).toBe(OLD);
    now = 9 * 60_000;
    const wanted = [relays.good(), relays.good()];
    expect(ask).toHaveBeenCalledOnce();
    relays.take(NEW);
    expect(await Promise.all(wanted)).toEqual([NEW, NEW]);
  });

  it("test_without_a_line_or_with_a_refusal_what_there_is_has_to_do", async () => {
    expect(await new Relays(() => false).good()).toEqual([]);
    const relays = new Relays(() => true);
    const wanted = relays.good();
    relays.giveUp();
    expect(await wanted).toEqual([]);
  });
});
