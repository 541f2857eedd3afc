/** What the officer reads about being seen: never more than is so, and what to do when it is not. */

import type { PositionFault } from "../media/position";
import type { DutyFix } from "../signalling/messages";

/** What is known of the shift's positions. Times in ms of this phone's clock. */
export interface DutyFacts {
  isOnLine: boolean;
  fault: PositionFault | null;
  /** The newest fix of this phone. */
  seen: DutyFix | null;
  /** The newest that the server has kept. */
  kept: DutyFix | null;
  /** The server has kept the newest, and does not believe it. */
  isDoubtful: boolean;
  /** How many are not kept yet. */
  waiting: number;
  oldest: DutyFix | null;
  now: number;
}

/** `seen`: the control room knows the place. `unsure`: it knows an old one, or none yet. `unseen`: it will not, unless something is done. */
export interface DutyWords {
  tone: "seen" | "unsure" | "unseen";
  headline: string;
  /** Age and accuracy of the last sent fix; they change all the time. */
  sent: string;
  /** What is not sent. */
  waiting: string;
  /** What to do. */
  advice: string;
  canRetry: boolean;
}

/** A position that is older than this is not where the officer is, in ms. At rest the next is sent after 15 s. */
export const TOO_OLD_MS = 45_000;

const FAULTS: Readonly<Record<PositionFault, { why: string; advice: string }>> = {
  denied: { why: "this page may not use the position", advice: "Allow the position for this site in the browser’s settings, then try again. Until then say where you are by radio." },
  unavailable: { why: "the phone finds no position", advice: "Turn location on in the phone’s settings, and go outside or to a window." },
  timeout: { why: "the phone has no signal for its position", advice: "Go outside or to a window. It goes on by itself." },
  insecure: { why: "the address is not secure", advice: "Open this page by its https address." },
  unsupported: { why: "this browser gives no position", advice: "Use the phone’s own browser." },
};

/** The words for these facts. */
export function dutyWords(facts: DutyFacts): DutyWords {
  const { kept, now, fault } = facts;
  const words = { sent: sentLine(kept, now), waiting: waitingLine(facts), canRetry: fault !== null, advice: "" };
  const isFresh = kept !== null && now - kept.fixed_at <= TOO_OLD_MS;
  if (facts.isDoubtful && facts.isOnLine && fault === null) {
    return { ...words, tone: "unsure", headline: "On duty, but your position is doubtful", advice: "What the phone says cannot be. Check that location and time are set by themselves, go outside, and say where you are by radio.", canRetry: true };
  }
  if (isFresh && facts.isOnLine && !facts.isDoubtful) return { ...words, tone: "seen", headline: "On duty: the control room sees where you are", canRetry: false };
  if (fault !== null) {
    return { ...words, tone: "unseen", headline: `On duty, but the control room does not see where you are: ${FAULTS[fault].why}`, advice: FAULTS[fault].advice };
  }
  if (!facts.isOnLine) {
    return { ...words, tone: "unsure", headline: "On duty, not connected: the control room does not see where you are now", advice: "Positions are sent by themselves when there is network. Until then say where you are by radio." };
  }
  if (facts.seen === null) return { ...words, tone: "unsure", headline: "On duty: looking for your position", advice: "Allow the position when the phone asks." };
  if (now - facts.seen.fixed_at > TOO_OLD_MS) {
    return { ...words, tone: "unsure", headline: "On duty, but your last position is too old", advice: "Keep this page on the screen: the phone gives no position while it is locked or another app is open.", canRetry: true };
  }
  return { ...words, tone: "unsure", headline: "On duty: your position is being sent" };
}

function sentLine(kept: DutyFix | null, now: number): string {
  if (kept === null) return "No position sent yet";
  return `Last sent: ${age(now - kept.fixed_at)}, ±${Math.max(1, Math.round(kept.accuracy_m))} m`;
}

/** One that is on its way is no news; more, or an old one, are. */
function waitingLine({ waiting, oldest, now }: DutyFacts): string {
  if (oldest === null || (waiting < 2 && now - oldest.fixed_at < TOO_OLD_MS)) return "";
  return waiting === 1 ? `Not sent yet: 1 position, ${age(now - oldest.fixed_at)}` : `Not sent yet: ${waiting} positions, oldest ${age(now - oldest.fixed_at)}`;
}

/** "now", "8 s ago", "3 min ago". */
export function age(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 2) return "now";
  return seconds < 60 ? `${seconds} s ago` : `${Math.floor(seconds / 60)} min ago`;
}
