/** The page of whoever shares as one pure function: what is known and what happened give what is known next and what to do. */

import type { Rung, RungReason, Scope } from "../signalling/messages";
import type { SocketState } from "../signalling/socket";
import {
  askLocation, onFix, onHidden, onLocationAllowed, onPositionFault, onPublishAgain, onPublisher,
} from "./device_events";
import { askCamera, onCameraFault, onCameraMuted, onCameraOpened, onReopenCamera } from "./camera_events";
import type { SharingEvent, SharingModel, Outcome, Tap } from "./model";
import { end, forgetPrepared, nextPermission, outcome, prepare, report, sayRung, sendStreamStop } from "./outcome";
import { onServer } from "./server_events";

/** Take one event. After the end only the server's word and the line still count. */
export function reduce(model: SharingModel, event: SharingEvent): Outcome {
  if (event.type === "server") return onServer(model, event.message, event.hasStopped);
  if (event.type === "line") return onLine(model, event.state, event.code);
  if (model.step === "ended") return afterEnd(model, event);
  switch (event.type) {
    case "tap":
      return onTap(model, event.tap);
    case "choose":
      return outcome({ ...model, choices: choose(model.choices, event.scope, event.on), problem: null });
    case "say":
      return onSay(model, event);
    case "left":
      return left(model);
    case "location_allowed":
      return onLocationAllowed(model);
    case "fix":
      return onFix(model, event.fix);
    case "position_fault":
      return onPositionFault(model, event.fault);
    case "camera_permission":
      return onCameraPermission(model, event.isGranted);
    case "camera_waited":
      return model.camera.state === "asking" ? outcome(model, report("camera_asked")) : outcome(model);
    case "camera_opened":
      return onCameraOpened(model, event.facing);
    case "camera_fault":
      return onCameraFault(model, event.fault);
    case "camera_muted":
      return onCameraMuted(model, event.isMuted);
    case "reopen_camera":
      return onReopenCamera(model);
    case "publisher":
      return onPublisher(model, event.state);
    case "codec_refused":
      return outcome({ ...model, publishing: { ...model.publishing, isCodecRefused: true } });
    case "publish_again":
      return onPublishAgain(model);
    case "rung":
      return onRung(model, event.rung, event.reason);
    case "still":
      return outcome({ ...model, still: event.state });
    case "files":
      return model.scopes?.includes("upload") === true ? outcome(model, { do: "upload", files: event.files }) : outcome(model);
    case "uploads":
      return outcome({ ...model, uploads: event.lines });
    case "hidden":
      return onHidden(model, event.isHidden);
  }
}

/** A camera that was still starting when STOP was pressed goes off again at once. */
function afterEnd(model: SharingModel, event: SharingEvent): Outcome {
  return event.type === "camera_opened" ? outcome(model, { do: "close_camera" }) : outcome(model);
}

/** A line that is gone knows nothing: nobody can be said to watch. */
function onLine(model: SharingModel, state: SocketState, code: number | null): Outcome {
  const known = { ...model, line: state, isWatched: state === "open" && model.isWatched };
  if (state !== "refused") return outcome(known);
  if (model.ending !== null) return outcome({ ...known, ending: { ...model.ending, isTold: true } });
  const ended = end(known, { by: "unknown", isTold: true });
  return outcome({ ...ended.model, step: "refused", refusalCode: code, ending: null }, ...ended.effects);
}

/** Both ends are told on which rung the picture stands. */
function onRung(model: SharingModel, rung: Rung, reason: RungReason): Outcome {
  const known = { ...model, rung: { rung, reason } };
  return outcome(known, ...sayRung(known));
}

function onTap(model: SharingModel, tap: Tap): Outcome {
  switch (tap) {
    case "continue":
    case "reconsider":
      return outcome({ ...model, step: "agree", problem: null }, report("consent_shown"));
    case "decline":
      return outcome({ ...model, step: "declined", choices: [] });
    case "agree":
      return agree(model);
    case "ask_location":
      return askLocation({ ...model, step: "location" });
    case "skip_location":
      return nextPermission({ ...model, position: { ...model.position, fault: model.position.fault ?? "denied" } });
    case "ask_camera":
    case "camera_on":
      return askCamera(model);
    case "skip_camera":
      return skipCamera(model);
    case "send_files":
      return sendFiles(model);
    case "resume":
      return resume(model);
    case "go_live":
      return goLive(model);
    case "locate":
      return askLocation(model);
    case "camera_off":
      return cameraOff(model);
    case "switch_camera":
      return outcome(model, { do: "open_camera", facing: model.camera.facing === "user" ? "environment" : "user" });
    case "stop":
      return stop(model);
  }
}

