import { describe, expect, it } from "vitest";
import { LANGUAGES, loadTexts, pageLanguage, type Texts } from "./texts";

/** The same in every language, on purpose. */
const SAME = new Set(["appName", "location.safe"]);
/** The same in English and Welsh: the words on a button are one in both. */
const SAME_IN = new Set(["cy:live.stop"]);

/** Every string below a value by its path; a function is called with marks, to see where they end up. */
function leaves(value: unknown, path: string): [string, string | null][] {
  if (value === null || typeof value === "string") return [[path, value]];
  if (typeof value === "function") return [[path, (value as (given: string) => string)("<given>")]];
  const entries = Object.entries(value as Record<string, unknown>);
  return entries.flatMap(([key, child]) => leaves(child, path === "" ? key : `${path}.${key}`));
}

const english = new Map(leaves(await loadTexts("en"), ""));
const others = Object.keys(LANGUAGES).filter((tag) => tag !== "en");

/** What is wrong with a language, in the order of its words. */
function faults(tag: string, texts: Texts): string[] {
  const found = new Map(leaves(texts, ""));
  const missing = [...english.keys()].filter((path) => !found.has(path)).map((path) => `missing ${path}`);
  const wrong = [...found].flatMap(([path, text]) => {
    const model = english.get(path);
    if (model === undefined) return [`unknown ${path}`];
    if (text !== null && text.trim() === "") return [`empty ${path}`];
    if (text === model && !SAME.has(path) && !SAME_IN.has(`${tag}:${path}`)) return [`left in English ${path}`];
    return text?.includes("<given>") === model?.includes("<given>") ? [] : [`placeholder ${path}`];
  });
  return [...missing, ...wrong];
}

describe("texts", () => {
  it.each(others)("test_language_%s_has_every_word_and_none_left_in_english", async (tag) => {
    expect(faults(tag, await loadTexts(tag))).toEqual([]);
  });

  it("test_check_finds_what_is_missing_empty_untranslated_or_without_its_placeholder", async () => {
    const welsh = await loadTexts("cy");
    const broken = structuredClone({ ...welsh, reference: "", live: null, appName: "Sightline" }) as unknown as Texts;
    const patched = {
      ...welsh, reference: () => "Cyfeirnod", receipt: " ", common: { ...(await loadTexts("en")).common },
    } as unknown as Texts;
    expect(faults("cy", patched)).toEqual([
      "placeholder reference", "left in English common.continue", "left in English common.tryAgain",
      "left in English common.back", "empty receipt",
    ]);
    expect(faults("cy", broken)).toContain("missing live.title");
  });

  it("test_unknown_language_is_english", async () => {
    expect((await loadTexts("fr")).locale).toBe("en-GB");
    expect((await loadTexts("ur-PK")).locale).toBe("ur-PK");
    expect(pageLanguage("toString")).toBe("en");
  });
});
