/** Finds what an operator should notice in the difference between two states of a session. Pure. */

import type { SessionSummary } from "../signalling/messages";
import type { ConsoleState, SignalKind } from "./state";
import { millis } from "./times";

/** Something that happened to one session. */
export interface Signal {
  sessionId: string;
  kind: SignalKind;
}

/** What happened to one session between two sights of it. A session that was not known before has no past to compare. */
export function sessionSignals(before: SessionSummary | undefined, after: SessionSummary): SignalKind[] {
  if (before === undefined) return [];
  const kinds: SignalKind[] = [];
  if (before.opened_at === null && after.opened_at !== null) kinds.push("opened");
  if (before.live_at === null && after.live_at !== null) kinds.push("first_frame");
  if (before.state !== "ended" && after.state === "ended" && after.ended_by_kind === "caller") kinds.push("caller_stopped");
  if (before.stream?.state === "live" && isLost(after)) kinds.push("lost");
  if (before.recording.state !== "alarm" && after.recording.state === "alarm") kinds.push("alarm");
  return kinds;
}

/** Ends of a stream that nobody wanted. */
const LOSSES: readonly string[] = ["silent", "hangup", "media_lost", "gateway_failed"];

/** The picture of a session that goes on is gone, and nobody took it away. */
function isLost({ state, stream }: SessionSummary): boolean {
  if (state !== "live" || stream === null) return false;
  return stream.state === "stalled" || (stream.state === "ended" && LOSSES.includes(stream.end_reason ?? ""));
}

/** Live for this long without anybody who watches, in ms: somebody should look. */
const UNATTENDED_AFTER_MS = 20_000;

/** Live pictures that nobody watches, at `now` (ms of the server's clock). */
export function unattendedSessions(sessions: ConsoleState["sessions"], now: number): string[] {
  return Object.values(sessions).flatMap((one) => {
    const since = one.stream?.state === "live" && one.state === "live" ? millis(one.stream.live_at) : null;
    return since !== null && one.watchers.length === 0 && now - since > UNATTENDED_AFTER_MS ? [one.id] : [];
  });
}

/** What happened between two states of the screen: the marks that are new. */
export function newSignals(before: ConsoleState, after: ConsoleState): Signal[] {
  if (before.marks === after.marks) return [];
  return Object.entries(after.marks).flatMap(([sessionId, marks]) => {
    const known = before.marks[sessionId] ?? [];
    return marks.filter((mark) => !known.includes(mark)).map((mark) => ({ sessionId, kind: mark.kind }));
  });
}

/** The loudest of several signals: one sound at a time. */
export function loudest(signals: readonly Signal[]): SignalKind | null {
  const order: SignalKind[] = ["alarm", "lost", "unattended", "caller_stopped", "first_frame", "opened", "caller_message"];
  return order.find((kind) => signals.some((signal) => signal.kind === kind)) ?? null;
}
