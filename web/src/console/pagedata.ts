/**
 * Who sits here, for which force, with which map: from the page itself, else from /api/v1/me/.
 *
 * The page carries {map_tiles_url, force: {name}, me: {id, name, role, permissions}}; the door has the parts of `me` on top.
 */

import type { PageData } from "./desk";
import type { Rest } from "./rest";
import type { Me } from "./state";

/** What the console starts with. */
export interface Start {
  page: PageData;
  me: Me;
}

/** The start from the page's own data, or from the door where the page has none. Fails as the door fails. */
export async function loadStart(rest: Rest, page: Document = document): Promise<Start> {
  const own = startOf(parse(page.getElementById("page-data")?.textContent ?? ""));
  return own.me.permissions.length > 0 ? own : startOf(await rest.me());
}

/** Data of the page or of the door as a start; what is missing is empty. */
export function startOf(data: Record<string, unknown>): Start {
  const [me, force] = ["me" in data ? recordOf(data.me) : data, data.force];
  const permissions = Array.isArray(me.permissions) ? me.permissions.filter((one) => typeof one === "string") : [];
  return {
    page: { forceName: typeof force === "string" ? force : textOf(recordOf(force).name), mapTilesUrl: textOf(data.map_tiles_url) },
    me: { id: textOf(me.id), name: textOf(me.name), role: textOf(me.role), permissions },
  };
}

function parse(text: string): Record<string, unknown> {
  try {
    return recordOf(JSON.parse(text));
  } catch {
    return {};
  }
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
