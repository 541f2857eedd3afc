/** The time line in words: what happened, to whose session. Pure. */

import type { SessionSummary, TimelineEntry } from "../signalling/messages";
import { isByOrder, sharerName } from "./select";
import { duration, secondsSince } from "./times";

/** Groups of kinds that can be shown alone, as the server calls them. */
export const GROUPS: Readonly<Record<string, string>> = {
  session: "Sessions", link: "Links and consent", picture: "Pictures", watch: "Who watched", share: "Shown and shared",
  recording: "Recordings", decision: "Decisions", officer: "Officers", text: "Messages",
};

type Words = (entry: TimelineEntry) => string;

const SCOPES: Readonly<Record<string, string>> = { location: "location", video: "video", recording: "recording", upload: "photos and videos" };
const ALARMS: Readonly<Record<string, string>> = {
  recording_not_growing: "nothing is written", recording_stopped_growing: "nothing more is written", recording_no_space: "no room on the disk",
  recording_refused: "the media server refused",
};
const END_REASONS: Readonly<Record<string, string>> = {
  stopped: "stopped by the phone", replaced: "taken over by another start", hangup: "the phone hung up", silent: "nothing arrived any more",
  session_over: "the session was over", consent_withdrawn: "the consent was taken back", codec_refused: "no common video format",
  gateway_failed: "the media server failed", media_lost: "the media server was lost",
};
/** What was made, where it is no caller's session. */
const MADE: Readonly<Record<string, string>> = { flight: "Flight planned", consultation: "Consultation booked" };
const SHARE_ENDS: Readonly<Record<string, string>> = {
  revoked: "revoked", expired: "its time was over", session_over: "the session was over", no_consent: "the caller took the consent back",
  erased: "nothing of it is kept any more",
};
const REFUSALS: Readonly<Record<string, string>> = {
  committed: "committed elsewhere", too_far: "too far away", not_equipped: "without the skill or equipment", end_of_shift: "the shift ends",
  other: "said by radio", off_duty: "went off duty",
};
const VIEW_REFUSALS: Readonly<Record<string, string>> = {
  not_safe: "not safe to use the phone", busy: "hands are needed", no_signal: "no signal", other: "said by radio", off_duty: "went off duty",
};
const DONE: Readonly<Record<string, string>> = {
  done: "is done here", withdrawn: "is asked no more", stood_down: "was stood down", off_duty: "went off duty", incident_closed: "was released: the incident was closed",
};
const VIEW_ANSWERS: Readonly<Record<string, string>> = {
  accepted: "went live as asked", withdrawn: "is not asked to show any more", expired: "did not answer the request to show",
};
const ITEMS: Readonly<Record<string, string>> = { recording: "Recording", still: "Picture", upload: "File of the caller", sequence: "Pictures in place of video", call: "Film of the call" };

