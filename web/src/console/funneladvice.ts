/** Every reason for which the way to the first picture may stop, with a line that the operator can say. Pure. */

import type { LinkTrouble } from "../signalling/messages";
import { reasonPhrase } from "./phrases";
import { SAY } from "./saying";

/** Why it hangs, and what to say. */
export interface Advice {
  why: string | null;
  say: string | null;
}

const TEXTS: Record<string, Advice> = {
  "permanent-failure": { why: "The number does not exist or cannot take texts", say: SAY.askNumber },
  "temporary-failure": { why: "The phone is off or has no signal", say: SAY.noSignal },
  "technical-failure": { why: "The text message service failed", say: SAY.failedText },
  notify_rejected: { why: "The text message service does not take this number", say: SAY.askNumber },
  notify_unauthorised: { why: "The text message service refuses Sightline: tell your administrator", say: SAY.readCode },
  notify_rate_limited: { why: "The text message service is overloaded", say: SAY.readCode },
  notify_unavailable: { why: "The text message service does not answer", say: SAY.readCode },
  notify_unreadable: { why: "The text message service does not answer", say: SAY.readCode },
  email_not_set_up: { why: "E-mail is not set up here", say: SAY.askNumber },
};

const EMAILS: Record<string, Advice> = {
  "permanent-failure": { why: "The e-mail address does not exist", say: SAY.fixEmail },
  "temporary-failure": { why: "The mailbox does not take e-mail now", say: SAY.readCode },
  notify_rejected: { why: "The e-mail service does not take this address", say: SAY.fixEmail },
};

/** A message that will not arrive. */
export function textFailureAdvice(reason: string, channel: "sms" | "email"): Advice {
  const known = (channel === "email" ? EMAILS[reason] : undefined) ?? TEXTS[reason];
  if (known !== undefined) return known;
  const noun = channel === "email" ? "e-mail" : "text";
  return { why: reasonPhrase(reason) || `The ${noun} could not be sent`, say: channel === "email" ? SAY.fixEmail : SAY.askNumber };
}

const TROUBLES: Record<LinkTrouble, Advice> = {
  link_in_use: { why: "Somebody tried to open the link in another browser", say: SAY.linkInUse },
  link_withdrawn: { why: "The link that was opened is no longer good", say: SAY.oldLink },
  old_link: { why: "An older link of this session was opened", say: SAY.oldLink },
  link_expired: { why: "The link had run out when it was opened", say: SAY.linkExpired },
};

/** A link that could not be opened. */
export function troubleAdvice(code: LinkTrouble): Advice {
  return TROUBLES[code];
}

const LOCATIONS: Record<string, Advice> = {
  denied: { why: "The caller’s phone refused to share its location", say: SAY.locationDenied },
  insecure: { why: "The page did not open over a secure connection", say: SAY.insecure },
  unsupported: { why: "This browser cannot share a location: it is old, or inside another app", say: SAY.inApp },
};

/** No location. */
export function locationAdvice(reason: string | null): Advice {
  return LOCATIONS[reason ?? ""] ?? { why: reasonPhrase("location_denied"), say: SAY.locationDenied };
}

const CAMERAS: Record<string, Advice> = {
  denied: { why: "The caller’s phone refused the camera", say: SAY.cameraDenied },
  dismissed: { why: "The question for the camera was closed without an answer", say: SAY.dismissed },
  denied_by_system: { why: "The phone’s settings keep the camera from the browser", say: SAY.deniedBySystem },
  not_found: { why: "There is no camera on this device", say: SAY.cameraNotFound },
  in_use: { why: "Another app uses the camera", say: SAY.cameraInUse },
  insecure: { why: "The page did not open over a secure connection", say: SAY.insecure },
  unsupported: { why: "This browser has no camera: it is old, or inside another app", say: SAY.inApp },
  ended: { why: "The phone took the camera away", say: SAY.cameraTaken },
};

/** No picture. */
export function cameraAdvice(step: "camera_denied" | "camera_failed", reason: string | null): Advice {
  const say = step === "camera_denied" ? SAY.cameraDenied : SAY.cameraFailed;
  return CAMERAS[reason ?? ""] ?? { why: reasonPhrase(step), say };
}
