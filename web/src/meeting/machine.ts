/** The state machine of a person's page: pure. The server's phase is the truth; the page adds what only it can know. */

import { actOf, type Handlers } from "../signalling/handling";
import type { ErrorMessage } from "../signalling/messages";
import type { ConsentAsked, MeetingServerMessage, MeetingState, MeetingView, Phase } from "../signalling/meetingmessages";
import type { SocketState } from "../signalling/socket";
import type { MeetingEffect, MeetingEvent, MeetingModel, MeetingOutcome, Screen, TalkPart } from "./model";

/** Phases in which somebody who is admitted later has been on this page all along. */
const BEFORE: ReadonlySet<Phase> = new Set(["early", "check", "waiting", "private", "sent_away"]);
const OVER: ReadonlySet<Phase> = new Set(["over", "removed"]);
const LONGEST_NAME = 300;

const READY_REF = "ready";
const TALK_REF = "talk";

/** What is on the screen. */
export function screenOf(model: MeetingModel): Screen {
  const { meeting, line } = model;
  if (line === "refused" && (meeting === null || !OVER.has(meeting.phase))) return "refused";
  if (meeting === null) return "connecting";
  if (model.isLeft && !OVER.has(meeting.phase)) return "left";
  const { phase } = meeting;
  if (phase !== "call" && phase !== "away") return phase;
  if (isAskedFirst(model)) return "asked";
  return model.seat === "taken" || !model.isHere ? "away" : "call";
}

/** Whether a question stands between the person and the call. Who is in it is asked there. */
export function isAskedFirst({ consent, seat }: MeetingModel): boolean {
  return consent?.why === "joined" && seat !== "in" && seat !== "lost";
}

/** One event. */
export function reduce(model: MeetingModel, event: MeetingEvent): MeetingOutcome {
  switch (event.type) {
    case "server":
      return server(model, event.message);
    case "line":
      return lineChanged(model, event.state, event.code);
    case "seat":
      return plain({ ...model, seat: event.state });
    case "gone":
      return gone(model, event.reason);
    case "refused":
      return refused(model, event.code, event.details);
    case "name":
      return plain({ ...model, name: event.name, problem: null });
    case "alone":
      return plain({ ...model, alone: event.alone, problem: null });
    case "ready":
      return ready(model);
    case "come_in":
      return follow({ ...model, isHere: true, problem: null, seat: model.seat === "taken" ? "out" : model.seat });
    case "ask_talk":
      return sending({ ...model, talkAskedOf: event.with, problem: null }, { type: "talk.ask", with: event.with, ref: TALK_REF });
    case "answer_talk":
      return answerTalk(model, event.isAccepted);
    case "end_talk":
      return sending(model, { type: "talk.end" });
    case "answered_consent":
      return follow({ ...model, consent: null });
    case "leave":
      return leave(model);
    case "left":
      return exit(model);
  }
}

/** A server that says no for good ends everything that goes out of this page. */
function lineChanged(model: MeetingModel, line: SocketState, code: number | null): MeetingOutcome {
  const now = { ...model, line, refusalCode: code ?? model.refusalCode, isReadySending: line === "open" && model.isReadySending };
  return line === "refused" ? plain(now, { do: "leave_seat" }, { do: "forget_here" }, { do: "stop_devices" }) : plain(now);
}

function plain(model: MeetingModel, ...effects: MeetingEffect[]): MeetingOutcome {
  return { model, effects };
}

function sending(model: MeetingModel, message: Extract<MeetingEffect, { do: "send" }>["message"]): MeetingOutcome {
  return plain(model, { do: "send", message, waiting: "keep" });
}

const SERVER: Handlers<MeetingServerMessage, (model: MeetingModel) => MeetingOutcome> = {
  "meeting.state": (message) => (model) => stated(model, message),
  "meeting.changed": (message) => (model) => moved(model, message.meeting),
  "consent.asked": ({ round, why, wording }) => (model) => plain({ ...model, consent: { round, why, wording } }),
  "consent.kept": ({ round }) => (model) => (model.consent?.round === round ? follow({ ...model, consent: null }) : plain(model)),
  "talk.asked": ({ talk_id, by }) => (model) => plain({ ...model, talkAskedBy: { id: talk_id, with: by } }),
  "talk.began": (message) => (model) => talkBegan(model, { id: message.talk_id, with: message.with }),
  "talk.ended": ({ talk_id }) => (model) => talkEnded(model, talk_id),
  "call.ended": ({ questions }) => (model) => plain({ ...model, hasQuestions: questions }, { do: "leave_seat" }, { do: "forget_here" }, { do: "stop_devices" }),
  error: (message) => (model) => failed(model, message),
};

function server(model: MeetingModel, message: MeetingServerMessage): MeetingOutcome {
  return actOf(SERVER, message)?.()(model) ?? plain(model);
}

/** The whole, on each connect. Only then does the page learn whether it was in a call that another one has now. */
function stated(model: MeetingModel, message: MeetingState): MeetingOutcome {
  const name = model.name === "" ? message.meeting.shown_name : model.name;
  const consent: ConsentAsked | null = message.wording;
  return moved({ ...model, name, consent, problem: null }, message.meeting);
}

/** Phases in which "I am ready" has not been taken yet. */
const UNREADY: ReadonlySet<Phase> = new Set(["early", "check", "sent_away", "left"]);

