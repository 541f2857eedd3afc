/** The one line that matters to the caller - can they see me? - derived from what is known, and never hoped for. */

import type { Rung } from "../signalling/messages";
import type { SharingModel } from "./model";

/**
 * `seen` is said only when pictures arrive at the server and somebody of the control room is watching; `seenOutside` where
 * only others do, to whom it is shown.
 */
export type Status =
  | "seen" | "seenOutside" | "seenPlace" | "unwatched" | "connecting" | "stalled" | "paused" | "off" | "codec" | "offline" | "messages"
  | "locating" | "small" | "stills" | "placeOnly" | "textOnly";

/** Colour of the status: `good`, `waiting` or `bad`. */
export type Tone = "good" | "waiting" | "bad";

/** What is true now. */
export function statusOf(model: SharingModel): Status {
  if (model.line !== "open") return "offline";
  if (model.camera.state === "on") return videoStatus(model);
  if (model.camera.state === "asking") return model.camera.reopens > 0 ? "paused" : "connecting";
  return wantsVideo(model) && model.camera.fault === null ? "off" : placeStatus(model);
}

const INSTEAD_OF_VIDEO: Partial<Record<Rung, Status>> = { stills: "stills", position: "placeOnly", text: "textOnly" };

function videoStatus(model: SharingModel): Status {
  if (model.publishing.isCodecRefused) return "codec";
  if (model.camera.isMuted || model.isHidden) return "paused";
  const state = model.stream?.state;
  const rung = rungOf(model);
  const instead = INSTEAD_OF_VIDEO[rung];
  if (instead !== undefined) return instead;
  if (state === "live" && model.isWatched) return rung === "video_low" ? "small" : model.isWatchedByRoom ? "seen" : "seenOutside";
  if (state === "live") return "unwatched";
  return isStalled(model) ? "stalled" : "connecting";
}

/** What the line carries; a camera that was off until now says nothing of it. */
function rungOf({ rung }: SharingModel): Rung {
  return rung === null || rung.reason === "camera_off" || rung.reason === "camera_lost" ? "video" : rung.rung;
}

function isStalled({ stream, publishing }: SharingModel): boolean {
  return stream?.state === "stalled" || (stream?.state === "ended" && publishing.failures > 0);
}

function placeStatus(model: SharingModel): Status {
  if (model.position.state === "off") return "messages";
  return model.position.last === null ? "locating" : "seenPlace";
}

/** Whether the consent that stands covers the camera. */
export function wantsVideo(model: SharingModel): boolean {
  return model.scopes?.includes("video") === true;
}

const GOOD: ReadonlySet<Status> = new Set(["seen", "seenOutside", "seenPlace", "small"]);
const WAITING: ReadonlySet<Status> = new Set(["connecting", "unwatched", "locating", "messages", "stills"]);

/** How the status is shown. */
export function toneOf(status: Status): Tone {
  if (GOOD.has(status)) return "good";
  return WAITING.has(status) ? "waiting" : "bad";
}
