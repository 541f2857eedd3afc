/** A session as plain text, for a command and control system: no link, no code, no whole number. Pure. */

import { formatGridReference } from "../map/grid";
import type { SessionSummary } from "../signalling/messages";
import { endPhrase } from "./funnel";
import { hasEnded, isByOrder, linkKindWord, sessionWord, sharerName } from "./select";
import { clock, dateAndTime, duration, secondsSince } from "./times";

/** The block, line by line. `messages` is how many lines of chat there are, null when they are not loaded. */
export function summaryText(session: SessionSummary, messages: number | null, now: number): string {
  const lines: [string, string][] = [
    ["Sightline", `${session.incident.reference}${session.incident.external_reference === "" ? "" : ` / ${session.incident.external_reference}`}`],
    ["Type", session.incident.type_label],
    ["As of", dateAndTime(now)],
    ["State", hasEnded(session) ? `${endPhrase(session)}, ${dateAndTime(session.ended_at)}` : sessionWord(session)],
    ["Operator", session.assigned_to.name || (isByOrder(session) ? "" : session.created_by_name)],
    ...sharerLines(session),
    ["Position", positionLine(session, now)],
    ["Picture", pictureLine(session, now)],
    ["Messages", messages === null ? "" : String(messages)],
    ["Outcome", session.outcome === null ? "" : session.outcome.label],
  ];
  return lines.filter(([, text]) => text !== "").map(([name, text]) => `${name}: ${text}`).join("\n");
}

/** Who shares, and by which way: an officer and a drone have neither link nor consent. */
function sharerLines(session: SessionSummary): [string, string][] {
  if (session.kind === "consultation") return [];
  if (isByOrder(session)) return [[session.kind === "flight" ? "Drone" : "Officer", sharerName(session)]];
  return [["Caller", sharerName(session)], ["Link", linkLine(session)], ["Consent", consentLine(session)]];
}

function linkLine({ invitation, link_kind, opened_at }: SessionSummary): string {
  if (invitation === null) return "not sent";
  const steps = [
    [`sent${invitation.channel === "email" ? " by e-mail" : ""}`, invitation.sent_at], ["delivered", invitation.delivered_at], ["opened", opened_at],
  ] as const;
  const known = steps.filter(([, at]) => at !== null).map(([word, at]) => `${word} ${clock(at)}`);
  return [linkKindWord(link_kind).toLowerCase(), ...known].join(", ");
}

function consentLine({ consent }: SessionSummary): string {
  if (consent === null) return "not given";
  const given = `${consent.scopes.join(", ")}, ${clock(consent.given_at)}`;
  return consent.withdrawn_at === null ? given : `${given}, withdrawn ${clock(consent.withdrawn_at)}`;
}

function positionLine(session: SessionSummary, now: number): string {
  const fix = session.last_position;
  if (fix === null) return "none";
  const grid = formatGridReference(fix.grid_reference ?? "") || "outside Great Britain";
  const age = duration(secondsSince(fix.fixed_at, now) ?? 0);
  return `${grid} (${fix.latitude.toFixed(5)}, ${fix.longitude.toFixed(5)}), within ${Math.round(fix.accuracy_m)} m, fixed ${clock(fix.fixed_at)} (${age} ago)`;
}

function pictureLine(session: SessionSummary, now: number): string {
  if (session.link_kind === "location") return "";
  if (session.live_at === null) return "none so far";
  const end = hasEnded(session) ? Date.parse(session.ended_at ?? "") : now;
  const recorded = session.recording.state === "recording" ? ", being recorded" : "";
  return `since ${clock(session.live_at)} (${duration(secondsSince(session.live_at, end) ?? 0)})${recorded}`;
}
