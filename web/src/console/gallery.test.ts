import { describe, expect, it } from "vitest";
import type { StillView, UploadView } from "../signalling/messages";
import { galleryOf, pictureOf, sizeWord, uploadWord } from "./gallery";
import { reduce } from "./reduce";
import { emptyDetails } from "./reducestills";
import type { ConsoleState } from "./state";
import { before, NOON, stateWith, liveSession } from "./samples";

const still = (id: string, change: Partial<StillView> = {}): StillView => ({
  id, purpose: "asked", ask_id: "a", item_id: `i-${id}`, taken_at: before(9), received_at: before(8), width: 4, height: 3,
  sha256: "0", bytes: 10, url: `/stills/${id}/`, ...change,
});
const upload = (id: string, change: Partial<UploadView> = {}): UploadView => ({
  id, file_name: "clip.mp4", bytes: 1000, received_bytes: 299, state: "arriving", refusal: "", medium: "", sha256: "", item_id: null,
  created_at: before(5), finished_at: null, ...change,
});

describe("galleryOf", () => {
  it("test_gallery_leaves_out_what_stands_for_video", () => {
    const details = { ...emptyDetails(), stills: [still("1"), still("2", { purpose: "ladder", item_id: null })], uploads: [upload("u")] };
    expect(galleryOf(details).map((one) => one.id)).toEqual(["1", "u"]);
  });
});

describe("pictureOf", () => {
  it.each(["arriving", "checking", "refused", "expired"] as const)("test_upload_that_is_%s_is_not_shown", (state) => {
    const entry = { id: "u", at: "", still: null, upload: upload("u", { state, item_id: "i" }) };
    expect(pictureOf(entry)).toBeNull();
  });

  it("test_film_that_is_ready_is_played_and_its_original_is_not", () => {
    const entry = { id: "u", at: "", still: null, upload: upload("u", { state: "ready", item_id: "i", medium: "video" }) };
    expect(pictureOf(entry)).toMatchObject({ large: "/api/v1/items/i/files/playable/", isFilm: true });
  });
});

describe("words", () => {
  it("test_words_never_say_more_than_has_arrived", () => {
    expect(uploadWord(upload("u"))).toBe("arriving, 29 %");
    expect(uploadWord(upload("u", { state: "refused", refusal: "type_refused" }))).toContain("not a photo or video");
    expect(sizeWord(1)).toBe("1 KB");
    expect(sizeWord(2_400_000)).toBe("2.4 MB");
  });
});

describe("reduce", () => {
  it("test_frames_applied_twice_show_each_thing_once", () => {
    let state: ConsoleState = { ...stateWith(liveSession("1")), details: { "1": emptyDetails() } };
    const messages = [
      { type: "still.taken", session_id: "1", still: still("1"), topic: "console", seq: 5 },
      { type: "upload.changed", session_id: "1", upload: upload("u"), topic: "console", seq: 6 },
    ] as const;
    for (const message of [...messages, ...messages]) state = reduce(state, { type: "wire", message, at: NOON });
    expect(galleryOf(state.details["1"] ?? emptyDetails()).map((one) => one.id)).toEqual(["1", "u"]);
  });
});
