/** Marks: what happened to a session and was not looked at yet. Pure. */

import type { SessionSummary } from "../signalling/messages";
import type { ConsoleState, Mark, SignalKind } from "./state";

/** Most marks kept of one session. */
const MAX_MARKS = 8;

/** Marks of all sessions with new ones for one; the same object when there are none. `at` is this machine's clock. */
export function marked(
  state: ConsoleState, sessionId: string, kinds: readonly SignalKind[], at: number,
): ConsoleState["marks"] {
  if (kinds.length === 0) return state.marks;
  return { ...state.marks, [sessionId]: addMarks(state.marks[sessionId], kinds, at + state.clockOffset) };
}

/** Whether a mark calls for somebody to attend. */
function isCall({ kind }: Mark): boolean {
  return kind === "unattended" || kind === "escalated";
}

/** Marks without what is not so any more: somebody attends now. The same object when nothing was said of it. */
export function withoutUnattended(marks: ConsoleState["marks"], session: SessionSummary): ConsoleState["marks"] {
  const known = marks[session.id];
  if (session.attention !== null || known?.some(isCall) !== true) return marks;
  const others = known.filter((mark) => !isCall(mark));
  return others.length === 0 ? withoutMarks(marks, session.id) : { ...marks, [session.id]: others };
}

/** Marks of one session with new ones, made at `at` (ms of the server's clock). */
export function addMarks(known: readonly Mark[] | undefined, kinds: readonly SignalKind[], at: number): Mark[] {
  return [...(known ?? []), ...kinds.map((kind) => ({ kind, at }))].slice(-MAX_MARKS);
}

/** Marks of all sessions but one; the same object when it had none. */
export function withoutMarks(marks: ConsoleState["marks"], sessionId: string): ConsoleState["marks"] {
  if (!(sessionId in marks)) return marks;
  return Object.fromEntries(Object.entries(marks).filter(([id]) => id !== sessionId));
}
