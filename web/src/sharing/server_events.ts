/** What the server's messages do to the caller's page. */

import type {
  CallerServerMessage, CallerState, ChatMsg, ErrorMessage, Scope, StreamView,
} from "../signalling/messages";
import { askLocation, FIX_REF, toldOnReturn } from "./device_events";
import type { SharingModel, ChatLine, Outcome } from "./model";
import {
  end, isGoingOn, nextPermission, outcome, prepare, publish, publishLater, readyToResume, report, sayRung,
} from "./outcome";

/** @param hasStopped STOP was pressed on this phone for this session, perhaps before the page was loaded again */
export function onServer(before: SharingModel, message: CallerServerMessage, hasStopped: boolean): Outcome {
  if (before.step === "ended") return afterEnd(before, message);
  const model = withRevision(before, message);
  if (model === null) return outcome(before);
  switch (message.type) {
    case "caller.state":
      return onState(model, message, hasStopped);
    case "consent.given":
      return onConsent(model, message.scopes, { ...model, iceServers: message.ice_servers });
    case "stream.answer":
      return onAnswer(model, message.sdp, message.stream_id, message.ref);
    case "stream.changed":
      return onStream(model, message.stream);
    case "watch.changed":
      return outcome({ ...model, ...watchedBy(message) });
    case "recording.changed":
      return outcome({ ...model, isRecorded: message.on });
    case "chat.message":
      return outcome({ ...model, chat: mergeChat(model.chat, [message]) });
    case "still.asked":
      return outcome(model, { do: "take_still", askId: message.ask_id });
    case "session.ended":
      return end(model, { by: endedBy(message.by), isTold: true }, { do: "close_line" });
    case "error":
      return onError(model, message);
    case "heartbeat.pong":
      return outcome(model);
  }
}

/** Notes how new a frame is; null for one that is older than what is known. */
function withRevision(model: SharingModel, message: CallerServerMessage): SharingModel | null {
  if (!("revision" in message)) return model;
  const { type, revision } = message;
  if (revision < Math.max(model.session?.revision ?? 0, model.revisions[type] ?? 0)) return null;
  return { ...model, revisions: { ...model.revisions, [type]: revision } };
}

/** Who watches, as far as the page says it. */
function watchedBy({ watching, count, guests }: Pick<CallerState, "watching" | "count" | "guests">): Pick<SharingModel, "isWatched" | "isWatchedByRoom"> {
  return { isWatched: watching, isWatchedByRoom: watching && count > guests };
}

function afterEnd(model: SharingModel, message: CallerServerMessage): Outcome {
  const isOver =
    message.type === "session.ended" ||
    (message.type === "caller.state" && isSessionOver(message));
  if (isOver && model.ending !== null) {
    return outcome({ ...model, ending: { ...model.ending, isTold: true } }, { do: "close_line" });
  }
  // The server had not heard of the end when it sent this: say it again.
  if (message.type === "caller.state") return outcome(model, { do: "send", message: { type: "session.stop" } });
  return outcome(model);
}

function endedBy(by: string): "caller" | "control_room" | "unknown" {
  if (by === "caller") return "caller";
  return by === "user" || by === "operator" ? "control_room" : "unknown";
}

function isSessionOver(state: CallerState): boolean {
  return state.session.state === "ended" || state.session.state === "expired";
}

function onState(model: SharingModel, state: CallerState, hasStopped: boolean): Outcome {
  if (isSessionOver(state)) return end(model, { by: "unknown", isTold: true }, { do: "close_line" });
  const asked = state.still_asks.map((askId) => ({ do: "take_still", askId }) as const);
  const going = onStandingState(model, state, hasStopped);
  return going.model.step === "ended" ? going : { ...going, effects: [...going.effects, ...asked] };
}

function onStandingState(model: SharingModel, state: CallerState, hasStopped: boolean): Outcome {
  const known: SharingModel = {
    ...model,
    session: state.session,
    wording: state.wording,
    iceServers: state.ice_servers ?? model.iceServers,
    ...watchedBy(state),
    isRecorded: state.recording.on,
    chat: mergeChat(model.chat, state.messages),
    phrases: state.phrases,
  };
  if (hasStopped) {
    return end(known, { by: "caller", isTold: false }, { do: "send", message: { type: "session.stop" } });
  }
  if (state.consent === null) return withoutConsent(known);
  if (model.step === "connecting") return resume({ ...known, stream: state.stream, scopes: state.consent.scopes });
  if (model.scopes === null) return onConsent(model, state.consent.scopes, { ...known, stream: state.stream });
  const again = reconcile({ ...known, scopes: state.consent.scopes }, state.stream);
  // A word said into a line that was dying is lost.
  return outcome(again.model, ...sayRung(again.model), ...again.effects);
}

