/** The frames of /ws/consultation/: an officer's board, and the desk of one consultation (consultations/PROTOCOL.md). */

import type { ErrorMessage, Ping, Pong } from "./messages";
import type { SeatClientMessage, SeatServerMessage } from "./meetingmessages";
import type {
  BoardRow, CallUpload, ConsultationView, DeskMe, MoveView, RoomState, SaidView, SignalView, WaitingView,
} from "./meetingshapes";
import type { IceServer, Instant, Seqs } from "./shapes";

export type * from "./meetingmessages";

interface Framed {
  ref?: string | null;
  topic?: string;
  seq?: number;
}

/** Everything that a desk needs, sent when it opens a consultation and after each reconnect. */
export interface DeskSnapshot {
  type: "desk.snapshot";
  consultation: ConsultationView;
  me: DeskMe;
  waiting: WaitingView[];
  room: RoomState;
  messages: SaidView[];
  uploads: CallUpload[];
  signals: SignalView[];
  ice_servers: IceServer[] | null;
  seqs: Seqs;
  ref?: string | null;
}

/** Server to an officer's page. */
export type DeskServerMessage =
  | DeskSnapshot
  | SeatServerMessage
  | (Framed & { type: "desk.changed"; consultation: ConsultationView; me?: DeskMe; ice_servers?: IceServer[] | null })
  | (Framed & { type: "waiting.changed"; waiting: WaitingView[] })
  | (Framed & { type: "signal.sent"; signal: SignalView })
  | (Framed & { type: "risk.due"; due_at: Instant })
  | (Framed & { type: "move.asked"; move: MoveView })
  | (Framed & { type: "item.changed"; item_id: string; session_id: string; state: string })
  | (Framed & { type: "alarm.raised"; session_id: string; code: string; message: string })
  | (Framed & { type: "board.snapshot"; rows: BoardRow[]; signals: SignalView[]; seqs: Seqs; now: Instant })
  | (Framed & { type: "board.changed"; row: BoardRow })
  | (Framed & { type: "board.signal"; signal: SignalView })
  /** What is another team's: its number alone, so that no hole is seen. */
  | (Framed & { type: "board.nothing" })
  | Pong
  | ErrorMessage;

/** What an officer does to somebody, as the page knew them. */
interface Toward {
  participant_id: string;
  admission: number;
}

/** An officer's page to the server. */
export type DeskClientMessage =
  | SeatClientMessage
  | ({ ref?: string } & (
      | { type: "board.open" }
      | { type: "desk.open"; session_id: string }
      | { type: "desk.close" }
      | ({ type: "person.admit" } & Toward)
      | ({ type: "person.send_away"; text: string } & Toward)
      | ({ type: "person.put_back" } & Toward)
      | ({ type: "person.remove"; reason: string } & Toward)
      | { type: "person.mute"; participant_id: string }
      | { type: "room.lock"; on: boolean }
      | { type: "call.end"; reason: string }
      | { type: "consultation.take" }
      | { type: "recording.ask" }
      | { type: "recording.stop"; reason: string }
      | { type: "caution.state"; participant_id: string; reason: string; goes_on: boolean }
      | { type: "caution.lift" }
      /** Where no desk is open, the consultation is named. */
      | { type: "signal.seen"; signal_id: string; session_id?: string }
      | { type: "hand.lower"; participant_id: string }
    ))
  | Ping;
