/** What the template gives to the officers' pages of consultations: {me: {id, name, role, team, permissions}, force: {name}, session_id}. */

export interface DeskPage {
  me: { id: string; name: string; role: string; team: string; permissions: readonly string[] };
  forceName: string;
  /** Of a desk: whose. */
  sessionId: string;
}

/** The page's data; what is missing is empty. */
export function readDeskPage(page: Document = document): DeskPage {
  const data = recordOf(parse(page.getElementById("page-data")?.textContent ?? "{}"));
  const me = recordOf(data.me);
  const permissions = Array.isArray(me.permissions) ? me.permissions.filter((one): one is string => typeof one === "string") : [];
  return {
    me: { id: textOf(me.id), name: textOf(me.name), role: textOf(me.role), team: textOf(me.team), permissions },
    forceName: textOf(recordOf(data.force).name), sessionId: textOf(data.session_id),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
}
