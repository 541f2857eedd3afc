/** Marks: what happened to a session and was not looked at yet. Pure. */

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

/** Marks of one session with new ones, made at `at` (ms of the server's clock). */
export function addMarks(known: readonly Mark[] | undefined, kinds: readonly SignalKind[], at: number): Mark[] {
  return [...(known ?? []), ...kinds.map((kind) => ({ kind, at }))].slice(-MAX_MARKS);
}

/** Marks of all sessions but one; the same object when it had none. */
export function withoutMarks(marks: ConsoleState["marks"], sessionId: string): ConsoleState["marks"] {
  if (!(sessionId in marks)) return marks;
  return Object.fromEntries(Object.entries(marks).filter(([id]) => id !== sessionId));
}
