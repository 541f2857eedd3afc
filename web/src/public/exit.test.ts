import { beforeEach, describe, expect, it } from "vitest";
import { guardExit, type ExitEvent, type ExitHost } from "./exit";

const EXIT_EVENT: ExitEvent = "sightline:exit";
const WEATHER = "https://www.bbc.co.uk/weather";

interface World {
  host: ExitHost;
  view: EventTarget;
  done: string[];
}

function world(arrival = "navigate", stored: Record<string, string> = {}): World {
  const page = document.implementation.createHTMLDocument("We ask to see");
  const link = page.createElement("a");
  link.id = "exit-page";
  link.href = WEATHER;
  link.append(page.createElement("span"));
  page.body.append(link);
  const kept = new Map(Object.entries(stored));
  const done: string[] = [];
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
  page.addEventListener(EXIT_EVENT, () => done.push(page.documentElement.hidden ? "camera off, too late" : "camera off"));
  const replace = (url: string): void => void done.push(page.documentElement.hidden ? `blank, ${url}` : url);
  return { host: { page, storage, arrival: () => arrival, replace }, view: new EventTarget(), done };
}

const press = (page: Document, key: string, at: number, repeat = false): void => {
  const event = new KeyboardEvent("keydown", { key, repeat });
  Object.defineProperty(event, "timeStamp", { value: at });
  page.dispatchEvent(event);
};
const shown = (view: EventTarget, persisted: boolean): void => {
  view.dispatchEvent(Object.assign(new Event("pageshow"), { persisted }));
};
const LEFT = ["camera off", `blank, ${WEATHER}`];

describe("Exit this page", () => {
  let now: World;
  beforeEach(() => {
    now = world();
    guardExit(now.host, now.view);
  });

  it("test_caller_who_exits_has_the_camera_off_then_a_blank_page_then_another", () => {
    now.host.page.querySelector("span")!.click();
    expect(now.done).toEqual(LEFT);
    expect(now.host.page.title).toBe("…");
  });

  it.each(["Shift", "Escape"])("test_caller_who_presses_%s_three_times_exits", (key) => {
    [100, 900, 1_800].forEach((at) => press(now.host.page, key, at));
    expect(now.done).toEqual(LEFT);
  });

  it("test_caller_who_types_holds_a_key_or_is_slow_stays", () => {
    const { page } = now.host;
    ["Shift", "Shift", "a", "Shift"].forEach((key, index) => press(page, key, index * 100));
    [1, 2, 3].forEach((at) => press(page, "Shift", 20_000 + at, at > 1));
    [0, 6_000, 12_000].forEach((at) => press(page, "Escape", 40_000 + at));
    ["Escape", "Shift", "Escape"].forEach((key, index) => press(page, key, 90_000 + index));
    expect(now.done).toEqual([]);
  });

  it("test_page_that_was_left_and_comes_out_of_the_browsers_memory_leaves_again", () => {
    shown(now.view, true);
    expect(now.done).toEqual([]);
    now.host.page.querySelector("a")!.click();
    shown(now.view, true);
    expect(now.done).toEqual([...LEFT, `blank, ${WEATHER}`]);
  });

  it("test_page_that_back_loads_after_the_exit_is_never_drawn", () => {
    const again = world("back_forward", { "sightline-left": WEATHER });
    guardExit(again.host, again.view);
    expect(again.done).toEqual([`blank, ${WEATHER}`]);
  });

  it("test_link_opened_anew_after_an_exit_works_and_forgets_it", () => {
    const again = world("navigate", { "sightline-left": WEATHER });
    guardExit(again.host, again.view);
    shown(again.view, true);
    expect(again.done).toEqual([]);
  });

  it("test_caller_goes_back_without_an_exit_and_sees_the_page", () => {
    const back = world("back_forward");
    guardExit(back.host, back.view);
    expect(back.done).toEqual([]);
  });
});
