import { render } from "lit-html";
import { describe, expect, it, vi } from "vitest";
import { recording } from "../meeting/texts/en/recording";
import { room } from "../meeting/texts/en/room";
import { words } from "../meeting/texts/en/words";
import type { CallUpload } from "../signalling/meetingmessages";
import { CallFiles } from "./files";

const upload = (id: string, more: Partial<CallUpload> = {}): CallUpload => ({
  id, file_name: `${id}.jpg`, bytes: 10, received_bytes: 10, state: "ready", refusal: "", medium: "picture", sha256: "", item_id: null,
  created_at: "2026-11-28T14:00:00.000Z", finished_at: null, sender_id: "a", sender_name: "Ms Nowak", ...more,
});

function setUp() {
  const redraw = vi.fn();
  const files = new CallFiles({ door: () => "/meeting/uploads/", sessionId: () => "s1", isSafe: true, selfId: () => "me", redraw });
  const rows = (): string[] => {
    const host = document.createElement("div");
    render(files.view({ room, recording, words }), host);
    return [...host.querySelectorAll("[data-testid=file]")].map((row) => row.textContent.replace(/\s+/g, " ").trim());
  };
  return { files, rows, redraw };
}

describe("CallFiles", () => {
  it("test_file_of_the_wrong_kind_is_refused_in_words_and_the_door_is_the_meetings", async () => {
    const asked: string[] = [];
    vi.stubGlobal("fetch", (url: string) => {
      asked.push(url);
      return Promise.resolve(Response.json({ code: "type_refused" }, { status: 415 }));
    });
    const { files, rows } = setUp();
    await files.add([new File(["x"], "note.exe", { lastModified: 1 })]);
    await vi.waitFor(() => expect(rows()).toEqual([`note.exe ${recording.files.problems.type_refused}`]));
    expect(asked).toEqual(["/meeting/uploads/"]);
    vi.unstubAllGlobals();
  });

  it("test_files_of_others_stand_with_their_names_and_a_change_takes_the_place_of_what_was", () => {
    const { files, rows } = setUp();
    files.snapshot([upload("1", { state: "checking" })]);
    files.changed(upload("1", { sender_name: "<i>Ms Nowak</i>" }));
    files.changed(upload("2", { state: "refused" }));
    expect(rows()).toEqual(["1.jpg from <i>Ms Nowak</i> · Here", "2.jpg from Ms Nowak · Could not be used"]);
  });
});
