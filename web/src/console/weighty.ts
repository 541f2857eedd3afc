/** Acts that an operator must not believe done when the line was lost just then. */

import type { ConsoleClientMessage } from "../signalling/messages";

const WORDS: Partial<Record<ConsoleClientMessage["type"], string>> = {
  "session.end": "ending the session",
  "recording.set": "switching the recording",
  "still.ask": "asking for a picture",
  "share.give": "sharing with another force",
  "share.revoke": "ending a share",
  "agency.revoke": "ending a share with an agency",
  "session.show": "showing the picture to officers",
  "session.hide": "hiding the picture from officers",
  "assignment.ask": "asking an officer to go there",
  "assignment.end": "releasing an officer",
  "view.request": "asking an officer to show the picture",
  "view.withdraw": "withdrawing a request",
};

/** What to say of messages that may never have arrived; null when none of them was an act of weight. */
export function doubtWords(messages: readonly ConsoleClientMessage[]): string | null {
  const acts = [...new Set(messages.map(({ type }) => WORDS[type]).filter((words) => words !== undefined))];
  return acts.length === 0 ? null : `The connection was lost just then: look whether it was done before you do it again (${acts.join(", ")}).`;
}
