/** Gathers what would lie on each other into one mark with a count. Pure; thousands of points in a few milliseconds. */

/** Something at a place, in the units of the view. */
export interface Placed<T> {
  item: T;
  x: number;
  y: number;
}

/** Those who share a mark, and the middle of them. */
export interface Cluster<T> {
  /** The same for the same place of the map while the zoom is. */
  key: string;
  x: number;
  y: number;
  members: Placed<T>[];
}

/** Marks nearer to each other than this part of a cell are one. */
const TOUCHING = 0.75;

/**
 * Clusters of points by squares of `cell` units that lie on the map, not on the screen: moving the map changes none.
 * Marks of neighbouring squares that would touch are joined.
 */
export function gather<T>(points: readonly Placed<T>[], cell: number): Cluster<T>[] {
  const squares = new Map<string, Cluster<T>>();
  for (const point of points) {
    const key = `${Math.floor(point.x / cell)}:${Math.floor(point.y / cell)}`;
    const square = squares.get(key);
    if (square === undefined) squares.set(key, { key, x: point.x, y: point.y, members: [point] });
    else square.members.push(point);
  }
  for (const square of squares.values()) settle(square);
  return joined(squares, cell);
}

/** The side of the squares at a resolution: a step for each doubling, so that small changes of the zoom change nothing. */
export function cellFor(resolution: number, pixels: number): number {
  return pixels * 2 ** Math.round(Math.log2(resolution));
}

function settle<T>(cluster: Cluster<T>): void {
  const count = cluster.members.length;
  cluster.x = cluster.members.reduce((sum, { x }) => sum + x, 0) / count;
  cluster.y = cluster.members.reduce((sum, { y }) => sum + y, 0) / count;
}

/** The larger takes in those that would touch it, once. */
function joined<T>(squares: Map<string, Cluster<T>>, cell: number): Cluster<T>[] {
  const gone = new Set<string>();
  const bySize = [...squares.values()].sort((a, b) => b.members.length - a.members.length || a.key.localeCompare(b.key));
  for (const square of bySize) {
    if (gone.has(square.key)) continue;
    const near = neighbours(square.key).filter((key) => {
      const other = squares.get(key);
      return other !== undefined && !gone.has(key) && Math.hypot(other.x - square.x, other.y - square.y) < cell * TOUCHING;
    });
    for (const key of near) {
      square.members.push(...(squares.get(key)?.members ?? []));
      gone.add(key);
    }
    if (near.length > 0) settle(square);
  }
  return bySize.filter(({ key }) => !gone.has(key));
}

function neighbours(key: string): string[] {
  const [column = 0, row = 0] = key.split(":").map(Number);
  return [-1, 0, 1].flatMap((dx) => [-1, 0, 1].map((dy) => `${column + dx}:${row + dy}`)).filter((other) => other !== key);
}
