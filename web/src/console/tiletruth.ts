/** What may be said of a picture. Pure: it takes the clock and what is known, and says no more than that. */

import type { SessionSummary, StillView, StreamView } from "../signalling/messages";
import { reasonPhrase } from "./phrases";
import { isWithoutVideo, rungPhrase } from "./rungs";
import { sharerWord } from "./select";
import { clock, duration, millis } from "./times";

/** How far watching one stream has come. Times are milliseconds of this machine's clock. */
export interface WatchStatus {
  phase: "asking" | "connecting" | "connected" | "failed";
  lastFrameAt: number | null;
  needsTap: boolean;
  fault: string | null;
  /** Milliseconds from the media server to this screen; null or absent while not known. */
  receiving_ms?: number | null;
}

export type TileTone = "live" | "waiting" | "warning" | "off";

/** The label of a picture ("LIVE") and the sentence under it. */
export interface TileTruth {
  tone: TileTone;
  label: string;
  detail: string;
}

/** What counts of whose picture it is. */
export type Pictured = Pick<SessionSummary, "state" | "kind" | "link_kind" | "consent" | "stream" | "progress" | "rung">;

/** What is shown from outside its force, as whose picture it is: that it is shared means that it goes on. */
export function fromOutside(shared: Pick<Pictured, "kind" | "stream" | "progress" | "rung">): Pictured {
  const { kind, stream, progress, rung } = shared;
  return { state: "live", kind, link_kind: "location_video", consent: null, stream, progress, rung };
}

/** What is known when the label is made. */
export interface TileFacts {
  session: Pictured;
  watch: WatchStatus | null;
  /** The newest picture that stands for the video, if there is one. */
  still: StillView | null;
  /** Absent: stills are shown here. Another force and an agency are shown none. */
  isFromOutside?: boolean;
  /** The server's word is current: socket open and snapshot taken. */
  isSynced: boolean;
  /** Milliseconds of this machine's clock. */
  now: number;
  /** Milliseconds from this machine's clock to the server's. */
  clockOffset: number;
  /** Milliseconds of this machine's clock since when the page is shown: a hidden page presents no pictures. */
  shownSince: number;
}

/** A picture older than this is frozen, in ms. */
export const FROZEN_AFTER_MS = 2_000;

/**
 * The truth about one picture. On the lower rungs of the ladder it is a still: what arrives of the video then is late,
 * or a trial that has proven nothing.
 */
export function tileTruth(facts: TileFacts): TileTruth {
  return isWithoutVideo(facts.session) ? ladderTruth(facts) : videoTruth(facts);
}

/** LIVE needs both: the server says so, and pictures are being presented here. */
function videoTruth(facts: TileFacts): TileTruth {
  const { session, watch } = facts;
  const stream = session.stream;
  if (stream === null) return withoutStream(session);
  if (stream.state === "ended") return ended(stream, session);
  if (watch?.phase === "failed") return { tone: "warning", label: "NO PICTURE", detail: reasonPhrase(watch.fault) };
  if (watch?.needsTap === true) return { tone: "warning", label: "PAUSED", detail: "This browser wants a click before it plays" };
  if (watch?.lastFrameAt == null) return beforeFirstFrame(stream, facts);
  if (isFrozen(watch.lastFrameAt, facts)) return frozen(watch.lastFrameAt, facts);
  if (!facts.isSynced) return { tone: "warning", label: "UNCONFIRMED", detail: "Pictures arrive, but Sightline is not connected" };
  if (stream.state === "stalled") return stalled(stream, facts);
  if (stream.state !== "live") return { tone: "waiting", label: "CONNECTING", detail: "First pictures are arriving" };
  return presented(session);
}

/** Pictures arrive. Those of a phone that has paused its camera are black or old, whatever their number. */
function presented(session: Pictured): TileTruth {
  const { progress } = session;
  if (progress?.step === "camera_muted") {
    return { tone: "warning", label: "PAUSED", detail: `Since ${clock(progress.at)} the phone has paused its camera: a call, or another app` };
  }
  return { tone: "live", label: "LIVE", detail: progress?.step === "page_hidden" ? `The ${sharerWord(session)}’s page is in the background` : "" };
}

