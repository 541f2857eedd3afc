import type { CallerClientMessage } from "../signalling/messages";

/** A phone's clock that is off by more than this is corrected before a fix is sent, in ms. */
const TOLERANCE_MS = 2_000;

/** A moment of this phone's clock on the server's, which is `offset_ms` ahead; both in ms. */
export function serverTime(moment: number, offset_ms: number): number {
  return Math.abs(offset_ms) < TOLERANCE_MS ? moment : moment + offset_ms;
}

/** Put a fix on the server's clock, which is `offset_ms` ahead: one of a phone that is minutes wrong would be refused. */
export function onServerClock(message: CallerClientMessage, offset_ms: number): CallerClientMessage {
  if (message.type !== "position.fix" || Math.abs(offset_ms) < TOLERANCE_MS) return message;
  return { ...message, fixed_at: serverTime(message.fixed_at, offset_ms) };
}
