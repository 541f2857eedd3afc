/** What the phone's camera does to the caller's page: it opens, fails, pauses, and is taken away and given back. */

import type { CameraFault, Facing } from "../media/camera";
import type { SharingModel, Outcome } from "./model";
import { beginOrPublish, outcome, publish, report, sendStreamStop } from "./outcome";

/** Longest delay between two tries to get the camera back, in ms: a call may last. */
const LONGEST_REOPEN_MS = 5_000;

/** Faults that pass: another app has the camera for now, a call mostly. */
const PASSING: ReadonlySet<CameraFault> = new Set(["ended", "in_use", "unknown"]);

/** Start the camera; the browser may ask. */
export function askCamera(model: SharingModel, facing: Facing = model.camera.facing): Outcome {
  const camera = { ...model.camera, state: "asking" as const, fault: null };
  return outcome({ ...model, camera }, { do: "open_camera", facing });
}

/** The camera gives pictures: show and send them. */
export function onCameraOpened(model: SharingModel, facing: Facing): Outcome {
  if (model.camera.state === "off") return outcome(model, { do: "close_camera" });
  const camera = { state: "on" as const, fault: null, facing, isMuted: false, reopens: 0 };
  const known: SharingModel = { ...model, camera, step: "live" };
  if (model.camera.reopens > 0) return cameBack(known);
  if (model.camera.state === "on") return outcome(known);
  const published = beginOrPublish({ ...known, publishing: { ...model.publishing, failures: 0, isCodecRefused: false } });
  return outcome(published.model, ...published.effects, { do: "keep_awake" });
}

/** The new picture takes the place of the old one where the connection stands; the app has given it to it. */
function cameBack(model: SharingModel): Outcome {
  const { state, isAwaitingAnswer } = model.publishing;
  const stands = state !== "failed" && state !== "idle" && model.stream !== null && model.stream.state !== "ended";
  const sent = stands || isAwaitingAnswer ? outcome(model) : publish(model);
  return outcome(sent.model, report("camera_unmuted"), ...sent.effects, { do: "keep_awake" });
}

/** No pictures, or no more. What a call took away is fetched back; the connection waits for it. */
export function onCameraFault(model: SharingModel, fault: CameraFault): Outcome {
  const { camera } = model;
  const wasTaken = camera.state === "on" && fault === "ended";
  if (wasTaken || (camera.reopens > 0 && PASSING.has(fault))) return reopenLater(model);
  const wasOn = camera.state === "on" || camera.reopens > 0;
  const off = { ...camera, state: "off" as const, fault, isMuted: false, reopens: 0 };
  const isExplained = !wasOn && (model.step === "camera" || model.step === "resume" || model.step === "live");
  const known: SharingModel = { ...model, camera: off, step: isExplained ? "camera_trouble" : model.step };
  const step = fault === "denied" || fault === "dismissed" ? "camera_denied" : "camera_failed";
  const stop = wasOn ? [{ do: "close_camera" } as const, sendStreamStop] : [];
  return outcome(known, ...stop, report(step, fault));
}

function reopenLater(model: SharingModel): Outcome {
  const reopens = model.camera.reopens + 1;
  const camera = { ...model.camera, state: "asking" as const, fault: null, isMuted: true, reopens };
  const told = reopens === 1 ? [report("camera_muted", "ended")] : [];
  const after_ms = Math.min(500 * reopens, LONGEST_REOPEN_MS);
  return outcome({ ...model, camera }, ...told, { do: "open_camera_later", after_ms });
}

/** The delay is over. A page that nobody sees gets no camera: its return to the front tries again. */
export function onReopenCamera(model: SharingModel): Outcome {
  const isWanted = model.camera.reopens > 0 && model.camera.state === "asking" && !model.isHidden;
  return isWanted ? outcome(model, { do: "open_camera", facing: model.camera.facing }) : outcome(model);
}

/** The phone pauses the camera, or goes on. Of a page in the background the control room knows why already. */
export function onCameraMuted(model: SharingModel, isMuted: boolean): Outcome {
  const known = { ...model, camera: { ...model.camera, isMuted } };
  if (model.camera.isMuted === isMuted || model.isHidden) return outcome(known);
  const told = report(isMuted ? "camera_muted" : "camera_unmuted");
  return isMuted ? outcome(known, told) : outcome(known, told, { do: "keep_awake" });
}
