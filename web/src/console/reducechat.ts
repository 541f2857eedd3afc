/** Chat in the console's state: drafts, lines on their way, lines that arrived. Pure. */

import type { ChatMsg } from "../signalling/messages";
import { marked } from "./marks";
import { emptyDetails } from "./reducestills";
import type { Action, ConsoleState, PendingMessage, SessionDetails } from "./state";

type ChatAction = Extract<Action, { type: "chat.draft" | "chat.sent" | "chat.failed" }>;

/** State after something was typed, sent, or refused. */
export function reduceChat(state: ConsoleState, action: ChatAction): ConsoleState {
  switch (action.type) {
    case "chat.draft":
      return { ...state, chatDrafts: { ...state.chatDrafts, [action.sessionId]: action.text } };
    case "chat.sent":
      return sent(state, action);
    case "chat.failed":
      return failed(state, action.clientId, action.reason);
  }
}

/** A line that arrived, whoever wrote it; a line of the caller is marked unless its session is on the screen. */
export function withMessage(state: ConsoleState, message: ChatMsg, at: number): ConsoleState {
  const details = state.details[message.session_id];
  const isNews = message.sender === "caller" && !isOnScreen(state, message.session_id);
  const marks = marked(state, message.session_id, isNews ? ["caller_message"] : [], at);
  if (details === undefined) return { ...state, marks };
  const messages = details.messages.filter((line) => line.id !== message.id);
  const pending = details.pending.filter((line) => line.clientId !== message.client_id);
  return { ...withDetails(state, message.session_id, { ...details, messages: [...messages, message], pending }), marks };
}

/** A line leaves the input and waits for its echo; sending a failed line again replaces it. */
function sent(state: ConsoleState, action: Extract<Action, { type: "chat.sent" }>): ConsoleState {
  const details = state.details[action.sessionId] ?? emptyDetails();
  const others = details.pending.filter((line) => line.clientId !== action.clientId);
  const line: PendingMessage = { clientId: action.clientId, text: action.text, phrase: action.phrase, at: action.at, failure: null };
  const next = withDetails(state, action.sessionId, { ...details, pending: [...others, line] });
  return action.phrase === null ? { ...next, chatDrafts: { ...state.chatDrafts, [action.sessionId]: "" } } : next;
}

/** A line that did not go stays, with the reason. */
function failed(state: ConsoleState, clientId: string, reason: string): ConsoleState {
  const found = Object.entries(state.details).find(([, details]) =>
    details.pending.some((line) => line.clientId === clientId),
  );
  if (found === undefined) return state;
  const [sessionId, details] = found;
  const pending = details.pending.map((line) => (line.clientId === clientId ? { ...line, failure: reason } : line));
  return withDetails(state, sessionId, { ...details, pending });
}

function withDetails(state: ConsoleState, sessionId: string, details: SessionDetails): ConsoleState {
  return { ...state, details: { ...state.details, [sessionId]: details } };
}

function isOnScreen(state: ConsoleState, sessionId: string): boolean {
  return state.mode === "session" && state.chosenId === sessionId;
}
