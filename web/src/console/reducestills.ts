/** Pictures and uploads in the console's state. Each frame states a whole, and may be applied twice. Pure. */

import type { StillAsk, StillView, UploadView } from "../signalling/messages";
import type { ConsoleState, SessionDetails } from "./state";

/** Details of a session that nothing is known of. */
export function emptyDetails(): SessionDetails {
  return { positions: [], messages: [], pending: [], stills: [], asks: [], uploads: [] };
}

/** A picture came in. Of a session that is not opened, its snapshot will have it. */
export function withStill(state: ConsoleState, sessionId: string, still: StillView): ConsoleState {
  return changed(state, sessionId, (details) => ({ ...details, stills: put(details.stills, still) }));
}

/** A picture was asked for, and came, or will not come. */
export function withAsk(state: ConsoleState, sessionId: string, ask: StillAsk): ConsoleState {
  return changed(state, sessionId, (details) => ({ ...details, asks: put(details.asks, ask) }));
}

/** An upload came a little further. */
export function withUpload(state: ConsoleState, sessionId: string, upload: UploadView): ConsoleState {
  return changed(state, sessionId, (details) => ({ ...details, uploads: put(details.uploads, upload) }));
}

function changed(state: ConsoleState, sessionId: string, change: (details: SessionDetails) => SessionDetails): ConsoleState {
  const details = state.details[sessionId];
  if (details === undefined) return state;
  return { ...state, details: { ...state.details, [sessionId]: change(details) } };
}

/** A list with one thing in its place, or at the end. */
function put<T extends { id: string }>(list: readonly T[], thing: T): T[] {
  const isKnown = list.some((one) => one.id === thing.id);
  return isKnown ? list.map((one) => (one.id === thing.id ? thing : one)) : [...list, thing];
}
