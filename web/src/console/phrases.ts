/** Codes of the server in plain words for an operator. An unknown code falls back on the server's own sentence. */

import type { Attention } from "../signalling/messages";
import type { SignalKind } from "./state";

const ERRORS: Record<string, string> = {
  not_signed_in: "You are signed out. Open the sign-in page in a new tab, then come back: nothing typed here is lost.",
  not_permitted: "Your role does not allow this. Ask a supervisor.",
  step_up_required: "This asks for your password or a code first. Nothing was changed.",
  wrong_proof: "That is neither your password nor a right code.",
  too_many_attempts: "Too many wrong attempts. Wait five minutes, then try again.",
  not_found: "This is no longer here. It may have been closed by a colleague.",
  invalid_input: "Something here is not filled in as it should be.",
  invalid_transition: "The session has moved on meanwhile. The screen shows where it stands now.",
  session_over: "The session is over. The screen shows where it stands now.",
  phone_number_invalid: "This is not a telephone number. Check the digits with the caller.",
  phone_number_not_textable: "This number cannot receive a text message. Ask for a mobile number.",
  email_address_invalid: "This is not an e-mail address. Spell it back to the caller.",
  email_not_set_up: "E-mail is not set up here. Use another number, or read out the code.",
  reason_missing: "Say why you search, in a few words. The reason is kept with the audit.",
  risk_unanswered: "The risk questions have changed or were not answered. Answer them, then send again.",
  risk_refused: "The risk assessment does not allow this link.",
  link_in_use: "The link is open in another browser. Re-arm it if the caller has changed phone.",
  link_expired: "The link has expired. Send a new one.",
  officer_off_duty: "This officer is off duty.",
  already_assigned: "This officer was asked to go there already.",
  already_live: "This officer is live already: open the session.",
  share_over: "Sharing has ended. The other force shows this no longer.",
  recording_consent_missing: "The caller did not agree to be recorded.",
  stream_not_ready: "No picture has arrived from the phone yet.",
  stream_over: "This picture has ended.",
  media_unavailable: "The video service does not answer. Position and chat go on; the picture is tried again.",
  codec_refused: "This browser cannot show the phone’s video format.",
  rate_limited: "Too much at once. Wait a few seconds and try again.",
  talk_over: "You are not heard any more. Press again.",
  no_officer: "Only an officer who is live can be spoken to here.",
  busy: "Too much at once. Wait a few seconds and try again.",
  unavailable: "Part of Sightline does not answer. Try again in a moment.",
  outcome_unknown: "It is not certain whether this was done. Look whether it was before you do it again.",
  internal: "Sightline had a fault while doing this. Try again.",
  network: "No answer from Sightline. Check the network of this workstation; nothing typed here is lost.",
  server: "Sightline had a fault while doing this. Try again; nothing typed here is lost.",
};

/** What an error means, for the person who sits here. `message` is the server's own sentence. */
export function errorPhrase(code: string, message: string): string {
  return ERRORS[code] ?? (message === "" ? "This could not be done." : message);
}

const REASONS: Record<string, string> = {
  location_denied: "The caller’s phone refused to share its location",
  camera_denied: "The caller’s phone refused the camera",
  page_left: "The caller left by “Exit this page”",
  camera_failed: "The camera of the phone could not be started",
  "permanent-failure": "The number does not exist or cannot take texts",
  "temporary-failure": "The phone is off or has no signal",
  "technical-failure": "The text message service failed",
  stopped: "Stopped on the phone",
  caller_stopped: "The caller pressed STOP",
  officer_stopped: "The officer pressed STOP",
  signed_out: "The officer was signed out",
  consent_withdrawn: "The caller withdrew consent",
  operator: "Ended by the control room",
  ended_by_operator: "Ended by the control room",
  session_over: "The session is over",
  landed: "The drone has landed",
  called_off: "The flight was called off",
  device_stopped: "Stopped at the drone",
  key_revoked: "The drone’s key was revoked",
  aircraft_withdrawn: "The aircraft was taken out of service",
  replaced: "Started again on the phone",
  hangup: "The connection of the phone was cut",
  not_begun: "The camera was not turned on",
  never_live: "No picture ever arrived from the phone",
  silent: "The phone stopped sending",
  share_over: "Sharing has ended",
  no_consent: "The caller withdrew consent",
  media_lost: "The picture was lost",
  gateway_failed: "The video service failed",
  codec_refused: "The phone sends a video format that cannot be shown",
  codec_unsupported: "This browser cannot show the phone’s video format",
  connection_failed: "The connection for video could not be made",
  disconnected: "This console was disconnected",
  expired: "The link expired unopened",
  recording_not_growing: "The recording does not grow: nothing is being kept",
  recording_stopped_growing: "The recording has stopped growing: nothing more is being kept",
  recording_no_space: "There is no room left for recordings",
  recording_refused: "The video service refused to record",
};

/** A reason as the server codes it ("camera_denied") in words; unknown codes become readable text. */
export function reasonPhrase(reason: string | null): string {
  if (reason === null || reason === "") return "";
  const known = REASONS[reason];
  if (known !== undefined) return known;
  const words = reason.replace(/[_-]+/g, " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const ATTENTION: Record<Attention["reason"], string> = {
  picture_unwatched: "Nobody is watching",
  link_unanswered: "The caller is on the page, nobody has it open",
  message_unanswered: "The caller wrote, nobody has answered",
};

/** Why a session counts as unattended. */
export function attentionPhrase(reason: Attention["reason"]): string {
  return ATTENTION[reason];
}

const SIGNALS: Record<SignalKind, string> = {
  opened: "Link opened",
  first_frame: "Now live",
  caller_message: "New message",
  officer_message: "Wrote to the incident",
  caller_stopped: "Stopped by caller",
  lost: "Picture lost",
  alarm: "Alarm",
  handed_over: "Handed to you",
  unattended: "Unattended",
  escalated: "Nobody attends: take it",
};

/** What a mark says beside its session. */
export function signalPhrase(kind: SignalKind): string {
  return SIGNALS[kind];
}
