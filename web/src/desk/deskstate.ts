/** What a desk knows of its consultation. Pure: the server's words, each stating a whole, and the newest of two counts. */

import type {
  ConsultationView, DeskMe, DeskServerMessage, DeskSnapshot, MoveView, RoomState, WaitingView,
} from "../signalling/deskmessages";
import { actOf, type Handlers } from "../signalling/handling";
import type { Instant } from "../signalling/messages";
import { newest } from "../room/people";

export interface DeskState {
  consultation: ConsultationView | null;
  me: DeskMe;
  waiting: readonly WaitingView[];
  /** The call as officers know it, also while they are not in it. */
  room: RoomState | null;
  moves: readonly MoveView[];
  /** Everything was read on the line that is open now. */
  isSynced: boolean;
}

const NOBODY: DeskMe = { participant_id: null, state: "", is_leader: false, may_take: false, may_oversee: false, is_other_unit: false };

export const FIRST_STATE: DeskState = { consultation: null, me: NOBODY, waiting: [], room: null, moves: [], isSynced: false };

const WORDS: Handlers<DeskServerMessage, (state: DeskState) => DeskState> = {
  "desk.snapshot": (message) => () => fromSnapshot(message),
  "desk.changed": ({ consultation, me }) => (state) => withConsultation(state, consultation, me),
  "waiting.changed": ({ waiting }) => (state) => ({ ...state, waiting }),
  // Of a private talk of the own, which names its place, the desk knows by its seat.
  "room.changed": (room) => (state) => (room.place_id !== undefined ? state : { ...state, room: newest(state.room, room) }),
  "move.asked": ({ move }) => (state) => ({ ...state, moves: [...state.moves.filter((one) => one.id !== move.id), move] }),
  "risk.due": ({ due_at }) => (state) => withRiskDue(state, due_at),
};

/** The state with one more word in it. */
export function reduceDesk(state: DeskState, message: DeskServerMessage): DeskState {
  return actOf(WORDS, message)?.()(state) ?? state;
}

function withRiskDue(state: DeskState, due_at: Instant): DeskState {
  const { consultation } = state;
  return consultation === null ? state : { ...state, consultation: { ...consultation, risk: { ...consultation.risk, due_at, is_overdue: true } } };
}

function fromSnapshot({ consultation, me, waiting, room }: DeskSnapshot): DeskState {
  return { consultation, me, waiting, room, moves: consultation.moves, isSynced: true };
}

function withConsultation(state: DeskState, consultation: ConsultationView, me: DeskMe | undefined): DeskState {
  if (state.consultation !== null && consultation.revision < state.consultation.revision) return state;
  return { ...state, consultation, moves: consultation.moves, me: me ?? meIn(consultation, state.me) };
}

/** How one stands oneself follows from the whole, where the word does not say it: whether one leads, say. */
function meIn({ participants, taken_by }: ConsultationView, me: DeskMe): DeskMe {
  const own = participants.find((person) => person.id === me.participant_id);
  if (own === undefined) return me;
  return { ...me, state: own.state, is_leader: taken_by !== null && own.user_id !== null && taken_by.id === own.user_id };
}

/** Whether it is over, however that came. */
export function isOver(consultation: ConsultationView | null): boolean {
  const state = consultation?.state;
  return state === "ended" || state === "cancelled" || state === "missed";
}

/** How many wait. */
export function waitingCount({ waiting }: DeskState): number {
  return waiting.filter((person) => person.state === "waiting").length;
}
