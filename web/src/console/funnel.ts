/** The way from the text message to the first picture: where it stands, why it failed, what to say. Pure. */

import type { ProgressStep, SessionSummary } from "../signalling/messages";
import { reasonPhrase, SAY } from "./phrases";
import { secondsSince } from "./times";

export type FunnelKey = "sent" | "delivered" | "opened" | "consented" | "permitted" | "first";
/** passed: known only from a later step. */
export type FunnelStatus = "done" | "passed" | "current" | "failed" | "todo";

/** One step of the way. */
export interface FunnelStep {
  key: FunnelKey;
  label: string;
  status: FunnelStatus;
  at: string | null;
}

/** The whole way, with the reason of a failure or a delay, and a line for the operator to say. */
export interface Funnel {
  steps: FunnelStep[];
  why: string | null;
  say: string | null;
  isFailed: boolean;
  isComplete: boolean;
}

interface Advice {
  why: string | null;
  say: string | null;
}

const KEYS: readonly FunnelKey[] = ["sent", "delivered", "opened", "consented", "permitted", "first"];
/** Seconds after which an undelivered text is called late. */
const LATE_DELIVERY_S = 20;
const NONE: Advice = { why: null, say: null };

/** Where a session stands on its way at `now` (ms of the server's clock). */
export function funnelOf(session: SessionSummary, now: number): Funnel {
  const reached = KEYS.map((key) => reachedAt(session, key));
  const last = reached.reduce<number>((found, at, index) => (at === null ? found : index), -1);
  const isComplete = last === KEYS.length - 1;
  const isFailed = !isComplete && failureOf(session) !== null;
  const steps = KEYS.map((key, index) => ({
    key,
    label: labelOf(key, session),
    status: statusOf(index, last, reached[index] ?? null, isFailed),
    at: timeOrNull(reached[index]),
  }));
  const advice = isComplete ? liveAdvice(session) : (failureOf(session) ?? waitingAdvice(session, KEYS[last + 1] ?? "first", now));
  return { steps, why: advice.why, say: advice.say, isFailed, isComplete };
}

/** Status of one step, given the last step that was reached. */
function statusOf(index: number, last: number, at: string | null, isFailed: boolean): FunnelStatus {
  if (at !== null) return "done";
  if (index < last) return "passed";
  if (index === last + 1) return isFailed ? "failed" : "current";
  return "todo";
}

/** When a step was reached: an instant, "" when it was but not known when, or null. */
function reachedAt(session: SessionSummary, key: FunnelKey): string | null {
  const { invitation, stream } = session;
  switch (key) {
    case "sent":
      return invitation?.sent_at ?? null;
    case "delivered":
      return invitation?.delivered_at ?? null;
    case "opened":
      return session.opened_at ?? invitation?.opened_at ?? null;
    case "consented":
      return session.consent?.given_at ?? session.consented_at;
    case "permitted":
      return permittedAt(session);
    case "first":
      return session.live_at ?? stream?.live_at ?? null;
  }
}

const LOCATION_PERMITTED: readonly ProgressStep[] = ["location_granted", "publishing"];
const VIDEO_PERMITTED: readonly ProgressStep[] = ["camera_granted", "publishing"];

/** When the phone gave what this kind of link needs. A position or a stream proves it, without a time of its own. */
function permittedAt(session: SessionSummary): string | null {
  const { progress, last_position: position, stream } = session;
  const enough = session.link_kind === "location" ? LOCATION_PERMITTED : VIDEO_PERMITTED;
  if (progress !== null && enough.includes(progress.step)) return progress.at;
  if (session.link_kind === "location") return position === null ? null : position.received_at;
  return stream === null || stream.state === "prepared" || stream.end_reason === "not_begun" ? null : "";
}

function timeOrNull(at: string | null | undefined): string | null {
  return at === undefined || at === "" ? null : at;
}

function labelOf(key: FunnelKey, session: SessionSummary): string {
  const labels: Record<FunnelKey, string> = {
    sent: "Text sent",
    delivered: "Delivered",
    opened: "Link opened",
    consented: "Consented",
    permitted: session.link_kind === "location" ? "Location allowed" : "Camera allowed",
    first: session.link_kind === "location" ? "First position" : "First picture",
  };
  return labels[key];
}

