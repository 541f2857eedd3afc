/** The control room's voice: a console speaks to an officer who is live, the officer's page listens. */

import type { IceCandidate, IceServer, Instant } from "./shapes";

/** Who speaks in a session, as the consoles of the force are told. */
export interface TalkView {
  id: string;
  user_id: string;
  name: string;
  /** The button is held down now, or kept open. */
  speaking: boolean;
  began_at: Instant;
}

/** The same as the officer's page is told. */
export type OwnTalk = Pick<TalkView, "id" | "name" | "speaking">;

/** The session's newest state of it; a lower revision than the last one's is older. */
interface TalkChanged<T> {
  type: "talk.changed";
  session_id: string;
  talk: T | null;
  revision: number;
  topic: string;
  seq: number;
}

/** Either side's candidates; null says that there are no more. */
interface TalkCandidate {
  type: "talk.candidate";
  talk_id: string;
  candidate: IceCandidate | null;
}

/** Server to a console. `ended`: which talk is over by that, and why. */
export type SpeakingServerMessage =
  | { type: "talk.answer"; talk_id: string; session_id: string; sdp: string; ice_servers: IceServer[]; ref?: string | null }
  | (TalkChanged<TalkView> & { ended: { id: string; reason: string } | null });

/** The console to the server. */
export type SpeakingClientMessage =
  | { type: "talk.start"; session_id: string; sdp: string }
  | { type: "talk.speak"; talk_id: string; on: boolean }
  | { type: "talk.stop"; talk_id: string }
  | TalkCandidate;

/** Server to the officer's page. */
export type ListeningServerMessage =
  | { type: "talk.offer"; talk_id: string; sdp: string; ice_servers: IceServer[]; ref?: string | null }
  | TalkChanged<OwnTalk>;

/** The officer's page to the server. */
export type ListeningClientMessage =
  | { type: "talk.listen"; talk_id: string }
  | { type: "talk.accept"; talk_id: string; sdp: string }
  | TalkCandidate;
