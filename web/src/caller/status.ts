/** The one line that matters to the caller - can they see me? - derived from what is known, and never hoped for. */

import type { CallerModel } from "./model";

/** `seen` is said only when pictures arrive at the server and somebody there is watching. */
export type Status =
  | "seen" | "seenPlace" | "unwatched" | "connecting" | "stalled" | "paused" | "off" | "codec" | "offline" | "messages"
  | "locating";

/** Colour of the status: `good`, `waiting` or `bad`. */
export type Tone = "good" | "waiting" | "bad";

/** What is true now. */
export function statusOf(model: CallerModel): Status {
  if (model.line !== "open") return "offline";
  if (model.camera.state === "on") return videoStatus(model);
  if (model.camera.state === "asking") return model.camera.reopens > 0 ? "paused" : "connecting";
  return wantsVideo(model) && model.camera.fault === null ? "off" : placeStatus(model);
}

function videoStatus(model: CallerModel): Status {
  if (model.publishing.isCodecRefused) return "codec";
  if (model.camera.isMuted || model.isHidden) return "paused";
  const state = model.stream?.state;
  if (state === "live") return model.isWatched ? "seen" : "unwatched";
  return state === "stalled" || (state === "ended" && model.publishing.failures > 0) ? "stalled" : "connecting";
}

function placeStatus(model: CallerModel): Status {
  if (model.position.state === "off") return "messages";
  return model.position.last === null ? "locating" : "seenPlace";
}

/** Whether the consent that stands covers the camera. */
export function wantsVideo(model: CallerModel): boolean {
  return model.scopes?.includes("video") === true;
}

/** How the status is shown. */
export function toneOf(status: Status): Tone {
  if (status === "seen" || status === "seenPlace") return "good";
  return status === "connecting" || status === "unwatched" || status === "locating" || status === "messages"
    ? "waiting"
    : "bad";
}