/** An entry as a sentence without its subject: whose session it is stands beside it. */
const WORDS: Readonly<Record<string, Words>> = {
  incident_opened: ({ who }) => `Incident opened${by(who)}`,
  incident_closed: () => "Incident closed",
  session_created: ({ who, detail }) => (detail.kind === "officer" ? "Officer went live" : `${MADE[textOf(detail.kind)] ?? "Session made"}${by(who)}`),
  session_ended: ({ detail }) => `Session ended${enderOf(textOf(detail.ended_by_kind), textOf(detail.end_reason))}`,
  link_sent: ({ detail }) => `Link sent by ${detail.channel === "email" ? "e-mail" : "text message"}`,
  link_delivered: () => "Link delivered",
  link_opened: () => "Link opened",
  consent_given: ({ detail }) => `Consent given: ${listOf(detail.scopes).map((scope) => SCOPES[scope] ?? scope).join(", ")}`,
  consent_withdrawn: () => "Consent taken back",
  live: () => "Live",
  stalled: () => "Picture missing",
  back: ({ at, detail }) => `Picture back after ${duration(secondsSince(textOf(detail.began_at), Date.parse(at)) ?? 0)}`,
  stream_ended: ({ detail }) => `Picture ended: ${END_REASONS[textOf(detail.end_reason)] ?? textOf(detail.end_reason)}`,
  watch_began: ({ who, detail }) => `${who} began to watch${abroad(detail)}`,
  watch_ended: ({ who, detail }) => `${who} watched for ${duration(Number(detail.seconds))}${abroad(detail)}`,
  talk_began: ({ who }) => `${who} could speak to the officer`,
  talk_ended: ({ who, at, detail }) => `${who} turned the microphone off after ${duration(secondsSince(textOf(detail.connected_at), Date.parse(at)) ?? 0)}`,
  share_given: ({ who, detail }) => `Shared with ${textOf(detail.guest)}${by(who)}`,
  share_ended: ({ detail }) => `Sharing with ${textOf(detail.guest)} ended: ${SHARE_ENDS[textOf(detail.end_reason)] ?? textOf(detail.end_reason)}`,
  agency_given: ({ who, detail }) => `Shared with ${textOf(detail.agency)}${by(who)}`,
  agency_ended: ({ detail }) => `Sharing with ${textOf(detail.agency)} ended: ${SHARE_ENDS[textOf(detail.end_reason)] ?? textOf(detail.end_reason)}`,
  picture_shown: ({ who }) => `Shown to the officers on the incident${by(who)}`,
  picture_hidden: ({ who, detail }) => (detail.end_reason === "hidden" ? `Hidden from the officers on the incident${by(who)}` : `Shown to the officers on the incident no longer: ${SHARE_ENDS[textOf(detail.end_reason)] ?? textOf(detail.end_reason)}`),
  recording: () => "Recording runs",
  recording_alarm: ({ detail }) => `RECORDING ALARM: ${ALARMS[textOf(detail.alarm_reason)] ?? textOf(detail.alarm_reason)}`,
  item_sealed: ({ detail }) => `${ITEMS[textOf(detail.kind)] ?? "Item"} sealed`,
  override: ({ who }) => `Risk overridden${by(who)}`,
  handover_offered: ({ who, detail }) => `Handed over by ${who} to ${textOf(detail.to_name)}`,
  handover_accepted: ({ who }) => `Hand-over accepted by ${who}`,
  handover_declined: ({ who }) => `Hand-over declined by ${who}`,
  handover_withdrawn: ({ who }) => `Hand-over taken back by ${who}`,
  session_taken: ({ who }) => `Taken by ${who}`,
  officer_asked: ({ who, detail }) => `${textOf(detail.user_name)} asked to go there${by(who)}`,
  officer_goes: ({ who }) => `${who} goes there`,
  officer_declined: ({ who, detail }) => `${who} does not go: ${REFUSALS[textOf(detail.refusal)] ?? textOf(detail.refusal)}`,
  officer_done: ({ who, detail }) => `${who} ${DONE[textOf(detail.end_reason)] ?? textOf(detail.end_reason)}`,
  view_asked: ({ who, detail }) => `${textOf(detail.user_name)} asked to show${by(who)}`,
  view_answered: ({ who, detail }) => (detail.state === "declined" ? `${who} does not show: ${VIEW_REFUSALS[textOf(detail.refusal)] ?? textOf(detail.refusal)}` : `${who} ${VIEW_ANSWERS[textOf(detail.state)] ?? textOf(detail.state)}`),
  messages: ({ detail }) => countOf(detail, "message with the caller", "messages with the caller"),
  group_messages: ({ detail }) => countOf(detail, "message of the group", "messages of the group"),
};

/** What happened, in words; a kind that a newer server has is named as it is. */
export function entryWords(entry: TimelineEntry): string {
  return WORDS[entry.kind]?.(entry) ?? entry.kind.replaceAll("_", " ");
}

/** Whether an entry is bad news, good news, or neither. */
export function entryTone(kind: string): "bad" | "good" | "plain" {
  if (["stalled", "recording_alarm", "consent_withdrawn", "override"].includes(kind)) return "bad";
  return ["live", "back", "consent_given", "recording"].includes(kind) ? "good" : "plain";
}

/** Whose session it was, as the control room calls them. */
export function entrySubject(session: SessionSummary | null): string {
  if (session === null) return "";
  return isByOrder(session) ? sharerName(session) : `Caller ${sharerName(session).replace(/^[•\s]+/, "…")}`;
}

function by(who: string): string {
  return who === "" ? "" : ` by ${who}`;
}

function enderOf(kind: string, reason: string): string {
  if (reason === "officer_stopped") return " by the officer";
  if (kind === "caller") return " by the caller";
  if (kind === "user") return " by the control room";
  return reason === "expired" ? ": the link was not used in time" : " by itself";
}

function abroad({ guest }: TimelineEntry["detail"]): string {
  return typeof guest === "string" && guest !== "" ? ` (${guest})` : "";
}

function countOf({ count }: TimelineEntry["detail"], one: string, many: string): string {
  return count === 1 ? `1 ${one}` : `${Number(count)} ${many}`;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function listOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];
}
