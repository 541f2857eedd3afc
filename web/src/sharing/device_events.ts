/** What the phone itself (position, connection, visibility) does to the caller's page; its camera has a part of its own. */

import { isPassing, type PositionFault } from "../media/position";
import type { PublisherState } from "../media/publisher";
import type { PositionReport } from "../signalling/messages";
import { askCamera } from "./camera_events";
import type { SharingModel, Outcome } from "./model";
import { forgetPrepared, nextPermission, outcome, publish, publishLater, report } from "./outcome";

/** Shortest time between two fixes that are sent, in ms. */
const FIX_INTERVAL_MS = 1_000;

/** Name of every fix, echoed by its error. */
export const FIX_REF = "fix";

/** Start watching the position; the browser may ask. */
export function askLocation(model: SharingModel): Outcome {
  const position = { ...model.position, state: "asking" as const, fault: null };
  return outcome({ ...model, position }, report("location_asked"), { do: "watch_position" });
}

/** The browser's question was answered with yes; the first fix may still take a while. */
export function onLocationAllowed(model: SharingModel): Outcome {
  if (model.position.state !== "asking") return outcome(model);
  const allowed = { ...model, position: { ...model.position, state: "on" as const, fault: null } };
  return withReport(afterLocation(allowed), "location_granted");
}

/** A fix: on its way at once, and the newest waits for a lost line. */
export function onFix(model: SharingModel, fix: PositionReport): Outcome {
  if (model.position.state === "off") return outcome(model);
  const first = model.position.state === "asking" ? onLocationAllowed(model) : outcome(model);
  const { last, fault } = first.model.position;
  if (last !== null && fix.fixed_at - last.fixed_at < FIX_INTERVAL_MS) {
    // Too soon to be sent again, and proof all the same that the phone knows where it is.
    return fault === null ? first : { ...first, model: { ...first.model, position: { ...first.model.position, fault: null } } };
  }
  const position = { ...first.model.position, last: fix, fault: null };
  const message = { type: "position.fix", ...fix, ref: FIX_REF } as const;
  return outcome({ ...first.model, position }, ...first.effects, { do: "send", message, waiting: "newest" });
}

/** No position. Passing trouble does not hold the caller up; a refusal is explained. */
export function onPositionFault(model: SharingModel, fault: PositionFault): Outcome {
  if (model.position.state === "off") return outcome(model);
  const mayPass = isPassing(fault);
  const wasAsking = model.position.state === "asking";
  const position = { ...model.position, fault, state: mayPass ? ("on" as const) : ("off" as const) };
  const known = { ...model, position };
  if (mayPass) return wasAsking ? afterLocation(known) : outcome(known);
  const step = model.step === "location" ? "location_trouble" : model.step;
  const next = model.step === "resume" ? afterLocation(known) : outcome({ ...known, step });
  return withReport(next, "location_denied", fault);
}

function afterLocation(model: SharingModel): Outcome {
  if (model.step === "location") return nextPermission(model);
  // After a reload the camera follows by itself: the caller has asked for both with one touch.
  return model.step === "resume" ? askCamera(model) : outcome(model);
}

/** The connection for the picture changed. */
export function onPublisher(model: SharingModel, state: PublisherState): Outcome {
  const known = { ...model, publishing: { ...model.publishing, state } };
  if (state !== "failed") return outcome(known);
  if (known.publishing.isPrepared) return forgetPrepared(known);
  const { state: before, failures } = model.publishing;
  // A picture that stood until now is most likely to stand again at once.
  return publishLater(known, failures === 0 && (before === "connected" || before === "interrupted"));
}

/** The delay after a failure is over. While the line is down, its return decides (see reconcile). */
export function onPublishAgain(model: SharingModel): Outcome {
  const isUseful = model.camera.state === "on" && model.line === "open" && !model.publishing.isAwaitingAnswer;
  return isUseful ? publish(model) : outcome(model);
}

/** The page went to the background, or came back. */
export function onHidden(model: SharingModel, isHidden: boolean): Outcome {
  const known = { ...model, isHidden };
  if (isHidden) return outcome(known, report("page_hidden"));
  const effects: Outcome["effects"] = [report("page_visible"), ...toldOnReturn(known)];
  if (model.step === "live") effects.push({ do: "keep_awake" });
  if (model.step === "resume" && model.isPictureGoingOn) effects.push({ do: "look_for_permission" });
  if (model.camera.reopens > 0) effects.push({ do: "open_camera", facing: model.camera.facing });
  return outcome(known, ...effects);
}

/** What the control room must hear again, for a newer step has taken its place there. */
export function toldOnReturn(model: SharingModel): Outcome["effects"] {
  if (model.isHidden) return [report("page_hidden")];
  return model.camera.isMuted ? [report("camera_muted")] : [];
}

function withReport(
  { model, effects }: Outcome,
  ...step: Parameters<typeof report>
): Outcome {
  return outcome(model, report(...step), ...effects);
}
