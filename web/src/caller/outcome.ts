/** Small steps that the parts of the state machine share. */

import type { ProgressStep } from "../signalling/messages";
import type { CallerModel, Ending, Effect, Outcome } from "./model";

/** A model with nothing, or something, to be done about it. */
export function outcome(model: CallerModel, ...effects: Effect[]): Outcome {
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

/** Offer the picture anew. The server notes the step by itself: a report would only hold the offer up. */
export function publish(model: CallerModel): Outcome {
  const attempt = model.publishing.attempt + 1;
  const publishing = { ...model.publishing, attempt, isAwaitingAnswer: true };
  // Whatever was live before says nothing about this offer.
  return outcome({ ...model, stream: null, publishing }, { do: "publish", attempt });
}

/** Delay before the picture is offered again, in ms, after so many failures. */
export function publishDelay(failures: number): number {
  return Math.min(1_000 * 2 ** failures, 15_000);
}

/** Note a failed offer and try again later, while there is a camera to show. */
export function publishLater(model: CallerModel): Outcome {
  if (model.camera.state !== "on" || model.publishing.isCodecRefused) return outcome(model);
  const after_ms = publishDelay(model.publishing.failures);
  const failures = model.publishing.failures + 1;
  const publishing = { ...model.publishing, failures, isAwaitingAnswer: false };
  return outcome({ ...model, publishing }, { do: "publish_later", after_ms });
}

/** The end: everything that captures is off before anybody is told. */
export function end(model: CallerModel, ending: Ending, ...after: Effect[]): Outcome {
  const ended: CallerModel = {
    ...model,
    step: "ended",
    ending,
    isWatched: false,
    isRecorded: false,
    position: { ...model.position, state: "off" },
    camera: { ...model.camera, state: "off", isMuted: false },
    publishing: { ...model.publishing, state: "idle", isAwaitingAnswer: false },
  };
  return outcome(ended, { do: "stop_everything" }, ...after);
}

/** The next screen after consent: one permission at a time, location first. */
export function nextPermission(model: CallerModel): Outcome {
  const scopes = model.scopes ?? [];
  const isPositionOpen = model.position.state === "off" && model.position.fault === null;
  if (scopes.includes("location") && isPositionOpen) return outcome({ ...model, step: "location" });
  const isCameraOpen = model.camera.state === "off" && model.camera.fault === null;
  if (scopes.includes("video") && isCameraOpen) return outcome({ ...model, step: "camera" });
  return outcome({ ...model, step: "live" }, { do: "keep_awake" });
}
