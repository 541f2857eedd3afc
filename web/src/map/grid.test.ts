import { describe, expect, it } from "vitest";

import { formatGridReference, gridLines, gridSquares, gridStep, lineLabel, squareLetters, squareName } from "./grid";

describe("squareLetters", () => {
  // Well-known places, letters from Ordnance Survey's own index of the National Grid.
  it.each([
    ["St Paul's, London", 532_000, 181_000, "TQ"],
    ["Hertford", 532_600, 212_600, "TL"],
    ["Land's End", 134_000, 25_000, "SW"],
    ["Ben Nevis", 216_600, 771_300, "NN"],
    ["Cardiff", 318_000, 176_000, "ST"],
    ["Lerwick", 447_000, 1_141_000, "HU"],
    ["Great Yarmouth", 652_000, 307_000, "TG"],
  ])("names the square of %s", (_place, easting, northing, letters) => {
    expect(squareLetters(easting, northing)).toBe(letters);
  });

  it("knows no square off the grid", () => {
    expect(squareLetters(-1, 5)).toBe("");
    expect(squareLetters(700_000, 5)).toBe("");
    expect(squareLetters(5, 1_300_000)).toBe("");
  });

  it("gives each of the 91 squares a name of its own", () => {
    const names = new Set<string>();
    for (let e = 0; e < 7; e += 1) for (let n = 0; n < 13; n += 1) names.add(squareLetters(e * 1e5, n * 1e5));
    expect(names.size).toBe(91);
    expect([...names].join("")).not.toContain("I");
  });
});

describe("gridStep", () => {
  it.each([
    [1, 100],
    [10, 1_000],
    [100, 10_000],
    [1_000, 100_000],
    [50_000, 100_000],
  ])("at %d m per pixel is %d m", (resolution, step) => expect(gridStep(resolution)).toBe(step));
});

describe("gridLines", () => {
  it("draws every line that crosses the extent, majors at each tenth", () => {
    const lines = gridLines([531_950, 212_050, 533_050, 212_450], 100);
    const eastings = lines.filter((line) => line.axis === "e");
    expect(eastings.map((line) => line.at)).toEqual([532e3, 532_100, 532_200, 532_300, 532_400, 532_500, 532_600, 532_700, 532_800, 532_900, 533e3]);
    expect(eastings.filter((line) => line.isMajor).map((line) => line.at)).toEqual([532_000, 533_000]);
    expect(lines.filter((line) => line.axis === "n").map((line) => line.at)).toEqual([212_100, 212_200, 212_300, 212_400]);
  });

  it("stops at the edge of the grid", () => {
    const lines = gridLines([-500_000, -500_000, 900_000, 1_900_000], 100_000);
    expect(lines.filter((line) => line.axis === "e")).toHaveLength(8);
    expect(lines.filter((line) => line.axis === "n")).toHaveLength(14);
    expect(lines.every((line) => line.isMajor)).toBe(true);
    expect(lines[0]).toMatchObject({ from: 0, to: 1_300_000 });
  });

  it("draws nothing off the grid", () => {
    expect(gridLines([800_000, 0, 900_000, 10_000], 1_000)).toEqual([]);
  });
});

describe("names and digits", () => {
  it("names squares at every step", () => {
    expect(squareName(532_600, 212_600, 100_000)).toBe("TL");
    expect(squareName(532_600, 212_600, 10_000)).toBe("TL31");
    expect(squareName(532_600, 212_600, 1_000)).toBe("TL 32 12");
    expect(squareName(530_060, 202_060, 100)).toBe("TL 300 020");
  });

  it("lists the squares of an extent from their south-west corners", () => {
    const names = gridSquares([532_100, 212_100, 533_100, 212_900], 1_000).map((square) => square.name);
    expect(names).toEqual(["TL 32 12", "TL 33 12"]);
  });

  it("writes the digits inside the 100 km square", () => {
    expect(lineLabel(532_600, 100)).toBe("326");
    expect(lineLabel(502_000, 1_000)).toBe("02");
    expect(lineLabel(530_000, 10_000)).toBe("3");
    expect(lineLabel(500_000, 100_000)).toBe("");
  });
});

describe("formatGridReference", () => {
  it.each([
    ["TL3123412345", "TL 31234 12345"],
    ["tl 31234 12345", "TL 31234 12345"],
    ["TQ 32 81", "TQ 32 81"],
    ["TL31", "TL 3 1"],
  ])("writes %s as %s", (given, expected) => expect(formatGridReference(given)).toBe(expected));

  it("leaves what it does not know as it is", () => {
    expect(formatGridReference("51.5, -0.1")).toBe("51.5, -0.1");
    expect(formatGridReference("TL 312 12345 1")).toBe("TL 312 12345 1");
    expect(formatGridReference("")).toBe("");
  });
});
