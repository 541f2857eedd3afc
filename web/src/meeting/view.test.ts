import { beforeEach, describe, expect, it } from "vitest";
import { en } from "./texts/en";
import { Focus } from "./view";

let host: HTMLElement;

function draw(html: string): void {
  host.replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.children);
}
const focused = (): string => document.activeElement?.id ?? "";

beforeEach(() => {
  host = document.createElement("div");
  document.body.replaceChildren(host);
  document.title = "";
});

describe("Focus", () => {
  it("test_first_screen_takes_no_focus_and_each_one_after_it_begins_at_its_heading", () => {
    const focus = new Focus(host, false, en.lobby);
    draw('<h1 id="one" tabindex="-1">Before you join</h1>');
    focus.follow("check", null, null);
    expect([focused(), document.title]).toEqual(["", "Before you join - Sightline"]);
    draw('<h1 id="two" tabindex="-1">You are next</h1>');
    focus.follow("waiting", null, null);
    focus.follow("waiting", null, null);
    expect([focused(), document.title]).toEqual(["two", "You are next - Sightline"]);
  });

  it("test_safe_mode_says_nothing_in_the_tab", () => {
    const focus = new Focus(host, true, en.lobby);
    draw("<h1>The officer asks</h1>");
    focus.follow("waiting", null, null);
    expect(document.title).toBe(en.lobby.neutralTitle);
  });

  it("test_panel_takes_the_focus_and_gives_it_back", () => {
    const focus = new Focus(host, false, en.lobby);
    draw('<h1>Meeting</h1><button id="more">More</button><h2 id="panel-title" tabindex="-1">People</h2>');
    focus.follow("call", null, null);
    host.querySelector<HTMLElement>("#more")!.focus();
    focus.follow("call", "people", null);
    expect(focused()).toBe("panel-title");
    focus.follow("call", null, null);
    expect(focused()).toBe("more");
  });

  it("test_question_about_the_recording_is_read_at_once_and_once", () => {
    const focus = new Focus(host, false, en.lobby);
    draw('<h1>Meeting</h1><button id="mute">Mute</button><h2 id="consent-title" tabindex="-1">May we record?</h2>');
    focus.follow("call", null, null);
    focus.follow("call", null, 1);
    expect(focused()).toBe("consent-title");
    host.querySelector<HTMLElement>("#mute")!.focus();
    focus.follow("call", null, 1);
    expect(focused()).toBe("mute");
  });

  it("test_room_fills_the_window_and_leaves_no_way_to_load_the_page_in_another_language", () => {
    const nav = document.createElement("nav");
    nav.id = "languages";
    document.body.append(nav);
    const focus = new Focus(host, false, en.lobby);
    focus.follow("call", null, null);
    expect([document.body.classList.contains("in-room"), nav.hidden]).toEqual([true, true]);
    focus.follow("over", null, null);
    expect([document.body.classList.contains("in-room"), nav.hidden]).toEqual([false, false]);
  });
});
