/**
 * Where each picture of a call stands, and how large. Pure: from who is there, what is pinned, who speaks and how much room
 * there is. An interpreter is always in sight; a BSL interpreter always has half of the height at least.
 */

import type { Role } from "../signalling/meetingmessages";

/** One picture that wants a place. The order is that of the people, and no picture changes its turn in it. */
export interface GridTile {
  key: string;
  role: Role;
  isSelf: boolean;
  isScreen: boolean;
}

export interface GridAsk {
  tiles: readonly GridTile[];
  /** What the person of this page wants large. */
  pinned: string | null;
  speaker: string | null;
  /** CSS pixels. */
  width: number;
  height: number;
}

/** A place in CSS pixels from the stage's left and top: a call's order is the same in every language. */
export interface Cell {
  key: string;
  x: number;
  y: number;
  width: number;
  height: number;
  /** Lies over the others: the own picture on a phone. */
  isInset?: boolean;
}

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Most people in the strip of a phone. */
const STRIP = 3;
const GAP = 4;
/** Wider than this, and higher than that, is no phone. */
const PHONE = { width: 720, height: 500 } as const;

/** Whether so much room is a phone's. */
export function isPhone({ width, height }: { width: number; height: number }): boolean {
  return width < PHONE.width || height < PHONE.height;
}

/** The places of all that is shown; who is not among them is heard and not seen. */
export function gridOf(ask: GridAsk): Cell[] {
  if (ask.tiles.length === 0 || ask.width <= 0 || ask.height <= 0) return [];
  return isPhone(ask) ? phoneGrid(ask) : wideGrid(ask);
}

/** What is to be large: what was pinned, else a shared screen. */
function largeOf({ tiles, pinned }: GridAsk): GridTile | null {
  return tiles.find((tile) => tile.key === pinned) ?? tiles.find((tile) => tile.isScreen) ?? null;
}

function phoneGrid(ask: GridAsk): Cell[] {
  const { tiles, width, height } = ask;
  const isUpright = height >= width;
  const self = tiles.find((tile) => tile.isSelf) ?? null;
  const others = tiles.filter((tile) => !tile.isSelf);
  if (others.length === 0) return self === null ? [] : [{ key: self.key, x: 0, y: 0, width, height }];
  const signer = others.find((tile) => tile.role === "bsl_interpreter" && !tile.isScreen) ?? null;
  const big = bigOnPhone(ask, others, signer);
  const strip = stripOf(others.filter((tile) => tile !== big && tile !== signer));
  const whole: Box = { x: 0, y: 0, width, height };
  const [upper, lower] = signer === null || signer === big ? [whole, null] : halves(whole, isUpright);
  const cells = big === null ? [] : withStrip(upper, big, strip, isUpright);
  if (lower !== null && signer !== null) cells.push(cellOf(signer, lower));
  if (self !== null) cells.push(insetOf(self, upper));
  return cells;
}

/** One large picture; where a signer has a half of its own it is somebody else's. */
function bigOnPhone(ask: GridAsk, others: readonly GridTile[], signer: GridTile | null): GridTile | null {
  const wanted = largeOf({ ...ask, tiles: others });
  if (wanted !== null) return wanted;
  const rest = others.filter((tile) => tile !== signer);
  if (rest.length === 0) return signer;
  return rest.find((tile) => tile.key === ask.speaker) ?? rest.find((tile) => tile.role !== "interpreter") ?? rest[0] ?? null;
}

/** Interpreters first: they are never the ones for whom there is no room. */
function stripOf(tiles: readonly GridTile[]): GridTile[] {
  const chosen = [...tiles.filter((tile) => tile.role === "interpreter"), ...tiles.filter((tile) => tile.role !== "interpreter")].slice(0, STRIP);
  return tiles.filter((tile) => chosen.includes(tile));
}

function withStrip(box: Box, big: GridTile, strip: readonly GridTile[], isUpright: boolean): Cell[] {
  if (strip.length === 0) return [cellOf(big, box)];
  if (isUpright) {
    const high = Math.min(Math.round(box.height * 0.24), 150);
    return [
      cellOf(big, { ...box, height: box.height - high - GAP }),
      ...row(strip, { ...box, y: box.y + box.height - high, height: high }),
    ];
  }
  const wide = Math.min(Math.round(box.width * 0.25), 180);
  return [
    cellOf(big, { ...box, width: box.width - wide - GAP }),
    ...column(strip, { ...box, x: box.x + box.width - wide, width: wide }),
  ];
}

