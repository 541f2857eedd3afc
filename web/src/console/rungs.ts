/** The ladder in words for an operator: what gets through of a phone's picture, and why not more. Pure. */

import type { Rung, RungReason, SessionSummary } from "../signalling/messages";
import { clock } from "./times";

const WORDS: Record<Rung, string> = {
  video: "Full picture",
  video_low: "Small picture",
  stills: "Stills",
  position: "Position only",
  text: "Messages only",
};

const REASONS: Record<RungReason, string> = {
  good: "",
  slow_uplink: "the phone’s connection is slow",
  very_slow_uplink: "the phone’s connection is too slow for video",
  no_media_path: "the phone does not reach the video service",
  stills_fail: "the connection is too slow even for stills",
  camera_lost: "the phone has taken the camera away",
  camera_off: "the camera was turned off on the phone",
  no_position: "neither pictures nor a position get through",
};

/** What the ladder's words need of a session, or of what another force shares. */
type Laddered = Pick<SessionSummary, "rung" | "state" | "stream">;

/** How a stream ends on purpose; the server forgets what stood for it. */
const ON_PURPOSE: readonly (string | null)[] = ["stopped", "consent_withdrawn", "session_over"];

/** Whether nobody may see the caller any more, nor what stood for the video: it was stopped, or there is no leave for it. */
export function isStopped({ state, stream }: Pick<Laddered, "state" | "stream">): boolean {
  if (state !== "consented" && state !== "live") return true;
  return stream?.state === "ended" && ON_PURPOSE.includes(stream.end_reason);
}

/** Whether a session is on its way down the ladder: its line carries less than the full picture. */
export function isDegraded(session: Laddered): boolean {
  const { rung } = session;
  return rung !== null && rung.rung !== "video" && !isByChoice(rung.reason) && !isStopped(session);
}

/** Whether the rung is a word of before the video was stopped, and says nothing of what is sent now. */
export function isOutdated(session: Laddered): boolean {
  return isStopped(session) && session.rung !== null && !isByChoice(session.rung.reason);
}

/** Whether stills, or less, stand for the video because of the line. */
export function isWithoutVideo(session: Laddered): boolean {
  return isDegraded(session) && session.rung?.rung !== "video_low";
}

/** The rung in a word or two. */
export function rungWord(rung: Rung): string {
  return WORDS[rung];
}

/** The rung with since when and why: "Stills since 12:03:22: the phone’s connection is too slow for video". */
export function rungPhrase({ rung, reason, at }: NonNullable<SessionSummary["rung"]>): string {
  const why = REASONS[reason];
  return `${WORDS[rung]} since ${clock(at)}${why === "" ? "" : `: ${why}`}`;
}

/** A camera that is off is no matter of the line. */
function isByChoice(reason: RungReason): boolean {
  return reason === "camera_off" || reason === "camera_lost";
}
