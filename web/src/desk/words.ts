/** The words of the officers' pages of consultations. They are English only. */

import { errorPhrase } from "../console/phrases";
import type { ConsultationState, Leg, LegName, ParticipantState, Purpose, Role } from "../signalling/meetingmessages";

export const PURPOSE_WORDS: Readonly<Record<Purpose, string>> = {
  report: "Taking a report", domestic_abuse: "Domestic abuse", scene_advice: "Scene advice", statement: "Statement", welfare: "Welfare", other: "Other",
};

export const STATE_WORDS: Readonly<Record<ConsultationState, string>> = {
  planned: "Planned", open: "Open", ended: "Ended", cancelled: "Cancelled", missed: "Nobody took it",
};

export const PERSON_STATES: Readonly<Record<ParticipantState, string>> = {
  invited: "Invited", waiting: "Waits", admitted: "Admitted", sent_away: "Sent away", left: "Left", removed: "Removed", withdrawn: "Withdrawn", over: "Over",
};

export const LEG_WORDS: Readonly<Record<LegName, string>> = {
  camera: "Camera", microphone: "Microphone", speaker: "Speaker", udp: "UDP", tcp: "TCP", tls: "TLS",
};

export const MARK_WORDS: Readonly<Record<Leg, string>> = { ok: "works", failed: "fails", absent: "not there", unsaid: "not tried" };

/** Sentences to send somebody away with; the person reads them. */
export const SEND_AWAY: readonly string[] = [
  "Please wait. We will be with you in a few minutes.",
  "We cannot speak to you today. We will send you a new time.",
  "Please come back at the time of your appointment.",
];

/** What a consultation may come to besides what every session may; the server has the same. */
export const OWN_OUTCOMES: readonly { code: string; label: string }[] = [
  { code: "report_taken", label: "Report taken" }, { code: "visit_avoided", label: "No visit needed" },
  { code: "statement_taken", label: "Statement taken" }, { code: "nobody_came", label: "Nobody came" },
];

/** Why somebody is removed: a code, for the audit holds no text about people. */
export const REMOVAL_REASONS: Readonly<Record<string, string>> = {
  wrong_person: "Not who they said", disturbs: "Disturbs the call", danger: "A danger to somebody in it", other: "Another reason",
};

/** What is wrong with the consultation, by the code of an alarm. */
export const ALARM_WORDS: Readonly<Record<string, string>> = {
  nobody_leads: "No officer is in the call. It ends by itself after five minutes.",
  recording_not_growing: "The recording does not grow: nothing is being kept.",
  recording_stopped_growing: "The recording has stopped growing: nothing more is being kept.",
  recording_goes_on: "A recording went on that nobody agreed to. The picture was cut.",
  recording_refused: "The video service refused to record.",
  recording_no_space: "There is no room left for recordings.",
};

const ERRORS: Readonly<Record<string, string>> = {
  other_unit: "This is another team’s. A supervisor can take it.",
  not_leader: "Only whoever leads can do this. Take the consultation first.",
  not_inside: "Only an officer in the call can do this. Go in first.",
  stale: "Somebody was faster: look at how it stands now.",
  not_waiting: "This person does not wait any more.",
  not_admitted: "You wait to be let in by a colleague in the call.",
  room_locked: "The room is locked. Unlock it first.",
  room_full: "Twelve are in the call: nobody else can come in.",
  too_many_people: "Twenty-four people at most.",
  was_removed: "Somebody with this number or address was removed from it.",
  risk_unanswered: "Answer the risk questions first.",
  risk_refused: "The risk assessment is against it. A supervisor can override it.",
  no_contact: "Everybody needs a telephone number or an e-mail address.",
  name_empty: "Everybody needs a name.",
  outside_contact_times: "This is outside the person’s safe contact times.",
  already_over: "It is over already.",
  meeting_over: "It is over already.",
  round_over: "That question is over already.",
  talk_busy: "One of the two is in a private talk already.",
  busy_screen: "Somebody else shares a screen.",
  too_early: "It is too early for this.",
  invalid_transition: "The consultation has moved on meanwhile. The screen shows where it stands now.",
};

/** What an error means, for an officer. */
export function deskError(code: string, message: string): string {
  return ERRORS[code] ?? errorPhrase(code, message);
}

/** A role's code in words. */
export function roleWord(role: string): string {
  const words = role === "bsl_interpreter" ? "BSL interpreter" : role.replace(/_/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A role as an officer names it. */
export function roleOf(role: Role): string {
  return roleWord(role);
}
