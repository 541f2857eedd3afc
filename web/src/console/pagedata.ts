/** Reads what the server's template gave to the page: {map_tiles_url, force: {name}, me: {id, name, role, permissions}}. */

import type { PageData } from "./desk";
import type { Me } from "./state";

/** The page's data; what is missing is empty, and permissions are asked for later. */
export function readPageData(page: Document = document): { page: PageData; me: Me } {
  const data = parse(page.getElementById("page-data")?.textContent ?? "{}");
  const [me, force] = [recordOf(data.me), data.force];
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
