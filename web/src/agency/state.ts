/** Everything that an agency's live page is made of. Changed by `reduce` alone, so that it can be tested without a page. */

import type { AgencyEnd, AgencyServerMessage, AgencyView, AgencyViewerEnd } from "../signalling/agencyshapes";
import type { ErrorMessage, Fix } from "../signalling/messages";
import type { SocketState } from "../signalling/socket";

/** Why nothing is shown any more: sharing has ended, the viewer left, or the line was refused. */
export type Over = AgencyEnd | AgencyViewerEnd | "elsewhere" | "not_let_in";

export interface AgencyState {
  line: SocketState;
  /** A snapshot has arrived on the connection that is open now: what is shown is true. */
  isSynced: boolean;
  viewer: { id: string; name: string } | null;
  shared: AgencyView | null;
  position: Fix | null;
  over: Over | null;
  overAt: string | null;
}

export const START: AgencyState = {
  line: "closed", isSynced: false, viewer: null, shared: null, position: null, over: null, overAt: null,
};

export type AgencyAction =
  | { type: "wire"; message: AgencyServerMessage | ErrorMessage }
  | { type: "line"; state: SocketState; code: number | null }
  | { type: "left" }
  | { type: "here" };

const OPEN_ELSEWHERE = 4429;
const OVER = 4410;

/** The state after something happened. */
export function reduce(state: AgencyState, action: AgencyAction): AgencyState {
  switch (action.type) {
    case "wire":
      return received(state, action.message);
    case "line":
      return lineChanged(state, action.state, action.code);
    case "left":
      return over(state, "left", null);
    case "here":
      return { ...state, over: null };
  }
}

function received(state: AgencyState, message: AgencyServerMessage | ErrorMessage): AgencyState {
  switch (message.type) {
    case "agency.snapshot":
      return { ...state, isSynced: true, viewer: message.viewer, shared: message.shared, position: message.position };
    case "agency.changed":
      return isOlder(state, message.shared) ? state : { ...state, shared: message.shared, position: message.shared.shows_position ? state.position : null };
    case "agency.position":
      return state.shared?.shows_position !== true || isEarlier(message.fix, state.position) ? state : { ...state, position: message.fix };
    case "agency.viewer_ended":
      return message.viewer_id === state.viewer?.id ? over(state, message.reason, null) : state;
    case "agency.ended":
      return over(state, message.reason, message.at);
    case "error":
      return message.code === "share_over" && message.details !== undefined ? over(state, endOf(message), null) : state;
  }
}

function endOf({ details }: ErrorMessage): AgencyEnd {
  const { reason } = details ?? {};
  return reason === "expired" || reason === "session_over" || reason === "no_consent" ? reason : "revoked";
}

function lineChanged(state: AgencyState, line: SocketState, code: number | null): AgencyState {
  const next = { ...state, line, isSynced: line === "open" && state.isSynced };
  if (line !== "refused" || state.over !== null) return next;
  if (code === OPEN_ELSEWHERE) return over(next, "elsewhere", null);
  return over(next, code === OVER ? "revoked" : "not_let_in", null);
}

/** Nothing of what was shared stays on the page. The first reason is the true one. */
function over(state: AgencyState, reason: Over, at: string | null): AgencyState {
  if (state.over !== null) return state;
  return { ...state, over: reason, overAt: at, shared: null, position: null, isSynced: false };
}

function isOlder({ shared }: AgencyState, news: AgencyView): boolean {
  return shared === null || news.revision < shared.revision;
}

function isEarlier(fix: Fix, before: Fix | null): boolean {
  return before !== null && Date.parse(fix.fixed_at) < Date.parse(before.fixed_at);
}
