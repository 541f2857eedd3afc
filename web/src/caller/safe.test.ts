import { beforeEach, describe, expect, it, vi } from "vitest";
import type { SharingEvent } from "../sharing/model";
import { callerState, chatMessage, liveEvents, names, play, server, tap } from "../sharing/samples";
import { SHARING_SCREENS } from "./sharing";
import { en } from "./texts/en";
import { ur } from "./texts/ur";
import { CallerView } from "./view";

class NoObserver {
  observe(): void {
    // happy-dom has no layout: nothing is ever in sight.
  }
}

function live(isSafe: boolean, language = "en", more: SharingEvent[] = []): { host: HTMLElement; events: SharingEvent[] } {
  const host = document.createElement("main");
  document.body.replaceChildren(host);
  const events: SharingEvent[] = [];
  const texts = language === "ur" ? ur : en;
  const view = new CallerView(host, { language, isSafe, state: null }, texts, (event) => events.push(event));
  view.add(SHARING_SCREENS);
  view.render(play([...liveEvents(), ...more]).model);
  return { host, events };
}

const before = (host: HTMLElement, first: string, second: string): boolean =>
  (host.querySelector(first)!.compareDocumentPosition(host.querySelector(second)!) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;

beforeEach(() => void vi.stubGlobal("IntersectionObserver", NoObserver));

describe("safe mode", () => {
  it("test_caller_in_safe_mode_has_a_neutral_title_and_no_receipt_in_sight", () => {
    const { host } = live(true);
    expect(document.title).toBe("Notes");
    const said = server({ type: "chat.message", ...chatMessage("Where?", { sender_name: "Herts Police" }), topic: "t", seq: 1 });
    const shown = live(true, "en", [said]).host.textContent;
    expect([shown.includes("Where?"), shown.includes("HERTS-"), shown.includes("Herts Police")]).toEqual([true, false, false]);
    expect(host.querySelector(".receipt-link")).toBeNull();
    expect(live(false).host.querySelector(".receipt-link a")?.getAttribute("href")).toBe("/live/receipt/");
  });

  it("test_caller_in_safe_mode_taps_before_writing_and_before_the_picture", () => {
    const safe = live(true).host;
    expect([before(safe, ".chat-quick", ".chat-form"), before(safe, ".chat", ".picture")]).toEqual([true, true]);
    expect(safe.querySelector("details .chat-form")).not.toBeNull();
    expect(safe.querySelector("details [data-phrase=please-hurry]")).toBeNull();
    expect(live(false).host.querySelector("details .chat-form")).toBeNull();
  });
});

describe("phrases", () => {
  it("test_caller_taps_an_answer_and_its_code_goes_out_not_its_words", () => {
    const { host, events } = live(false);
    host.querySelector<HTMLButtonElement>("[data-phrase=yes]")!.click();
    const [said] = events;
    expect(said).toMatchObject({ type: "say", text: "Yes", phrase: "yes" });
    const { model, effects } = play([...liveEvents(), said!]);
    expect(effects.at(-1)).toMatchObject({ message: { type: "chat.send", phrase: "yes" } });
    expect(effects.at(-1)).not.toHaveProperty("message.text");
    expect(model.chat[0]).toMatchObject({ text: "Yes", phrase: "yes", isPending: true });
  });

  it("test_caller_reads_a_phrase_in_the_own_language_and_typed_words_as_they_are", () => {
    const phrase = { phrase: "are-you-safe", shown_text: "کیا آپ محفوظ ہیں؟", shown_language: "ur" };
    const messages = [chatMessage("Are you safe?", phrase), chatMessage("Stay there", { id: "m2", client_id: "c2" })];
    const arrived = messages.map((message, index) => server({ type: "chat.message", ...message, topic: "t", seq: index + 1 }));
    const [first, second] = live(false, "ur", arrived).host.querySelectorAll<HTMLElement>(".bubble");
    const words = first!.querySelector<HTMLElement>(".bubble-text")!;
    expect([words.textContent, words.lang, words.dir]).toEqual(["کیا آپ محفوظ ہیں؟", "ur", "rtl"]);
    expect(first!.querySelector(".bubble-note")).toBeNull();
    expect(second!.querySelector(".bubble-note")?.textContent).toBe("ترجمہ نہیں ہوا");
  });
});

describe("words of a consent in another language than the page", () => {
  it("test_page_in_urdu_marks_english_words_as_english", () => {
    const host = document.createElement("main");
    const view = new CallerView(host, { language: "ur", isSafe: false, state: null }, ur, () => undefined);
    view.render(play([server(callerState())]).model);
    expect([host.querySelector("h1")?.lang, host.querySelector("h1")?.dir]).toEqual(["en", "ltr"]);
    view.render(play([server(callerState()), tap("continue")]).model);
    expect(host.querySelector<HTMLElement>(".choice")?.lang).toBe("en");
    expect(host.querySelector<HTMLElement>("h1")?.textContent).toBe("آپ کیا شیئر کرنے پر رضامند ہیں؟");
  });
});

describe("leaving", () => {
  it("test_caller_who_exits_turns_all_off_before_saying_so_and_ends_no_session", () => {
    const { model, effects } = play([{ type: "left" }], play(liveEvents()).model);
    expect(names(effects)).toEqual(["stop_everything", "send:progress.report", "tell_left", "close_line"]);
    expect(effects[1]).toMatchObject({ message: { step: "page_left" } });
    expect(model.camera.state).toBe("off");
  });

  it("test_caller_who_had_ended_and_exits_says_nothing", () => {
    expect(play([{ type: "left" }], play([...liveEvents(), tap("stop")]).model).effects).toEqual([]);
  });
});