/** Why it failed and what to say; null while nothing has. */
function failureOf(session: SessionSummary): Advice | null {
  const { invitation, progress } = session;
  if (session.state === "expired" || invitation?.state === "expired") {
    return { why: "The link expired before it was used", say: SAY.resend };
  }
  if (session.state === "ended") return { why: endPhrase(session), say: session.ended_by_kind === "caller" ? SAY.stopped : null };
  if (invitation?.state === "failed") {
    return { why: reasonPhrase(invitation.failure_reason) || "The text could not be sent", say: SAY.askNumber };
  }
  if (session.consent?.withdrawn_at != null) return { why: "The caller withdrew consent", say: SAY.stopped };
  return progressFailure(progress);
}

/** A permission that the phone did not give. */
function progressFailure(progress: SessionSummary["progress"]): Advice | null {
  if (progress === null) return null;
  const lines: Partial<Record<ProgressStep, string>> = {
    location_denied: SAY.locationDenied,
    camera_denied: SAY.cameraDenied,
    camera_failed: SAY.cameraFailed,
  };
  const say = lines[progress.step];
  if (say === undefined) return null;
  const detail = reasonPhrase(progress.reason);
  return { why: reasonPhrase(progress.step) + (detail === "" ? "" : ` (${detail.toLowerCase()})`), say };
}

/** What is waited for at the next step. */
function waitingAdvice(session: SessionSummary, next: FunnelKey, now: number): Advice {
  const { invitation } = session;
  switch (next) {
    case "sent":
      return invitation === null ? NONE : { why: "The text is being sent", say: SAY.checkSignal };
    case "delivered":
    case "opened":
      return textAdvice(session, now);
    case "consented":
      return absenceAdvice(session) ?? { why: "The caller is reading what will be shared", say: SAY.consent };
    case "permitted":
      return absenceAdvice(session) ?? permissionAdvice(session);
    case "first":
      return absenceAdvice(session) ?? { why: "Connecting to the phone", say: SAY.keepStill };
  }
}

/** Location comes first, then the camera if the link asks for it. */
function permissionAdvice(session: SessionSummary): Advice {
  const hasLocation = session.last_position !== null || session.progress?.step === "location_granted";
  const isAtCamera = session.link_kind === "location_video" && (hasLocation || session.progress?.step === "camera_asked");
  return isAtCamera
    ? { why: "The caller is asked for the camera", say: SAY.allowCamera }
    : { why: "The caller is asked for the location", say: SAY.allowLocation };
}

/** The text is on its way or lies unopened. */
function textAdvice(session: SessionSummary, now: number): Advice {
  const delivered = session.invitation?.delivered_at ?? null;
  if (delivered !== null) return { why: "The text is on the phone, not opened yet", say: SAY.openLink };
  const waited = secondsSince(session.invitation?.sent_at, now) ?? 0;
  if (waited < LATE_DELIVERY_S) return { why: "The text is on its way", say: SAY.openLink };
  return { why: `No word of delivery for ${Math.floor(waited)} s`, say: SAY.checkSignal };
}

/** A live session may still need a word. */
function liveAdvice(session: SessionSummary): Advice {
  return session.state === "live" ? (absenceAdvice(session) ?? NONE) : NONE;
}

/** The caller's page is not in front of the caller, or not heard at all. */
function absenceAdvice(session: SessionSummary): Advice | null {
  const step: string | undefined = session.progress?.step;
  const hidden = session.link_kind === "location" ? SAY.pageHiddenLocation : SAY.pageHidden;
  if (step === "page_hidden") return { why: "The caller’s page is in the background", say: hidden };
  if (step === "camera_muted") return { why: "The phone has paused its camera: a call, or another app", say: SAY.cameraMuted };
  if (step === "connection_lost") return { why: "The caller’s page is not heard", say: SAY.connectionLost };
  return null;
}

/** How a session ended, in words. */
export function endPhrase(session: SessionSummary): string {
  const plain: Record<string, string> = { caller: "Stopped by the caller", user: "Ended by the control room" };
  return reasonPhrase(session.end_reason) || (plain[session.ended_by_kind] ?? "Ended");
}
