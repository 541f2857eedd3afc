/** What the phone itself (position, camera, connection, visibility) does to the caller's page. */

import type { CameraFault, Facing } from "../media/camera";
import type { PositionFault } from "../media/position";
import type { PublisherState } from "../media/publisher";
import type { PositionReport } from "../signalling/messages";
import type { CallerModel, Outcome } from "./model";
import { beginOrPublish, forgetPrepared, nextPermission, outcome, publish, publishLater, report, sendStreamStop } from "./outcome";

/** Shortest time between two fixes that are sent, in ms. */
const FIX_INTERVAL_MS = 1_000;

/** Name of every fix, echoed by its error. */
export const FIX_REF = "fix";

/** Start watching the position; the browser may ask. */
export function askLocation(model: CallerModel): Outcome {
  const position = { ...model.position, state: "asking" as const, fault: null };
  return outcome({ ...model, position }, report("location_asked"), { do: "watch_position" });
}

/** The browser's question was answered with yes; the first fix may still take a while. */
export function onLocationAllowed(model: CallerModel): Outcome {
  if (model.position.state !== "asking") return outcome(model);
  const allowed = { ...model, position: { ...model.position, state: "on" as const, fault: null } };
  return withReport(afterLocation(allowed), "location_granted");
}

/** A fix: on its way at once, and the newest waits for a lost line. */
export function onFix(model: CallerModel, fix: PositionReport): Outcome {
  if (model.position.state === "off") return outcome(model);
  const first = model.position.state === "asking" ? onLocationAllowed(model) : outcome(model);
  const last = first.model.position.last;
  if (last !== null && fix.fixed_at - last.fixed_at < FIX_INTERVAL_MS) return first;
  const position = { ...first.model.position, last: fix, fault: null };
  const message = { type: "position.fix", ...fix, ref: FIX_REF } as const;
  return outcome({ ...first.model, position }, ...first.effects, { do: "send", message, waiting: "newest" });
}

/** No position. Passing trouble does not hold the caller up; a refusal is explained. */
export function onPositionFault(model: CallerModel, fault: PositionFault): Outcome {
  if (model.position.state === "off") return outcome(model);
  const isPassing = fault === "timeout" || fault === "unavailable";
  const wasAsking = model.position.state === "asking";
  const position = { ...model.position, fault, state: isPassing ? ("on" as const) : ("off" as const) };
  const known = { ...model, position };
  if (isPassing) return wasAsking ? afterLocation(known) : outcome(known);
  const step = model.step === "location" ? "location_trouble" : model.step;
  const next = model.step === "resume" ? afterLocation(known) : outcome({ ...known, step });
  return withReport(next, "location_denied", fault);
}

function afterLocation(model: CallerModel): Outcome {
  if (model.step === "location") return nextPermission(model);
  // After a reload the camera follows by itself: the caller has asked for both with one touch.
  return model.step === "resume" ? askCamera(model) : outcome(model);
}

/** Start the camera; the browser may ask. */
export function askCamera(model: CallerModel, facing: Facing = model.camera.facing): Outcome {
  const camera = { ...model.camera, state: "asking" as const, fault: null };
  return outcome({ ...model, camera }, { do: "open_camera", facing });
}

/** The camera gives pictures: show and send them. */
export function onCameraOpened(model: CallerModel, facing: Facing): Outcome {
  if (model.camera.state === "off") return outcome(model, { do: "close_camera" });
  const camera = { state: "on" as const, fault: null, facing, isMuted: false };
  const known: CallerModel = { ...model, camera, step: "live" };
  if (model.camera.state === "on") return outcome(known);
  const published = beginOrPublish({ ...known, publishing: { ...model.publishing, failures: 0, isCodecRefused: false } });
  return outcome(published.model, ...published.effects, { do: "keep_awake" });
}

/** No pictures, or no more. */
export function onCameraFault(model: CallerModel, fault: CameraFault): Outcome {
  const wasOn = model.camera.state === "on";
  const camera = { ...model.camera, state: "off" as const, fault, isMuted: false };
  const isExplained = !wasOn && (model.step === "camera" || model.step === "resume" || model.step === "live");
  const known: CallerModel = { ...model, camera, step: isExplained ? "camera_trouble" : model.step };
  const step = fault === "denied" || fault === "dismissed" ? "camera_denied" : "camera_failed";
  const stop = wasOn ? [{ do: "close_camera" } as const, sendStreamStop] : [];
  return outcome(known, ...stop, report(step, fault));
}

/** The phone gives no pictures for now (a call came in, another app has the camera), or gives them again. */
export function onCameraMuted(model: CallerModel, isMuted: boolean): Outcome {
  const known = { ...model, camera: { ...model.camera, isMuted } };
  if (model.camera.state !== "on" || model.camera.isMuted === isMuted) return outcome(known);
  return outcome(known, report(isMuted ? "camera_muted" : "camera_unmuted"));
}

/** The connection for the picture changed. */
export function onPublisher(model: CallerModel, state: PublisherState): Outcome {
  const known = { ...model, publishing: { ...model.publishing, state } };
  if (state !== "failed") return outcome(known);
  return known.publishing.isPrepared ? forgetPrepared(known) : publishLater(known);
}

/** The delay after a failure is over. While the line is down, its return decides (see reconcile). */
export function onPublishAgain(model: CallerModel): Outcome {
  const isUseful = model.camera.state === "on" && model.line === "open" && !model.publishing.isAwaitingAnswer;
  return isUseful ? publish(model) : outcome(model);
}

/** The page went to the background, or came back. */
export function onHidden(model: CallerModel, isHidden: boolean): Outcome {
  const known = { ...model, isHidden };
  const effects: Outcome["effects"] = [report(isHidden ? "page_hidden" : "page_visible")];
  if (!isHidden && model.step === "live") effects.push({ do: "keep_awake" });
  return outcome(known, ...effects);
}

function withReport(
  { model, effects }: Outcome,
  ...step: Parameters<typeof report>
): Outcome {
  return outcome(model, report(...step), ...effects);
}
