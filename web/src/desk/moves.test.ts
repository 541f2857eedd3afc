import { render } from "lit-html";
import { describe, expect, it, vi } from "vitest";
import type { MoveView } from "../signalling/deskmessages";
import { movesView } from "./moves";

const move = (id: string, more: Partial<MoveView> = {}): MoveView => ({
  id, participant_id: "v", name: "Sam", text: "I work <b>then</b>", asked_at: "2026-11-28T14:00:00.000Z", answer: "", ...more,
});

describe("movesView", () => {
  it("test_answered_requests_are_not_shown", () => {
    const host = document.createElement("div");
    render(movesView([move("1", { answer: "kept" })], { answer: vi.fn(), change: vi.fn(), failure: null }), host);
    expect(host.children).toHaveLength(0);
  });

  it("test_answering_moves_nothing_by_itself_and_words_are_text", () => {
    const [answer, change] = [vi.fn(), vi.fn()];
    const host = document.createElement("div");
    render(movesView([move("1")], { answer, change, failure: "Not now" }), host);
    host.querySelector<HTMLButtonElement>("[data-testid=move-moved]")!.click();
    expect([answer.mock.calls, change.mock.calls, host.querySelector("bdi b"), host.querySelector(".failure")?.textContent]).toEqual([[[move("1"), "moved"]], [], null, "Not now"]);
    host.querySelector<HTMLButtonElement>("[data-testid=move-change]")!.click();
    expect(change).toHaveBeenCalledOnce();
  });
});
