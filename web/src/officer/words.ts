/** The words of the officer's page. */

import type { CameraFault } from "../media/camera";
import type { PositionFault } from "../media/position";
import type { Status } from "../sharing/status";
import type { StillState } from "../sharing/still_sender";
import type { OfficerStatus } from "../signalling/messages";

export const STATUS_WORDS: Readonly<Record<OfficerStatus, string>> = {
  available: "Available", en_route: "En route", at_scene: "At scene", off_duty: "Off duty",
};

/** The picture in a word or two, and what to do about it. */
export const PICTURE_WORDS: Readonly<Record<Status, { word: string; detail: string }>> = {
  seen: { word: "LIVE", detail: "" },
  seenOutside: { word: "LIVE", detail: "" },
  seenPlace: { word: "NO PICTURE", detail: "Only your position is sent" },
  unwatched: { word: "LIVE", detail: "" },
  connecting: { word: "CONNECTING", detail: "" },
  stalled: { word: "NO SIGNAL", detail: "Nothing arrives. It goes on by itself when there is signal" },
  paused: { word: "PAUSED", detail: "The phone has paused its camera. It goes on by itself" },
  off: { word: "PAUSED", detail: "Nothing is filmed or heard" },
  codec: { word: "NO PICTURE", detail: "This browser has no video format that can be sent" },
  offline: { word: "OFFLINE", detail: "Connecting again" },
  messages: { word: "NO PICTURE", detail: "" },
  locating: { word: "NO PICTURE", detail: "Looking for your position" },
  small: { word: "LIVE, SMALL", detail: "The connection is slow" },
  stills: { word: "STILLS ONLY", detail: "The connection is very slow: a picture every few seconds" },
  placeOnly: { word: "NO PICTURE", detail: "Only your position gets through" },
  textOnly: { word: "NO PICTURE", detail: "The connection is too slow" },
};

export const CAMERA_WORDS: Readonly<Record<CameraFault, string>> = {
  denied: "The browser may not use the camera. Allow it in the settings of this site.",
  dismissed: "The question about the camera was closed. Try again and choose Allow.",
  denied_by_system: "The phone keeps the camera from the browser. Allow it in the phone’s settings.",
  not_found: "This device has no camera.",
  in_use: "Another app uses the camera. Close it and try again.",
  insecure: "The camera needs a secure address (https).",
  unsupported: "This browser has no camera. Use the phone’s own browser.",
  ended: "The phone took the camera away.",
  unknown: "The camera did not start.",
};

export const POSITION_WORDS: Readonly<Record<PositionFault, string>> = {
  denied: "Position not allowed", unavailable: "No position", timeout: "No position yet", insecure: "No position",
  unsupported: "No position",
};

/** How the last picture of full size stands. */
export const STILL_WORDS: Readonly<Record<StillState, string>> = {
  sending: "Picture is being sent", waiting: "Picture waits for the network", sent: "Picture is in the control room",
  refused: "No picture could be taken", failed: "The picture was refused",
};
