import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { room as texts } from "../meeting/texts/en/room";
import type { Cell } from "./grid";
import { initialOf, Tiles, type TileView } from "./tiles";

class FakeStream {
  constructor(readonly tracks: unknown[]) {}
}

const view = (key: string, more: Partial<TileView> = {}): TileView => ({
  key, name: `Person ${key}`, role: "witness", isSelf: false, isScreen: false, track: null, note: "", marks: [], isSpeaking: false, isPinned: false,
  isMirrored: false, ...more,
});
const cell = (key: string, x = 0): Cell => ({ key, x, y: 0, width: 300, height: 200 });
const order = (tiles: Tiles): string[] => [...tiles.root.children].map((child) => (child as HTMLElement).dataset.key!);
const one = (tiles: Tiles, key: string): HTMLElement => tiles.root.querySelector<HTMLElement>(`[data-key="${key}"]`)!;
let play: ReturnType<typeof vi.fn>;

beforeEach(() => {
  vi.stubGlobal("MediaStream", FakeStream);
  play = vi.fn(() => Promise.resolve());
  vi.spyOn(HTMLMediaElement.prototype, "play").mockImplementation(play as unknown as () => Promise<void>);
  vi.spyOn(HTMLMediaElement.prototype, "pause").mockImplementation(() => undefined);
  Object.defineProperty(HTMLMediaElement.prototype, "srcObject", { configurable: true, writable: true, value: null });
});
afterEach(() => void vi.unstubAllGlobals());

describe("Tiles", () => {
  it("test_name_with_markup_stays_text_and_keeps_its_own_direction", () => {
    const tiles = new Tiles(texts, { pin: () => undefined });
    tiles.show([view("a", { name: "<img src=x onerror=alert(1)> \u0646\u0627\u0645 😀" })], [cell("a")]);
    const name = one(tiles, "a").querySelector("bdi")!;
    expect([tiles.root.querySelector("img"), name.textContent]).toEqual([null, "<img src=x onerror=alert(1)> \u0646\u0627\u0645 😀"]);
  });

  it("test_element_of_a_picture_is_never_made_anew_and_never_moved_in_the_page", () => {
    const tiles = new Tiles(texts, { pin: () => undefined });
    const track = {} as MediaStreamTrack;
    tiles.show([view("a", { track }), view("c")], [cell("a"), cell("c", 300)]);
    const [a, video] = [one(tiles, "a"), one(tiles, "a").querySelector("video")];
    tiles.show([view("a", { track }), view("b"), view("c")], [cell("c"), cell("a", 300), cell("b", 600)]);
    expect([one(tiles, "a"), one(tiles, "a").querySelector("video"), play.mock.calls.length]).toEqual([a, video, 1]);
    expect([order(tiles), one(tiles, "a").style.left]).toEqual([["a", "b", "c"], "300px"]);
    tiles.show([view("c")], [cell("c")]);
    expect(order(tiles)).toEqual(["c"]);
  });

  it("test_picture_without_a_place_is_hidden_and_keeps_playing", () => {
    const tiles = new Tiles(texts, { pin: () => undefined });
    const track = {} as MediaStreamTrack;
    tiles.show([view("a", { track })], [cell("a")]);
    tiles.show([view("a", { track })], []);
    expect([one(tiles, "a").hidden, play.mock.calls.length]).toEqual([true, 1]);
  });

  it("test_tile_says_in_words_what_it_shows", () => {
    const tiles = new Tiles(texts, { pin: () => undefined });
    tiles.show([view("a", { note: texts.tile.lost, marks: [{ name: "recorded", words: texts.tile.recorded }] })], [cell("a")]);
    expect(one(tiles, "a").getAttribute("aria-label")).toBe("Person a, Witness, Recorded, Connection lost");
    expect(one(tiles, "a").querySelector(".tile-letter")?.textContent).toBe("P");
  });

  it("test_others_can_be_made_large_and_the_own_picture_has_no_button", () => {
    const pin = vi.fn();
    const onSelf = vi.fn();
    const tiles = new Tiles(texts, { pin, onSelf });
    tiles.show([view("me", { isSelf: true }), view("a", { isPinned: true })], [cell("me"), cell("a")]);
    expect([one(tiles, "me").querySelector("button"), onSelf.mock.calls.length]).toEqual([null, 1]);
    const button = one(tiles, "a").querySelector("button")!;
    button.click();
    expect([button.getAttribute("aria-pressed"), pin.mock.calls]).toEqual(["true", [["a"]]]);
  });

  it("test_initial_is_a_whole_letter_of_any_script", () => {
    expect([initialOf("  zoe"), initialOf("نور"), initialOf("😀x"), initialOf("")]).toEqual(["Z", "ن", "😀", ""]);
  });
});