function moved(model: MeetingModel, meeting: MeetingView): MeetingOutcome {
  const { phase } = meeting;
  const wasBefore = BEFORE.has(phase) || (model.meeting !== null && BEFORE.has(model.meeting.phase));
  return follow({
    ...model, ...talksIn(model, phase), meeting, isReadySending: model.isReadySending && UNREADY.has(phase), isHere: model.isHere || wasBefore,
    isLeft: model.isLeft && (phase === "left" || phase === "call"), hasQuestions: model.hasQuestions || phase === "over",
  });
}

/** What of private talks still holds in a phase. */
function talksIn(model: MeetingModel, phase: Phase): Pick<MeetingModel, "talk" | "talkAskedBy" | "talkAskedOf"> {
  if (phase === "private") return { talk: model.talk, talkAskedBy: null, talkAskedOf: model.talkAskedOf };
  return { talk: null, talkAskedBy: OVER.has(phase) ? null : model.talkAskedBy, talkAskedOf: null };
}

/** Take the seat that the phase is about, or give up the one that it is not about any more. */
function follow(model: MeetingModel): MeetingOutcome {
  const screen = screenOf(model);
  if (screen === "call" && model.seat === "out") return plain(model, { do: "remember_here" }, { do: "join", purpose: "call", talkId: null });
  if (screen === "over" || screen === "removed") return plain(model, { do: "leave_seat" }, { do: "forget_here" }, { do: "stop_devices" }, { do: "close_line" });
  const isInRoom = screen === "call" || screen === "private" || screen === "away";
  if (!isInRoom && model.seat !== "out") return plain(model, { do: "leave_seat" }, { do: "forget_here" });
  return plain(model);
}

function talkBegan(model: MeetingModel, talk: TalkPart): MeetingOutcome {
  const now = { ...model, talk, talkAskedBy: null, talkAskedOf: null, isHere: true };
  return plain(now, { do: "join", purpose: "talk", talkId: talk.id });
}

/** Whoever was in it leaves its room at once; where they go says the phase. A talk that was only asked for asks no more. */
function talkEnded(model: MeetingModel, talkId: string): MeetingOutcome {
  if (model.talk?.id === talkId) return plain({ ...model, talk: null, seat: "out" }, { do: "leave_seat" });
  const wasAsked = model.talkAskedBy?.id === talkId;
  return plain({ ...model, talkAskedBy: wasAsked ? null : model.talkAskedBy, talkAskedOf: null, problem: wasAsked || model.talkAskedOf === null ? model.problem : "talk_over" });
}

function answerTalk(model: MeetingModel, isAccepted: boolean): MeetingOutcome {
  const { talkAskedBy } = model;
  if (talkAskedBy === null) return plain(model);
  return sending({ ...model, talkAskedBy: null }, { type: isAccepted ? "talk.accept" : "talk.decline", talk_id: talkAskedBy.id, ref: TALK_REF });
}

/** The seat is gone for a reason of the server's; the phase, which follows, says where the page goes. */
function gone(model: MeetingModel, reason: string): MeetingOutcome {
  const now: MeetingModel = { ...model, seat: "out" };
  return reason === "removed" || reason === "over" ? plain(now, { do: "forget_here" }, { do: "stop_devices" }) : plain(now);
}

/** The server will not let the page in: with a question that is due, or a reason that a person can read. */
function refused(model: MeetingModel, code: string, details: Record<string, unknown>): MeetingOutcome {
  const out: MeetingModel = { ...model, seat: "out" };
  if (code === "consent_unanswered" && "wording" in details) return plain({ ...out, consent: { ...(details as unknown as ConsentAsked), why: "joined" } });
  return plain({ ...out, isHere: false, problem: code });
}

/** The own name and an answer about being alone, which nobody but officers sees; a missing one is said before anything is sent. */
function ready(model: MeetingModel): MeetingOutcome {
  if (model.isReadySending) return plain(model);
  const name = model.name.trim();
  if (name === "") return plain({ ...model, problem: "name_empty" });
  if (Array.from(name).length > LONGEST_NAME) return plain({ ...model, problem: "name_too_long" });
  if (model.alone === "") return plain({ ...model, problem: "alone_missing" });
  return sending(
    { ...model, isReadySending: true, isHere: true, isLeft: false, problem: null },
    { type: "ready.say", shown_name: name, alone: model.alone, ref: READY_REF },
  );
}

function failed(model: MeetingModel, { ref, code }: ErrorMessage): MeetingOutcome {
  if (ref === READY_REF) return plain({ ...model, isReadySending: false, problem: code });
  if (ref === TALK_REF) return plain({ ...model, talkAskedOf: null, problem: code });
  return plain(model);
}

function leave(model: MeetingModel): MeetingOutcome {
  const message: MeetingEffect = { do: "send", message: { type: "meeting.leave" }, waiting: "keep" };
  return plain({ ...model, isLeft: true, talk: null, seat: "out" }, { do: "leave_seat" }, message, { do: "forget_here" }, { do: "stop_devices" });
}

/** Everything is off before the page goes; the server hears of it by a request that outlives the page. */
function exit(model: MeetingModel): MeetingOutcome {
  if (model.meeting === null || OVER.has(model.meeting.phase)) return plain(model, { do: "stop_devices" });
  return plain({ ...model, isLeft: true, seat: "out" }, { do: "leave_seat" }, { do: "stop_devices" }, { do: "forget_here" }, { do: "tell_left" }, { do: "close_line" });
}
