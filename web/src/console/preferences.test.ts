import { describe, expect, it } from "vitest";

import { DEFAULTS, keepPictureChoices, keepPreferences, readPictureChoices, readPreferences, themeOf } from "./preferences";

function storage(kept: string | null = null): Storage {
  let value = kept;
  return { getItem: () => value, setItem: (_key: string, text: string) => { value = text; } } as unknown as Storage;
}

const forbidden = {
  getItem: () => { throw new DOMException("", "SecurityError"); }, setItem: () => { throw new DOMException("", "QuotaExceededError"); },
} as unknown as Storage;

describe("preferences", () => {
  it("that are nonsense, missing or forbidden are those of a new workstation", () => {
    for (const kept of ["", "null", "[]", "not JSON", '{"theme":"pink","volume":"loud","wall":{"places":7,"pinned":[1,2]}}']) {
      expect(readPreferences(storage(kept))).toEqual(DEFAULTS);
    }
    expect(readPreferences(null)).toEqual(DEFAULTS);
    expect(readPreferences(forbidden)).toEqual(DEFAULTS);
    keepPreferences(forbidden, DEFAULTS);
  });

  it("are kept, all but the page of the wall", () => {
    const own = { ...DEFAULTS, theme: "light" as const, blursNew: false, volume: 0.2, silenced: ["opened"], wall: { ...DEFAULTS.wall, places: 9 as const, pinned: ["a"], page: 3 } };
    const kept = storage();
    keepPreferences(kept, own);
    expect(readPreferences(kept)).toEqual({ ...own, wall: { ...own.wall, page: 0 } });
  });

  it("hold a volume between nothing and all", () => {
    expect([-3, 0.5, 90].map((volume) => readPreferences(storage(JSON.stringify({ volume }))).volume)).toEqual([0, 0.5, 1]);
  });

  it("show the workstation's own colours unless told otherwise", () => {
    expect([themeOf("system", true), themeOf("system", false), themeOf("dark", true), themeOf("light", false)]).toEqual(["light", "dark", "dark", "light"]);
  });
});

describe("pictures that were asked for", () => {
  it("are nobody else's", () => {
    const kept = storage();
    keepPictureChoices(kept, "7", { "1": true });
    expect(readPictureChoices(kept, "8")).toEqual({});
    expect(readPictureChoices(kept, "7")).toEqual({ "1": true });
    expect(readPictureChoices(storage('{"userId":"7","choices":{"1":"yes","2":false}}'), "7")).toEqual({ "2": false });
  });
});
