/** Finds what an operator should notice in the difference between two states of a session. Pure. */

import type { SessionSummary } from "../signalling/messages";
import { isWithoutVideo } from "./rungs";
import type { ConsoleState, Me, SignalKind } from "./state";

/** Something that happened to one session. */
export interface Signal {
  sessionId: string;
  kind: SignalKind;
}

/** What happened to one session between two sights of it. A session that was not known before has no past to compare. */
export function sessionSignals(before: SessionSummary | undefined, after: SessionSummary, me: Me): SignalKind[] {
  if (before === undefined) return [];
  const kinds = workSignals(before, after, me);
  if (before.opened_at === null && after.opened_at !== null) kinds.push("opened");
  if (before.live_at === null && after.live_at !== null) kinds.push("first_frame");
  if (before.state !== "ended" && after.state === "ended" && after.ended_by_kind === "caller") kinds.push("caller_stopped");
  if (before.stream?.state === "live" && isLost(after)) kinds.push("lost");
  if (before.recording.state !== "alarm" && after.recording.state === "alarm") kinds.push("alarm");
  return kinds;
}

/** What concerns the work itself: offered to me, looked after by nobody, and, for who may reassign, called out. */
function workSignals(before: SessionSummary, after: SessionSummary, me: Me): SignalKind[] {
  const kinds: SignalKind[] = [];
  if (after.handover?.to_id === me.id && before.handover?.id !== after.handover.id) kinds.push("handed_over");
  if (before.attention === null && after.attention !== null) kinds.push("unattended");
  const isCalled = before.attention?.state !== "escalated" && after.attention?.state === "escalated";
  if (isCalled && me.permissions.includes("session.reassign")) kinds.push("escalated");
  return kinds;
}

/** Ends of a stream that nobody wanted. */
const LOSSES: readonly string[] = ["silent", "hangup", "media_lost", "gateway_failed"];

/** The picture of a session that goes on is gone, and nobody took it away; stills in its place are no loss. */
function isLost(session: SessionSummary): boolean {
  const { state, stream } = session;
  if (state !== "live" || stream === null || isWithoutVideo(session)) return false;
  return stream.state === "stalled" || (stream.state === "ended" && LOSSES.includes(stream.end_reason ?? ""));
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
  const order: SignalKind[] = [
    "alarm", "escalated", "lost", "handed_over", "unattended", "caller_stopped", "first_frame", "opened", "officer_message", "caller_message",
  ];
  return order.find((kind) => signals.some((signal) => signal.kind === kind)) ?? null;
}