/** Top right, over the large picture. */
function insetOf(self: GridTile, box: Box): Cell {
  const wide = Math.round(Math.min(Math.max(box.width * 0.24, 84), 132));
  const high = Math.round(Math.min(wide * 1.25, box.height * 0.5));
  return { key: self.key, x: box.x + box.width - wide - 8, y: box.y + 8, width: wide, height: high, isInset: true };
}

function wideGrid(ask: GridAsk): Cell[] {
  const { tiles, width, height } = ask;
  const whole: Box = { x: 0, y: 0, width, height };
  const large = largeOf(ask);
  const signer = tiles.find((tile) => tile.role === "bsl_interpreter" && !tile.isScreen) ?? null;
  if (tiles.length > 1 && large !== null && large !== signer) return withSide(whole, large, tiles.filter((tile) => tile !== large), signer);
  if (tiles.length > 1 && signer !== null) {
    const [left, right] = halves(whole, false);
    return [cellOf(signer, left), ...even(tiles.filter((tile) => tile !== signer), right)];
  }
  return even(tiles, whole);
}

/** One large picture at the left, all the others in a column; a signer has half of the height of it. */
function withSide(box: Box, large: GridTile, rest: readonly GridTile[], signer: GridTile | null): Cell[] {
  const wide = Math.round(signer === null ? Math.min(320, box.width * 0.25) : box.width * 0.36);
  const side: Box = { ...box, x: box.x + box.width - wide, width: wide };
  const main = cellOf(large, { ...box, width: box.width - wide - GAP });
  if (signer === null) return [main, ...even(rest, side)];
  const others = rest.filter((tile) => tile !== signer);
  if (others.length === 0) return [main, cellOf(signer, side)];
  const [upper, lower] = halves(side, true);
  return [main, ...even(others, upper), cellOf(signer, lower)];
}

/** Equal places, as many columns as make them largest for pictures of 16 to 9. */
function even(tiles: readonly GridTile[], box: Box): Cell[] {
  const count = tiles.length;
  if (count === 0) return [];
  let best = { columns: 1, size: 0 };
  for (let columns = 1; columns <= Math.min(count, 4); columns += 1) {
    const rows = Math.ceil(count / columns);
    const size = Math.min(box.width / columns, ((box.height / rows) * 16) / 9);
    if (size > best.size + 0.5) best = { columns, size };
  }
  const rows = Math.ceil(count / best.columns);
  const high = (box.height - GAP * (rows - 1)) / rows;
  return tiles.flatMap((_tile, index) => {
    if (index % best.columns !== 0) return [];
    const y = box.y + (index / best.columns) * (high + GAP);
    return row(tiles.slice(index, index + best.columns), { ...box, y, height: high }, best.columns);
  });
}

/** Side by side; a row that is not full stands in the middle. */
function row(tiles: readonly GridTile[], box: Box, columns = tiles.length): Cell[] {
  const wide = (box.width - GAP * (columns - 1)) / columns;
  const used = tiles.length * wide + (tiles.length - 1) * GAP;
  const left = box.x + (box.width - used) / 2;
  return tiles.map((tile, index) => cellOf(tile, { ...box, x: left + index * (wide + GAP), width: wide }));
}

function column(tiles: readonly GridTile[], box: Box): Cell[] {
  const high = (box.height - GAP * (tiles.length - 1)) / tiles.length;
  return tiles.map((tile, index) => cellOf(tile, { ...box, y: box.y + index * (high + GAP), height: high }));
}

/** Two halves, the second one never smaller: one above the other, or side by side. */
function halves(box: Box, isStacked: boolean): [Box, Box] {
  if (isStacked) {
    const high = Math.ceil(box.height / 2);
    return [{ ...box, height: box.height - high - GAP }, { ...box, y: box.y + box.height - high, height: high }];
  }
  const wide = Math.ceil(box.width / 2);
  return [{ ...box, width: box.width - wide - GAP }, { ...box, x: box.x + box.width - wide, width: wide }];
}

function cellOf(tile: GridTile, { x, y, width, height }: Box): Cell {
  return { key: tile.key, x: Math.round(x), y: Math.round(y), width: Math.round(width), height: Math.round(height) };
}