/** Location first, where it is agreed to; the camera follows by itself. */
function resume(model: SharingModel): Outcome {
  return model.scopes?.includes("location") === true && model.position.state === "off" ? askLocation(model) : askCamera(model);
}

/** An officer's picture and position at once, by order: neither has a screen of its own. */
function goLive(model: SharingModel): Outcome {
  const asked = askCamera({ ...model, step: "live" });
  if (asked.model.position.state !== "off") return asked;
  const located = askLocation(asked.model);
  return outcome(located.model, ...asked.effects, ...located.effects);
}

/** The picture was going on when the page was loaded again: with the browser's leave no touch is needed. */
function onCameraPermission(model: SharingModel, isGranted: boolean): Outcome {
  const isWaiting = model.step === "resume" && model.camera.state === "off" && model.position.state === "off";
  if (!isWaiting || model.isHidden) return outcome(model);
  const known = { ...model, isPictureGoingOn: false };
  return isGranted ? resume(known) : prepare(known);
}

/** Recording is of the video: without video there is nothing to record. */
function choose(choices: Scope[], scope: Scope, on: boolean): Scope[] {
  const others = choices.filter((choice) => choice !== scope);
  if (on) return [...others, scope];
  return scope === "video" ? others.filter((choice) => choice !== "recording") : others;
}

function agree(model: SharingModel): Outcome {
  if (model.wording === null || model.isGiving) return outcome(model);
  if (model.choices.length === 0) return outcome({ ...model, problem: "nothing_chosen" });
  const { version, language } = model.wording;
  const message = {
    type: "consent.give", scopes: model.choices, wording_version: version, language, ref: "consent",
  } as const;
  return outcome({ ...model, isGiving: true, problem: null }, { do: "send", message, waiting: "keep" });
}

function skipCamera(model: SharingModel): Outcome {
  const known = forgetPrepared({ ...model, step: "live" });
  return outcome(known.model, ...known.effects, { do: "keep_awake" });
}

/** No camera, but files: the consent that stands and one scope more. */
function sendFiles(model: SharingModel): Outcome {
  const skipped = skipCamera(model);
  const asked = agree({ ...skipped.model, choices: [...new Set([...(model.scopes ?? []), "upload" as const])] });
  return outcome(asked.model, ...skipped.effects, ...asked.effects);
}

function cameraOff(model: SharingModel): Outcome {
  const camera = { ...model.camera, state: "off" as const, fault: null, isMuted: false, reopens: 0 };
  const publishing = { ...model.publishing, state: "idle" as const, isAwaitingAnswer: false, isPrepared: false };
  return outcome({ ...model, camera, publishing }, { do: "close_camera" }, sendStreamStop);
}

/** STOP: the phone first, then the memory of it, then the server - now, or as soon as there is a line. */
function stop(model: SharingModel): Outcome {
  return end(
    model,
    { by: "caller", isTold: false },
    { do: "remember_stop" },
    { do: "send", message: { type: "session.stop" }, waiting: "keep" },
  );
}

/** "Exit this page": what captures is off, the control room knows that it was on purpose, and the session goes on. */
function left(model: SharingModel): Outcome {
  return end(model, { by: "caller", isTold: true }, report("page_left"), { do: "tell_left" }, { do: "close_line" });
}

function onSay(model: SharingModel, { text, phrase, clientId, at }: Extract<SharingEvent, { type: "say" }>): Outcome {
  const trimmed = text.trim().slice(0, 1_000);
  if (trimmed === "" || model.session === null) return outcome(model);
  const { id, language } = model.session;
  const line = {
    id: "", session_id: id, sender: "caller", sender_name: "", text: trimmed, language, phrase: phrase ?? null,
    shown_text: trimmed, shown_language: language, sent_at: at, client_id: clientId, isPending: true,
  } as const;
  const said = phrase === undefined ? { text: trimmed } : { phrase };
  const message = { type: "chat.send", client_id: clientId, ...said } as const;
  return outcome({ ...model, chat: [...model.chat, line] }, { do: "send", message, waiting: "keep" });
}
