/** What the officer was told and has not seen yet: kept beside the server's last word, shown on top of every screen. */

import { html, nothing, type TemplateResult } from "lit-html";

import type { NoticeKind, NoticeServerMessage, NoticeView, OfficerServerMessage, OfficerState } from "../signalling/messages";
import type { OfficerPage } from "./state";

/** How many are shown at a time: while live, the picture and STOP need the room. */
const MOST_SHOWN = 2;

export const NOTICE_WORDS: Readonly<Record<NoticeKind, string>> = {
  assignment: "New assignment", view_request: "Request to see", message: "New message", consultation: "Consultation",
};

type News = { type: "officer.notice"; notice: NoticeView } | { type: "officer.notice_seen"; notice_id: string };

/** Whether a message is about notices. */
export function isOfNotices(message: OfficerServerMessage): message is NoticeServerMessage {
  return message.type === "officer.notice" || message.type === "officer.notice_seen";
}

/** The server's last word with this news in it; it may be in it already. */
export function withNotices(server: OfficerState | null, news: News): OfficerState | null {
  if (server === null) return null;
  const id = news.type === "officer.notice" ? news.notice.id : news.notice_id;
  const others = server.notices.filter((notice) => notice.id !== id);
  return { ...server, notices: news.type === "officer.notice" ? [...others, news.notice] : others };
}

/** The ids of what was to be seen before and is not any more. */
export function goneFrom(before: OfficerPage | null, now: OfficerPage): string[] {
  const left = new Set(now.server?.notices.map((notice) => notice.id));
  return (before?.server?.notices ?? []).map((notice) => notice.id).filter((id) => !left.has(id));
}

/** Newest first, each with its time and one tap to take it down. */
export function noticesView(page: OfficerPage, see: (noticeId: string) => void): TemplateResult {
  const newestFirst = [...(page.server?.notices ?? [])].reverse();
  const more = newestFirst.length - MOST_SHOWN;
  return html`<div class="notices" role="alert" data-testid="notices" ?hidden=${newestFirst.length === 0}>
    ${newestFirst.slice(0, MOST_SHOWN).map((notice) => noticeView(notice, () => see(notice.id)))}
    ${more > 0 ? html`<p class="more-notices">and ${more} more</p>` : nothing}</div>`;
}

function noticeView(notice: NoticeView, see: () => void): TemplateResult {
  const at = new Date(notice.created_at).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  return html`<div class="told" data-testid="notice" data-kind=${notice.kind}>
    <p><b>${NOTICE_WORDS[notice.kind]}</b> <span>Control room, ${at}</span></p>
    ${notice.kind === "consultation" && notice.subject_id !== null
      ? html`<a class="seen" data-testid="notice-open" href="/consultations/${notice.subject_id}/" @click=${see}>Open</a>` : nothing}
    <button type="button" class="seen" data-testid="notice-seen" aria-label="${NOTICE_WORDS[notice.kind]}, ${at}: seen" @click=${see}>Seen</button></div>`;
}
