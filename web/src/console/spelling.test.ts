import { describe, expect, it } from "vitest";

import { spelled } from "./spelling";

describe("a code on the telephone", () => {
  it("is said in its groups, letters by words and digits as they are", () => {
    const words = spelled("K4XM 79CY").map((group) => group.map(({ word }) => word).join(" "));
    expect(words).toEqual(["Kilo 4 X-ray Mike", "7 9 Charlie Yankee"]);
  });

  it("has a word for every letter that a code can have", () => {
    const letters = "CDFGHJKMNPQRTWXY";
    for (const { character, word } of spelled(letters).flat()) expect(word).toMatch(new RegExp(`^${character}[a-z-]+`));
  });
});