/** No consent stands. A page that was sharing stops at once; one that is just asking goes on asking. */
function withoutConsent(model: SharingModel): Outcome {
  if (model.step === "connecting") return outcome({ ...model, step: "what" }, report("page_shown"));
  if (model.scopes === null) return outcome(model);
  const cleared = end({ ...model, scopes: null, stream: null }, { by: "unknown", isTold: true });
  return { ...cleared, model: { ...cleared.model, step: "what", ending: null } };
}

/** Consent stands already: a location may be watched without a touch, a camera waits for one unless it was on until now. */
function resume(model: SharingModel): Outcome {
  if (model.scopes?.includes("video") === true) {
    const ready = readyToResume({ ...model, step: "resume", isPictureGoingOn: isGoingOn(model.stream) });
    return outcome(ready.model, report("page_shown"), ...ready.effects);
  }
  const going: SharingModel = { ...model, step: "live" };
  const asked = model.scopes?.includes("location") === true ? askLocation(going) : outcome(going);
  return outcome(asked.model, report("page_shown"), { do: "keep_awake" }, ...asked.effects);
}

function onConsent(before: SharingModel, scopes: Scope[], model: SharingModel): Outcome {
  const given: SharingModel = { ...model, scopes, isGiving: false, problem: null };
  return before.scopes === null ? nextPermission(given) : outcome(given);
}

/** The line is back: was the picture lost meanwhile? */
function reconcile(model: SharingModel, stream: StreamView | null): Outcome {
  const { model: known, effects } = carryOn(model, stream);
  return outcome(known, ...effects, ...toldOnReturn(model));
}

function carryOn(model: SharingModel, stream: StreamView | null): Outcome {
  const known = { ...model, stream };
  // The first state came with the page: only now is there a line, and addresses to connect with.
  if (model.step === "resume") return readyToResume(known);
  if (model.step === "camera") return prepare(known);
  if (model.camera.state !== "on" || model.publishing.isCodecRefused) return outcome(known);
  const isCarried = stream !== null && stream.state !== "ended" && model.publishing.state !== "failed";
  if (!isCarried || model.publishing.isAwaitingAnswer) return publish(known);
  return model.publishing.state === "interrupted" ? outcome(known, { do: "prove_connection" }) : outcome(known);
}

function onAnswer(model: SharingModel, sdp: string, streamId: string, ref?: string | null): Outcome {
  const isOld = ref != null && ref !== offerRef(model.publishing.attempt);
  if (isOld || !model.publishing.isAwaitingAnswer) return outcome(model);
  const stream = model.stream?.id === streamId ? model.stream : admittedStream(streamId);
  const publishing = { ...model.publishing, isAwaitingAnswer: false };
  return outcome({ ...model, stream, publishing }, { do: "accept_answer", sdp });
}

/** Name of an offer, echoed by its answer and by its error. */
export function offerRef(attempt: number): string {
  return `offer-${attempt}`;
}

function admittedStream(id: string): StreamView {
  return {
    id, state: "admitted", live_at: null, stalled_at: null, last_media_at: null, ended_at: null, end_reason: null,
  };
}

function onStream(model: SharingModel, stream: StreamView): Outcome {
  const isPresent = model.stream === null || stream.id === model.stream.id;
  if (stream.state !== "ended") {
    const failures = stream.state === "live" ? 0 : model.publishing.failures;
    return outcome({ ...model, stream, publishing: { ...model.publishing, failures } });
  }
  // The end of an older stream says nothing about the present one.
  if (!isPresent) return outcome(model);
  const isCodecRefused = model.publishing.isCodecRefused || stream.end_reason === "codec_refused";
  const ended = { ...model, stream, publishing: { ...model.publishing, isCodecRefused } };
  return model.publishing.isAwaitingAnswer ? outcome(ended) : publishLater(ended);
}

function onError(model: SharingModel, error: ErrorMessage): Outcome {
  // What this page sent overtook the news of the end: the answer says the same.
  const by = error.code === "session_over" ? error.details?.by : undefined;
  if (typeof by === "string") return end(model, { by: endedBy(by), isTold: true }, { do: "close_line" });
  if (error.code === "codec_refused") {
    return outcome({ ...model, publishing: { ...model.publishing, isAwaitingAnswer: false, isCodecRefused: true } });
  }
  if (error.ref === offerRef(model.publishing.attempt)) return publishLater(model);
  // A position that the server refused was not seen by anybody: that must not be claimed until one is taken.
  if (error.ref === FIX_REF) return outcome({ ...model, position: { ...model.position, last: null } });
  if (model.isGiving && error.ref === "consent") {
    return outcome({ ...model, isGiving: false, problem: error.code });
  }
  return outcome(model);
}

/** One list without doubles, in the order of time; what the server has replaces what was pending. */
export function mergeChat(lines: ChatLine[], messages: ChatMsg[]): ChatLine[] {
  const known = new Set(messages.map((message) => message.client_id));
  const kept = lines.filter((line) => !known.has(line.client_id));
  const arrived = messages.map((message): ChatLine => ({ ...message, isPending: false }));
  return [...kept, ...arrived].sort((a, b) => Date.parse(a.sent_at) - Date.parse(b.sent_at));
}
