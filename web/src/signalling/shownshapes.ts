/** Pictures of their incidents that the control room shows to officers. */

import type { FlightNow } from "./flightshapes";
import type { Fix, Instant, SessionKind, StreamView } from "./shapes";

/** One of them: of a caller nothing is said but where they are. */
export interface ShownPicture {
  session_id: string;
  kind: SessionKind;
  /** Who streams, in an officer's session. */
  officer: { id: string; name: string; number: string } | null;
  /** What streams, in a flight. */
  source: { id: string; name: string } | null;
  incident: { id: string; reference: string };
  shown_at: Instant;
  /** Null before the first picture and after the last. */
  stream: StreamView | null;
  /** As of the state's `now`. */
  position: Fix | null;
  /** Of a drone: where it is and what it sees, and its way of the last two minutes, oldest first. */
  flight: FlightNow | null;
  trail: Fix[];
}

/** What a console asks about it. */
export type ShowingClientMessage = { type: "session.show"; session_id: string } | { type: "session.hide"; session_id: string };
