import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LayerAsker, layersFor, type WantedTile } from "./wanted";

const tile = (feedId: string, width: number, more: Partial<WantedTile> = {}): WantedTile => ({
  feedId, width, isScreen: false, isKept: false, isSigner: false, ...more,
});

describe("layersFor", () => {
  it("test_layer_fits_the_tile_in_device_pixels_and_what_has_no_place_is_off", () => {
    const tiles = [tile("a", 200), tile("b", 400), tile("c", 900), tile("d", 0)];
    expect(layersFor(tiles, "all", 1)).toEqual({ a: "low", b: "middle", c: "high", d: "off" });
    expect(layersFor(tiles, "all", 2)).toEqual({ a: "middle", b: "high", c: "high", d: "off" });
  });

  it("test_weak_line_takes_all_low_then_few_then_none", () => {
    const tiles = [tile("a", 900), tile("speaker", 900, { isKept: true }), tile("signer", 900, { isKept: true, isSigner: true })];
    expect(layersFor(tiles, "low", 1)).toEqual({ a: "low", speaker: "low", signer: "middle" });
    expect(layersFor(tiles, "few", 1)).toEqual({ a: "off", speaker: "low", signer: "middle" });
    expect(new Set(Object.values(layersFor(tiles, "voice", 1)))).toEqual(new Set(["off"]));
  });

  it("test_screen_is_sharp_as_long_as_it_is_shown_at_all", () => {
    expect(layersFor([tile("s", 200, { isScreen: true, isKept: true })], "few", 1)).toEqual({ s: "high" });
  });

  it("test_signer_in_a_small_tile_never_has_the_lowest_layer", () => {
    expect(layersFor([tile("signer", 100, { isSigner: true })], "all", 1)).toEqual({ signer: "middle" });
  });
});

describe("LayerAsker", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("test_many_changes_are_two_questions_a_second_and_the_last_one_counts", () => {
    const send = vi.fn(() => true);
    const asker = new LayerAsker(send);
    for (const layer of ["low", "middle", "high", "low", "high"] as const) asker.want({ a: layer });
    expect(send.mock.calls).toEqual([[{ a: "low" }]]);
    vi.advanceTimersByTime(500);
    expect(send.mock.calls.at(-1)).toEqual([{ a: "high" }]);
    vi.advanceTimersByTime(5_000);
    expect(send).toHaveBeenCalledTimes(2);
  });

  it("test_what_was_asked_for_is_not_asked_for_again_until_it_was_forgotten", () => {
    const send = vi.fn(() => true);
    const asker = new LayerAsker(send);
    asker.want({ a: "low" });
    vi.advanceTimersByTime(600);
    asker.want({ a: "low" });
    expect(send).toHaveBeenCalledOnce();
    asker.forget();
    asker.want({ a: "low" });
    expect(send).toHaveBeenCalledTimes(2);
  });

  it("test_question_that_did_not_get_out_is_asked_again", () => {
    const send = vi.fn(() => false);
    const asker = new LayerAsker(send);
    asker.want({ a: "low" });
    vi.advanceTimersByTime(600);
    asker.want({ a: "low" });
    expect(send).toHaveBeenCalledTimes(2);
  });
});
