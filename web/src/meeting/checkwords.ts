/** What a line check found, in sentences: what is wrong, what to do about it, and always the telephone. */

import type { CameraFault } from "../media/camera";
import type { CheckResults, LegName } from "../signalling/meetingmessages";
import { LEGS } from "../signalling/meetingshapes";
import type { LobbyTexts } from "./texts/en/lobby";

/** Everything that can be wrong, or worth a word. */
export type CheckCode =
  | CameraFault
  | "no_frames" | "silent" | "no_microphone" | "no_tone"
  | "udp_blocked" | "tcp_blocked" | "no_path" | "slow" | "lossy"
  | "stopped" | "not_checked";

/** A way that carries less than this is slow, in kbit/s; above this part lost it is bad, in percent. */
const SLOW_KBIT_S = 250;
const LOSSY_PCT = 5;

/** Results before anything was checked. */
export function unchecked(browser: string): CheckResults {
  return {
    camera: "unsaid", microphone: "unsaid", speaker: "unsaid", udp: "unsaid", tcp: "unsaid", tls: "unsaid",
    rtt_ms: null, up_kbit_s: null, loss_pct: null, browser, codes: [],
  };
}

/** What the ways through the network come to, in at most two codes. */
export function pathCodes({ udp, tcp, tls, up_kbit_s, loss_pct }: CheckResults): CheckCode[] {
  if (udp === "unsaid" && tcp === "unsaid" && tls === "unsaid") return [];
  const works = [udp, tcp, tls].map((leg) => leg === "ok");
  if (!works.includes(true)) return ["no_path"];
  const codes: CheckCode[] = [];
  if (udp === "failed") codes.push(works[1] === true ? "udp_blocked" : "tcp_blocked");
  if (loss_pct !== null && loss_pct > LOSSY_PCT) codes.push("lossy");
  else if (up_kbit_s !== null && up_kbit_s < SLOW_KBIT_S) codes.push("slow");
  return codes;
}

/** Whether something stands in the way of joining at all. */
export function isBlocked(results: CheckResults): boolean {
  return results.codes.includes("no_path");
}

/** The sentences, each of a failure with the telephone where there is one. */
export function sentences(results: CheckResults, texts: LobbyTexts, callNumber: string | null): string[] {
  const known: Record<string, string> = texts.codes;
  const phone = callNumber === null || callNumber === "" ? "" : ` ${texts.call(callNumber)}`;
  const sentence = (code: string): string => (Object.keys(known).includes(code) ? known[code] : null) ?? texts.codes.unknown;
  return results.codes.map((code) => sentence(code) + (code === "stopped" ? "" : phone));
}

/** Legs with a word each, in the order in which they are checked; what the person need not know of is left out. */
export function marks(results: CheckResults, texts: LobbyTexts): { leg: LegName; label: string; mark: string; words: string }[] {
  const { legs, marks: words } = texts.check;
  // A way that is not there is nothing that somebody could mend; only the officer reads of it.
  return LEGS.filter((leg) => results[leg] !== "absent").map((leg) => ({ leg, label: legs[leg], mark: results[leg], words: words[results[leg]] }));
}
