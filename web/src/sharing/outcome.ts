/** Small steps that the parts of the state machine share. */

import type { ProgressStep, StreamView } from "../signalling/messages";
import type { SharingModel, Ending, Effect, Outcome } from "./model";

/** Ends of a stream that are nobody's wish. */
const LOST_BY_ACCIDENT: ReadonlySet<string> = new Set(["hangup", "never_live", "silent", "gateway_failed", "media_lost", "replaced"]);

/** A model with nothing, or something, to be done about it. */
export function outcome(model: SharingModel, ...effects: Effect[]): Outcome {
  return { model, effects };
}

/** Tell the control room how far the caller has come; only the newest step waits for a lost line. */
export function report(step: ProgressStep, reason?: string): Effect {
  const message = { type: "progress.report", step } as const;
  return {
    do: "send",
    message: reason === undefined ? message : { ...message, reason },
    waiting: "newest",
  };
}

/** Say on which rung the picture stands, if that is known; only the newest word of it waits for a lost line. */
export function sayRung({ rung }: SharingModel): Effect[] {
  return rung === null ? [] : [{ do: "send", message: { type: "rung.report", ...rung }, waiting: "newest" }];
}

/** Offer the picture anew. The server notes the step by itself: a report would only hold the offer up. */
export function publish(model: SharingModel): Outcome {
  const attempt = model.publishing.attempt + 1;
  const publishing = { ...model.publishing, attempt, isAwaitingAnswer: true, isPrepared: false };
  // Whatever was live before says nothing about this offer.
  return outcome({ ...model, stream: null, publishing }, { do: "publish", attempt });
}

/** Connect ahead of the camera, while the caller reads why it is asked for: consent to video stands. */
export function prepare(model: SharingModel): Outcome {
  const { state, attempt: last, isAwaitingAnswer } = model.publishing;
  const isUseful = model.scopes?.includes("video") === true && model.camera.state === "off" && model.line === "open";
  if (!isUseful || isAwaitingAnswer || (state !== "idle" && state !== "failed")) return outcome(model);
  const attempt = last + 1;
  const publishing = { ...model.publishing, attempt, isAwaitingAnswer: true, isPrepared: true };
  return outcome({ ...model, stream: null, publishing }, { do: "prepare", attempt });
}

/** A page that was loaded again connects ahead of the touch, or looks whether it needs one. */
export function readyToResume(model: SharingModel): Outcome {
  const isWaiting = model.camera.state === "off" && model.position.state === "off" && model.line === "open";
  return isWaiting && model.isPictureGoingOn ? outcome(model, { do: "look_for_permission" }) : prepare(model);
}

/** Whether a picture stood, or was on its way, and nobody ended it on purpose. */
export function isGoingOn(stream: StreamView | null): boolean {
  if (stream === null || stream.state === "prepared") return false;
  return stream.state !== "ended" || LOST_BY_ACCIDENT.has(stream.end_reason ?? "");
}

/** The camera is on: give its picture to the connection that was prepared, or make one. */
export function beginOrPublish(model: SharingModel): Outcome {
  const { state, isPrepared, isAwaitingAnswer } = model.publishing;
  const stands = isPrepared && state === "connected" && !isAwaitingAnswer;
  if (!stands || model.stream === null || model.stream.state === "ended") return publish(model);
  return outcome({ ...model, publishing: { ...model.publishing, isPrepared: false } }, { do: "begin" });
}

/** No camera after all, or no connection: what was prepared is given back, so that nobody waits for it. */
export function forgetPrepared(model: SharingModel): Outcome {
  if (!model.publishing.isPrepared) return outcome(model);
  const publishing = { ...model.publishing, isPrepared: false, isAwaitingAnswer: false };
  return outcome({ ...model, publishing }, { do: "close_camera" }, sendStreamStop);
}

/** Ends the video on the server; the position goes on. */
export const sendStreamStop = { do: "send", message: { type: "stream.stop" }, waiting: "keep" } as const;

/** Delay before the picture is offered again, in ms, after so many failures. */
export function publishDelay(failures: number): number {
  return Math.min(1_000 * 2 ** failures, 15_000);
}

/** Note a failed offer and try again later (or `isAtOnce`), while there is a camera to show. */
export function publishLater(model: SharingModel, isAtOnce = false): Outcome {
  if (model.camera.state !== "on" || model.publishing.isCodecRefused) {
    return outcome({ ...model, publishing: { ...model.publishing, isAwaitingAnswer: false } });
  }
  const after_ms = isAtOnce ? 0 : publishDelay(model.publishing.failures);
  const failures = model.publishing.failures + 1;
  const publishing = { ...model.publishing, failures, isAwaitingAnswer: false };
  return outcome({ ...model, publishing }, { do: "publish_later", after_ms });
}

/** The end: everything that captures is off before anybody is told. */
export function end(model: SharingModel, ending: Ending, ...after: Effect[]): Outcome {
  const ended: SharingModel = {
    ...model,
    step: "ended",
    ending,
    isWatched: false,
    isWatchedByRoom: false,
    isRecorded: false,
    position: { ...model.position, state: "off" },
    camera: { ...model.camera, state: "off", isMuted: false, reopens: 0 },
    publishing: { ...model.publishing, state: "idle", isAwaitingAnswer: false, isPrepared: false },
  };
  return outcome(ended, { do: "stop_everything" }, ...after);
}

/** The next screen after consent: one permission at a time, location first. */
export function nextPermission(model: SharingModel): Outcome {
  const scopes = model.scopes ?? [];
  const isPositionOpen = model.position.state === "off" && model.position.fault === null;
  if (scopes.includes("location") && isPositionOpen) return outcome({ ...model, step: "location" });
  const isCameraOpen = model.camera.state === "off" && model.camera.fault === null;
  if (scopes.includes("video") && isCameraOpen) return prepare({ ...model, step: "camera" });
  return outcome({ ...model, step: "live" }, { do: "keep_awake" });
}