/** A still is never called live: it says how old it is, and the line why there is no more than that. */
function ladderTruth({ session, still, isFromOutside, isSynced, now, clockOffset }: TileFacts): TileTruth {
  const isUnheard = (session.progress?.step as string | undefined) === "connection_lost";
  const why = session.rung === null ? "" : rungPhrase(session.rung);
  const detail = !isSynced ? "Sightline is not connected" : isUnheard ? "The phone is not heard any more" : why;
  const taken = still === null ? null : stillTime(still);
  if (taken === null) return { tone: "warning", label: isFromOutside === true ? "NO VIDEO" : session.rung?.rung === "stills" ? "NO STILL YET" : "NO PICTURE", detail };
  return { tone: "warning", label: `STILL, ${duration((now + clockOffset - taken) / 1000)} ago`, detail };
}

/** When a still was taken: by the phone's clock, but not after it was received. */
function stillTime(still: StillView): number | null {
  const received = millis(still.received_at);
  const taken = millis(still.taken_at);
  return received === null || taken === null ? received : Math.min(taken, received);
}

/** No stream at all: why not. */
function withoutStream(session: Pictured): TileTruth {
  if (session.state === "ended" || session.state === "expired") return { tone: "off", label: "ENDED", detail: "" };
  if (session.link_kind !== "location_video") return { tone: "off", label: "LOCATION ONLY", detail: "This link shares no picture" };
  if (session.consent !== null && !session.consent.scopes.includes("video")) {
    return { tone: "off", label: "NO VIDEO", detail: "The caller agreed to location only" };
  }
  return { tone: "off", label: "NO PICTURE YET", detail: "" };
}

/** A stream that is over. */
function ended(stream: StreamView, { kind, rung }: Pictured): TileTruth {
  // Whether the word or the connection's end is heard first is chance: the officer's page has said which it is.
  if (kind === "officer" && rung?.reason === "camera_off") {
    return { tone: "off", label: "PAUSED", detail: `Since ${clock(rung.at)} the officer films nothing` };
  }
  const at = clock(stream.ended_at);
  const reason = reasonPhrase(stream.end_reason);
  return { tone: "off", label: "PICTURE ENDED", detail: [at, reason].filter((part) => part !== "").join(" · ") };
}

/** Nothing was presented yet. */
function beforeFirstFrame(stream: StreamView, facts: TileFacts): TileTruth {
  if (stream.state === "prepared") return { tone: "off", label: "NO PICTURE YET", detail: "The camera is not on yet" };
  if (stream.state === "stalled") return stalled(stream, facts);
  const isOurs = stream.state === "live";
  return {
    tone: "waiting",
    label: "CONNECTING",
    detail: isOurs ? "Fetching the picture" : `Waiting for the ${senderWord(facts.session)}’s picture`,
  };
}

/** What sends the picture. */
function senderWord({ kind }: Pictured): "phone" | "drone" {
  return kind === "flight" ? "drone" : "phone";
}

/** Why a phone may send nothing, as its page said before. */
const PHONE_WORDS: Readonly<Record<string, string>> = {
  page_hidden: "’s page is in the background",
  camera_muted: "the phone has paused its camera: a call, or another app",
  connection_lost: "’s page is not heard",
};

function because(session: Pictured): string {
  const words = PHONE_WORDS[session.progress?.step ?? ""];
  if (words === undefined) return "";
  return words.startsWith("’") ? `: the ${sharerWord(session)}${words}` : `: ${words}`;
}

/** The server hears nothing from the phone. */
function stalled(stream: StreamView, facts: TileFacts): TileTruth {
  const since = millis(stream.stalled_at) ?? millis(stream.last_media_at);
  if (since === null) return { tone: "warning", label: "NO SIGNAL", detail: `Nothing arrives from the ${senderWord(facts.session)}${because(facts.session)}` };
  const age = duration((facts.now + facts.clockOffset - since) / 1000);
  return { tone: "warning", label: "NO SIGNAL", detail: `Nothing from the ${senderWord(facts.session)} since ${clock(since)}, ${age} ago${because(facts.session)}` };
}

/** Pictures have stopped being presented here. */
function isFrozen(lastFrameAt: number, facts: TileFacts): boolean {
  return facts.now - Math.max(lastFrameAt, facts.shownSince) > FROZEN_AFTER_MS;
}

function frozen(lastFrameAt: number, facts: TileFacts): TileTruth {
  const age = duration((facts.now - lastFrameAt) / 1000);
  return {
    tone: "warning",
    label: "FROZEN",
    detail: `Picture frozen since ${clock(lastFrameAt + facts.clockOffset)}, ${age} ago${because(facts.session)}`,
  };
}
