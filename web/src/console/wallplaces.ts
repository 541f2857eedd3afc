/** Which live pictures stand on the wall, in which order, on which page, and how large each is. Pure. */

import type { SessionSummary } from "../signalling/messages";
import type { WallChoice, WallRule } from "./preferences";
import { watchableSessions } from "./select";
import type { ConsoleState } from "./state";

/** One page of the wall. */
export interface WallPage {
  shown: SessionSummary[];
  /** Live pictures in all. */
  count: number;
  page: number;
  pages: number;
}

/** How large a picture is shown here: what a viewer needs of it follows from this alone. */
export type TileSize = "large" | "medium" | "small";

/**
 * The page of the wall that was asked for, or the nearest that there is. Pinned pictures stand first on every page; one
 * place at least goes on through the others while there are any.
 */
export function wallPage(sessions: ConsoleState["sessions"], wall: WallChoice, myName: string): WallPage {
  const all = watchableSessions({ sessions });
  const pinned = wall.pinned.flatMap((id) => all.filter((one) => one.id === id));
  const others = ordered(all.filter((one) => !wall.pinned.includes(one.id)), wall.rule, myName);
  const fixed = pinned.slice(0, others.length === 0 || wall.places === 1 ? wall.places : wall.places - 1);
  const rest = [...pinned.slice(fixed.length), ...others];
  const room = wall.places - fixed.length;
  const pages = room === 0 ? 1 : Math.max(1, Math.ceil(rest.length / room));
  const page = Math.min(Math.max(wall.page, 0), pages - 1);
  return { shown: [...fixed, ...rest.slice(page * room, page * room + room)], count: all.length, page, pages };
}

/** Columns for the pictures that are there: a wall of nine with two pictures shows two large ones. */
export function wallColumns(count: number): 1 | 2 | 3 {
  if (count <= 1) return 1;
  return count <= 4 ? 2 : 3;
}

/** How large the pictures of a wall are that shows so many. */
export function wallTileSize(count: number): TileSize {
  return ({ 1: "large", 2: "medium", 3: "small" } as const)[wallColumns(count)];
}

/** The pins with a session's pin set or taken away. */
export function withPin(pinned: readonly string[], sessionId: string): string[] {
  return pinned.includes(sessionId) ? pinned.filter((id) => id !== sessionId) : [...pinned, sessionId];
}

function ordered(sessions: SessionSummary[], rule: WallRule, myName: string): SessionSummary[] {
  const rank: Record<WallRule, (one: SessionSummary) => number> = {
    mine: (one) => (one.created_by_name === myName ? 0 : 1),
    unattended: (one) => (one.watchers.some((watcher) => watcher.name !== myName) ? 1 : 0),
    newest: () => 0,
  };
  const since = (one: SessionSummary): string => one.live_at ?? one.created_at;
  return [...sessions].sort((a, b) => rank[rule](a) - rank[rule](b) || since(b).localeCompare(since(a)) || a.id.localeCompare(b.id));
}
