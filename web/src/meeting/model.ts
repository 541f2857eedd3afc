/** What a person's page knows, what may happen to it, and what it may do: the words of its state machine. */

import type {
  Alone, ConsentAsked, GoneReason, MeetingClientMessage, MeetingServerMessage, MeetingView, Phase, TalkPerson,
} from "../signalling/meetingmessages";
import type { Waiting } from "../signalling/queue";
import type { SocketState } from "../signalling/socket";
import type { SeatState } from "../room/seatparts";

/** What is on the screen: a phase of the server's, or what the page must ask before. */
export type Screen = "connecting" | "refused" | "asked" | Exclude<Phase, "private"> | "private";

/** A private talk that was asked for, or goes on. */
export interface TalkPart {
  id: string;
  with: TalkPerson;
}

export interface MeetingModel {
  line: SocketState;
  refusalCode: number | null;
  meeting: MeetingView | null;
  /** This page is the one that the person means: it was here before, or was tapped. */
  isHere: boolean;
  seat: SeatState;
  /** Whether one may be recorded: due before coming in, or in the call. */
  consent: ConsentAsked | null;
  talk: TalkPart | null;
  talkAskedBy: TalkPart | null;
  /** Whom one has asked for a private talk. */
  talkAskedOf: string | null;
  isReadySending: boolean;
  /** What was chosen before "I am ready". */
  name: string;
  alone: Alone;
  /** Code of what is wrong, until the next act. */
  problem: string | null;
  /** The server has asked for the two questions. */
  hasQuestions: boolean;
  isLeft: boolean;
}

/** Everything that can happen to the page. */
export type MeetingEvent =
  | { type: "server"; message: MeetingServerMessage }
  | { type: "line"; state: SocketState; code: number | null }
  | { type: "seat"; state: SeatState }
  | { type: "gone"; reason: GoneReason }
  | { type: "refused"; code: string; details: Record<string, unknown> }
  | { type: "name"; name: string }
  | { type: "alone"; alone: Exclude<Alone, ""> }
  | { type: "ready" }
  | { type: "come_in" }
  | { type: "ask_talk"; with: string }
  | { type: "answer_talk"; isAccepted: boolean }
  | { type: "end_talk" }
  | { type: "answered_consent" }
  | { type: "leave" }
  | { type: "left" }; // by "Exit this page"

/** Everything that it may do in answer. */
export type MeetingEffect =
  | { do: "send"; message: MeetingClientMessage; waiting?: Waiting }
  | { do: "join"; purpose: "call" | "talk"; talkId: string | null }
  | { do: "leave_seat" }
  | { do: "remember_here" }
  | { do: "forget_here" }
  | { do: "stop_devices" }
  | { do: "tell_left" }
  | { do: "close_line" };

export interface MeetingOutcome {
  model: MeetingModel;
  effects: MeetingEffect[];
}

/** The page before the server has said anything. @param isHere whether this tab was in the call before it was loaded again */
export function firstModel(isHere: boolean): MeetingModel {
  return {
    line: "connecting", refusalCode: null, meeting: null, isHere, seat: "out", consent: null, talk: null, talkAskedBy: null, talkAskedOf: null,
    isReadySending: false, name: "", alone: "", problem: null, hasQuestions: false, isLeft: false,
  };
}
