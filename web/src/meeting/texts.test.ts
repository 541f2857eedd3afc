import { describe, expect, it } from "vitest";
import { LANGUAGES, loadTexts, pageLanguage, type MeetingTexts } from "./texts";

/** The same in every language, on purpose. */
const SAME = new Set(["lobby.appName"]);
/** The same in English and another language: one word in both. */
const SAME_IN = new Set(["cy:lobby.check.legs.camera", "cy:room.bar.camera"]);

/** Every string below a value by its path; a function is called with marks, to see where they end up. */
function leaves(value: unknown, path: string): [string, string | null][] {
  if (value === null || typeof value === "string") return [[path, value]];
  if (typeof value === "function") return [[path, (value as (...given: string[]) => string)("<given>", "<other>")]];
  return Object.entries(value as Record<string, unknown>).flatMap(([key, child]) => leaves(child, path === "" ? key : `${path}.${key}`));
}

const english = new Map(leaves(await loadTexts("en"), ""));
const others = Object.keys(LANGUAGES).filter((tag) => tag !== "en");

function faults(tag: string, texts: MeetingTexts): string[] {
  const found = new Map(leaves(texts, ""));
  const missing = [...english.keys()].filter((path) => !found.has(path)).map((path) => `missing ${path}`);
  const wrong = [...found].flatMap(([path, text]) => {
    const model = english.get(path);
    if (model === undefined) return [`unknown ${path}`];
    if (text !== null && text.trim() === "") return [`empty ${path}`];
    if (text === model && !SAME.has(path) && !SAME_IN.has(`${tag}:${path}`)) return [`left in English ${path}`];
    return ["<given>", "<other>"].every((mark) => text?.includes(mark) === model?.includes(mark)) ? [] : [`placeholder ${path}`];
  });
  return [...missing, ...wrong];
}

describe("the words of a person's page", () => {
  it.each(others)("test_language_%s_has_every_word_and_none_left_in_english", async (tag) => {
    expect(faults(tag, await loadTexts(tag))).toEqual([]);
  });

  it("test_check_finds_what_is_left_in_english_or_without_its_placeholder", async () => {
    const welsh = await loadTexts("cy");
    const patched = { ...welsh, lobby: { ...welsh.lobby, leave: "Leave", call: () => "Neu ffoniwch" } } as MeetingTexts;
    expect(faults("cy", patched)).toEqual(["placeholder lobby.call", "left in English lobby.leave"]);
  });

  it.each(Object.keys(LANGUAGES))("test_language_%s_names_neither_police_nor_consultation_where_safe_mode_shows_it", async (tag) => {
    const { lobby, room } = await loadTexts(tag);
    const safe = leaves([lobby.neutralTitle, lobby.waiting.quiet, lobby.waiting.privatelyQuiet, lobby.talk.bannerOfficer, lobby.early, lobby.away, room.title], "").map(([, text]) => text ?? "");
    expect(safe.filter((text) => /police|heddlu|پولیس|consult|ymgynghor/i.test(text))).toEqual([]);
  });

  it("test_unknown_language_is_english", async () => {
    expect((await loadTexts("fr")).lobby.locale).toBe("en-GB");
    expect([(await loadTexts("ur-PK")).lobby.locale, pageLanguage("toString")]).toEqual(["ur-PK", "en"]);
  });
});
