/** What an officer is told at once; the same is pushed to phones whose officer turned alerts on. */

import type { Instant } from "./shapes";

export type NoticeKind = "assignment" | "view_request" | "message" | "consultation";

export interface NoticeView {
  id: string;
  kind: NoticeKind;
  /** The assignment, request or session itself; null where there is none to name. */
  subject_id: string | null;
  created_at: Instant;
}

/** What the server says of notices. */
export type NoticeServerMessage =
  | { type: "officer.notice"; notice: NoticeView; topic: string; seq: number }
  | { type: "officer.notice_seen"; notice_id: string; topic: string; seq: number };

/** What a page says of them. */
export interface NoticeClientMessage {
  type: "notice.seen";
  notice_id: string;
}

/** What crosses a push service: nothing else may ever stand in it. `id` is the notice's, 32 hexadecimal digits. */
export interface PushedNotice {
  kind: NoticeKind;
  id: string;
}
