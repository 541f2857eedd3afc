/**
 * The lines and letters of the Ordnance Survey National Grid, computed without a map.
 *
 * All coordinates are metres of EPSG:27700: eastings 0 to 700,000 and northings 0 to 1,300,000. Nothing here draws.
 * Source of the lettering: Ordnance Survey, "A guide to coordinate systems in Great Britain".
 */

/** The whole National Grid: [west, south, east, north] in metres. */
export const GRID_EXTENT: Extent = [0, 0, 700_000, 1_300_000];

/** West, south, east, north in metres. */
export type Extent = readonly [number, number, number, number];

/** Distance between neighbouring lines, in metres. */
export type GridStep = 100 | 1_000 | 10_000 | 100_000;

/** One straight line of the grid. `at` is its easting (axis "e") or northing (axis "n"). */
export interface GridLine {
  axis: "e" | "n";
  at: number;
  from: number;
  to: number;
  isMajor: boolean;
}

/** One square to be named: its south-west corner and its short name ("TL", "TL31", "TL 31 12"). */
export interface GridSquare {
  easting: number;
  northing: number;
  name: string;
}

const STEPS: readonly GridStep[] = [100, 1_000, 10_000, 100_000];
const HUNDRED_KM = 100_000;
const MAX_LINES = 400;

/** Whether a point lies on the grid. */
export function isOnGrid(easting: number, northing: number): boolean {
  return easting >= 0 && easting < GRID_EXTENT[2] && northing >= 0 && northing < GRID_EXTENT[3];
}

/** The two letters of the 100 km square of a point, or "" off the grid. */
export function squareLetters(easting: number, northing: number): string {
  if (!isOnGrid(easting, northing)) return "";
  const column = Math.floor(easting / HUNDRED_KM);
  const row = 19 - Math.floor(northing / HUNDRED_KM);
  const first = row - (row % 5) + Math.floor((column + 10) / 5);
  const second = ((row * 5) % 25) + (column % 5);
  return letter(first) + letter(second);
}

/** The letter at an index of the 5 x 5 squares; the letter I is not used. */
function letter(index: number): string {
  return String.fromCharCode(65 + (index > 7 ? index + 1 : index));
}

/** The finest step whose lines are at least `minPixels` apart at a resolution in metres per pixel. */
export function gridStep(metresPerPixel: number, minPixels = 56): GridStep {
  return STEPS.find((step) => step / metresPerPixel >= minPixels) ?? HUNDRED_KM;
}

/** The lines that cross an extent at a step; every tenth line (and every 100 km line) is major. */
export function gridLines(extent: Extent, step: GridStep): GridLine[] {
  const [west, south, east, north] = clip(extent);
  if (west >= east || south >= north) return [];
  const majorEvery = Math.min(step * 10, HUNDRED_KM);
  const lines: GridLine[] = [];
  for (const at of multiples(west, east, step)) {
    lines.push({ axis: "e", at, from: south, to: north, isMajor: at % majorEvery === 0 });
  }
  for (const at of multiples(south, north, step)) {
    lines.push({ axis: "n", at, from: west, to: east, isMajor: at % majorEvery === 0 });
  }
  return lines;
}

/** The squares of a step that lie in an extent, each with its name. */
export function gridSquares(extent: Extent, step: GridStep): GridSquare[] {
  const [west, south, east, north] = clip(extent);
  const squares: GridSquare[] = [];
  for (const easting of multiples(west - step, east, step)) {
    for (const northing of multiples(south - step, north, step)) {
      const name = squareName(easting, northing, step);
      if (name !== "") squares.push({ easting, northing, name });
    }
  }
  return squares;
}

/** The name of a square: "TL", "TL31", "TL 31 12" or "TL 312 123". */
export function squareName(easting: number, northing: number, step: GridStep): string {
  const letters = squareLetters(easting, northing);
  if (letters === "" || step === HUNDRED_KM) return letters;
  const digits = Math.round(Math.log10(HUNDRED_KM / step));
  const e = within(easting, step, digits);
  const n = within(northing, step, digits);
  return digits === 1 ? `${letters}${e}${n}` : `${letters} ${e} ${n}`;
}

/** What is written at a line's end: the digits inside its 100 km square ("3", "31", "312"), "" for a 100 km line. */
export function lineLabel(at: number, step: GridStep): string {
  if (step === HUNDRED_KM) return "";
  return within(at, step, Math.round(Math.log10(HUNDRED_KM / step)));
}

/** "TL3123412345" or "TL 31234 12345" as "TL 31234 12345"; anything else comes back unchanged. */
export function formatGridReference(reference: string): string {
  const compact = reference.replace(/\s+/g, "").toUpperCase();
  const match = /^([A-Z]{2})(\d+)$/.exec(compact);
  const letters = match?.[1];
  const digits = match?.[2];
  if (letters === undefined || digits === undefined || digits.length % 2 === 1) return reference.trim();
  const half = digits.length / 2;
  return `${letters} ${digits.slice(0, half)} ${digits.slice(half)}`;
}

/** Digits of a coordinate inside its 100 km square, cut to a step. */
function within(value: number, step: GridStep, digits: number): string {
  return String(Math.floor((value % HUNDRED_KM) / step)).padStart(digits, "0");
}

/** An extent cut to the grid. */
function clip([west, south, east, north]: Extent): Extent {
  return [
    Math.max(west, GRID_EXTENT[0]),
    Math.max(south, GRID_EXTENT[1]),
    Math.min(east, GRID_EXTENT[2]),
    Math.min(north, GRID_EXTENT[3]),
  ];
}

/** The multiples of a step from `low` to `high`, at most MAX_LINES of them. */
function multiples(low: number, high: number, step: number): number[] {
  const first = Math.ceil(low / step) * step;
  const count = Math.min(Math.max(Math.floor((high - first) / step) + 1, 0), MAX_LINES);
  return Array.from({ length: count }, (_, index) => first + index * step);
}
