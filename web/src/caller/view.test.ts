import { beforeEach, describe, expect, it, vi } from "vitest";
import type { SharingEvent, SharingModel } from "../sharing/model";
import type { PageData } from "../public/page_data";
import type { CallerState } from "../signalling/messages";
import { splitWording } from "./screens/consent";
import { callerState, chatMessage, liveEvents, play, server, tap } from "../sharing/samples";
import { SHARING_SCREENS } from "./sharing";
import { en } from "./texts/en";
import { CallerView } from "./view";

class NoObserver {
  observe(): void {
    // happy-dom has no layout: nothing is ever in sight.
  }
}

function show(model: SharingModel, page: PageData<CallerState> = { language: "en", isSafe: false, state: null }): { host: HTMLElement; events: SharingEvent[]; view: CallerView } {
  const host = document.createElement("main");
  document.body.replaceChildren(host);
  const events: SharingEvent[] = [];
  const view = new CallerView(host, page, en, (event) => events.push(event));
  view.add(SHARING_SCREENS);
  view.render(model);
  return { host, events, view };
}

const stopBar = (host: HTMLElement): HTMLElement => host.querySelector<HTMLElement>(".stop-bar")!;
const press = (host: HTMLElement, text: string): void => {
  [...host.querySelectorAll("button")].find((button) => button.textContent.startsWith(text))!.click();
};

beforeEach(() => void vi.stubGlobal("IntersectionObserver", NoObserver));

describe("CallerView", () => {
  it("test_view_words_of_others_are_text_and_never_markup", () => {
    const evil = "<img src=x onerror=alert(1)>";
    const message = server({ type: "chat.message", ...chatMessage(evil), topic: "caller.1", seq: 3 });
    const { host } = show(play([...liveEvents(), message]).model);
    expect(host.querySelector(".bubble-text")?.textContent).toBe(evil);
    expect(host.querySelector("img")).toBeNull();
  });

  it("test_view_before_consent_has_no_stop_and_offers_no_recording_without_video", () => {
    const { host } = show(play([server(callerState()), tap("continue")]).model);
    expect(stopBar(host).hidden).toBe(true);
    const choices = [...host.querySelectorAll<HTMLElement>(".choice")];
    expect(choices.map((choice) => choice.hidden)).toEqual([false, false, true]);
    expect(choices.every((choice) => !choice.querySelector("input")!.checked)).toBe(true);
  });

  it("test_view_of_a_location_link_offers_no_video", () => {
    const state = callerState();
    const session = { ...state.session, link_kind: "location" as const };
    const { host } = show(play([server({ ...state, session }), tap("continue")]).model);
    expect(host.querySelectorAll(".choice")).toHaveLength(1);
  });

  it("test_view_after_consent_always_has_stop", () => {
    for (const count of [6, 8, 10, 13]) {
      const { host, events } = show(play(liveEvents().slice(0, count)).model);
      expect(stopBar(host).hidden).toBe(false);
      press(host, "STOP");
      expect(events).toEqual([tap("stop")]);
    }
  });

  it("test_view_after_the_end_has_nothing_to_press", () => {
    const { host } = show(play([...liveEvents(), tap("stop")]).model);
    expect(stopBar(host).hidden).toBe(true);
    expect(host.querySelector("video")).toBeNull();
    expect(host.querySelector("h1")?.textContent).toBe("You have stopped sharing");
  });

  it("test_view_new_screen_takes_the_focus_to_its_heading", async () => {
    const { host, view } = show(play([server(callerState())]).model);
    view.render(play([server(callerState()), tap("continue")]).model);
    await new Promise(requestAnimationFrame);
    expect(document.activeElement).toBe(host.querySelector("h1"));
    expect(document.title).toBe("What do you agree to share? - Sightline");
  });

  it("test_view_of_the_live_screen_keeps_what_is_being_written", () => {
    const { host, view } = show(play(liveEvents()).model);
    const field = host.querySelector<HTMLInputElement>("#chat-text")!;
    field.value = "I am at the";
    const message = server({ type: "chat.message", ...chatMessage("Where?"), topic: "caller.1", seq: 3 });
    view.render(play([...liveEvents(), message]).model);
    expect(host.querySelector("#chat-text")).toBe(field);
    expect(host.querySelector<HTMLElement>(".chat-new")?.hidden).toBe(false);
  });

  it("test_view_of_messages_keeps_what_stands_and_shows_each_once", () => {
    const say: SharingEvent = { type: "say", text: "Here", clientId: "k", at: "2026-11-22T14:00:02.000Z" };
    const first = server({ type: "chat.message", ...chatMessage("Where?"), topic: "caller.1", seq: 3 });
    const said = [...liveEvents(), first, say];
    const back = chatMessage("Here", { sender: "caller", client_id: "k", sent_at: "2026-11-22T14:00:03.000Z" });
    const { host, view } = show(play(said).model);
    const [standing] = host.querySelectorAll(".bubble");
    expect(host.querySelectorAll(".bubble")[1]?.textContent).toContain("Sending");
    view.render(play([...said, server({ type: "chat.message", ...back, topic: "caller.1", seq: 4 })]).model);
    const bubbles = [...host.querySelectorAll(".bubble")];
    expect(bubbles.map((bubble) => bubble.querySelector(".bubble-text")?.textContent)).toEqual(["Where?", "Here"]);
    expect(bubbles[0]).toBe(standing);
    expect(bubbles[1]?.textContent).not.toContain("Sending");
  });

  it("test_view_shows_the_recording_only_while_it_runs", () => {
    const { host, view } = show(play(liveEvents()).model);
    const mark = host.querySelector<HTMLElement>(".recorded")!;
    expect(mark.hidden).toBe(true);
    view.render(play([...liveEvents(), server({ type: "recording.changed", on: true, revision: 4, topic: "t", seq: 3 })]).model);
    expect(mark.hidden).toBe(false);
  });
});

describe("splitWording", () => {
  it("test_wording_with_a_name_of_its_own_is_not_named_twice", () => {
    expect(splitWording("Live video: what the camera sees.", "Video")).toEqual({
      name: "Live video", meaning: "What the camera sees.",
    });
  });

  it("test_wording_without_a_name_gets_the_pages_own", () => {
    const text = "We keep it. This is the law: always.";
    expect(splitWording(text, "Recording")).toEqual({ name: "Recording", meaning: text });
  });
});

describe("CallerView without the screens that share", () => {
  it("test_view_keeps_the_screen_until_the_next_one_is_loaded", () => {
    const host = document.createElement("main");
    const view = new CallerView(host, { language: "en", isSafe: false, state: null }, en, () => undefined);
    view.render(play(liveEvents().slice(0, 5)).model);
    view.render(play(liveEvents().slice(0, 6)).model);
    expect(host.querySelector("h1")?.textContent).toBe("What do you agree to share?");
    expect(stopBar(host).hidden).toBe(false);
    view.add(SHARING_SCREENS);
    view.render(play(liveEvents().slice(0, 6)).model);
    expect(host.querySelector("h1")?.textContent).toBe(en.location.title);
  });
});
