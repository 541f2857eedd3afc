import { html } from "lit-html";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { streamView } from "../sharing/samples";
import { Bench, officerState, SESSION } from "./fake_page";
import type { OfficerPart, PartHost } from "./parts";
import { drawPage } from "./view";

/** A page with one part that keeps what it hears, and takes watches for its own. */
function pageWithPart(): { bench: Bench; heard: string[]; part: () => PartHost } {
  const heard: string[] = [];
  let host: PartHost | null = null;
  const make = (given: PartHost): OfficerPart => {
    host = given;
    return {
      lineChanged: (line) => heard.push(line),
      stateTaken: (state) => heard.push(`${state.type} of ${given.page().server?.me.id}`),
      received: (message) => {
        heard.push(message.type);
        return message.type === "watch.changed";
      },
      homeView: () => html`<p id="part-at-home"></p>`,
      liveView: () => html`<p id="part-live"></p>`,
      reachView: () => html`<p id="part-in-reach"></p>`,
      sheetView: () => html`<p id="part-sheet"></p>`,
    };
  };
  return { bench: new Bench({ parts: [make] }), heard, part: () => host! };
}

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
  vi.useFakeTimers({ toFake: ["setTimeout", "setInterval"] }); // no socket is opened again after its test
});

afterEach(() => {
  vi.useRealTimers();
});

describe("a part of the officer's page", () => {
  it("test_part_hears_line_state_and_frames_and_keeps_its_own_from_the_session", () => {
    const { bench, heard } = pageWithPart();
    bench.open().goLive().arrive();
    bench.line.feed({ type: "watch.changed", watching: true, count: 3, guests: 0, revision: 4, topic: `caller.${SESSION}`, seq: 2 });
    expect(heard).toEqual([
      "connecting", "open", "officer.state of 5", "officer.state of 5", "stream.answer", "stream.changed", "watch.changed",
    ]);
    expect(bench.page.sharing.stream?.state).toBe(streamView("live").state);
    expect(bench.page.watchers).toBe(0);
  });

  it("test_part_sends_on_the_line_of_the_page_and_is_told_when_there_is_none", () => {
    const { bench, part } = pageWithPart();
    bench.open();
    expect(part().send({ type: "officer.snapshot" })).toBe(true);
    expect(bench.line.types.at(-1)).toBe("officer.snapshot");
    bench.line.drop(4012);
    expect(part().send({ type: "officer.snapshot" })).toBe(false);
  });

  it("test_part_is_drawn_on_the_first_screen_and_on_the_live_one", () => {
    const { bench } = pageWithPart();
    const root = document.createElement("div");
    const draw = (): void => drawPage(root, {
      page: bench.page, acts: bench.app, parts: bench.app.parts, preview: document.createElement("video"), signOut: () => undefined,
    });
    bench.open(officerState());
    draw();
    expect(root.querySelector("#part-at-home")).not.toBeNull();
    expect(root.querySelectorAll(".home .reach #part-in-reach, .home > #part-sheet")).toHaveLength(2);
    bench.goLive();
    draw();
    expect(root.querySelector("#part-live")).not.toBeNull();
    expect(root.querySelectorAll(".live .reach #part-in-reach, .live > #part-sheet")).toHaveLength(2);
    expect(root.querySelector("#part-at-home")).toBeNull();
  });
});
