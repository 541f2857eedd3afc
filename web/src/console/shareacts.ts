/** What an operator does across the border: shares, ends it, and looks at what others share. */

import type { ShareActs, ShareDraft } from "./desk";
import { OperatorActs } from "./operatoracts";

/** Least characters of a purpose, as the server wants it. */
export const LEAST_PURPOSE = 5;

/** The acts of sharing with another force. */
export class SharingActs extends OperatorActs implements ShareActs {
  openShare(sessionId: string): void {
    this.failed("share", null);
    this.local({ shareTab: "force", share: { sessionId, force: "", purpose: "", minutes: 60, chat: false, recording: false } });
  }

  editShare(change: Partial<ShareDraft>): void {
    const { share } = this.fields;
    if (share !== null) this.local({ share: { ...share, ...change } });
  }

  closeShare(): void {
    this.local({ share: null });
  }

  sendShare(endsAt: number): void {
    const { share } = this.fields;
    if (share === null) return;
    const { sessionId, force, purpose, chat, recording } = share;
    const wasSent = this.parts.link.send({ type: "share.give", session_id: sessionId, force, purpose: purpose.trim(), ends_at: endsAt, chat, recording });
    this.failed("share", wasSent ? null : "Not connected: nothing was shared.");
    if (wasSent) this.closeShare();
  }

  revokeShare(sessionId: string, shareId: string): void {
    const wasSent = this.parts.link.send({ type: "share.revoke", session_id: sessionId, share_id: shareId });
    this.failed(`share:${sessionId}`, wasSent ? null : "Not connected: it is shared still.");
  }

  showToOfficers(sessionId: string, isShown: boolean): void {
    const wasSent = this.parts.link.send({ type: isShown ? "session.show" : "session.hide", session_id: sessionId });
    this.failed(`share:${sessionId}`, wasSent ? null : `Not connected: ${isShown ? "it is not shown" : "it is shown still"}.`);
  }

  chooseShared(shareId: string): void {
    this.parts.store.dispatch({ type: "shared.choose", shareId });
    this.parts.store.dispatch({ type: "mode", mode: "session" });
  }
}
