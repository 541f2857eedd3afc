/** What the control room tells the officer at once: on top of every screen, by the bell, and by the phone while the page is closed. */

import type { nothing, TemplateResult } from "lit-html";

import type { OfficerServerMessage } from "../signalling/messages";
import { Alerts, type AlertsBrowser } from "./alerts";
import { alertsView } from "./alertsview";
import { NoticeBell, PhoneRinger, type Ringer } from "./bell";
import { goneFrom, isOfNotices, noticesView, withNotices } from "./notices";
import type { OfficerPart, PartHost } from "./parts";
import type { OfficerPage } from "./state";

/** For tests: other ends in the place of the phone's. */
export interface ToldEnds {
  browser?: AlertsBrowser;
  ringer?: Ringer;
}

/** The part of the page about notices and alerts. */
export class Told implements OfficerPart {
  private readonly alerts: Alerts;
  private readonly bell: NoticeBell;
  /** The page as it was looked at last. */
  private shown: OfficerPage | null = null;

  constructor(private readonly host: PartHost, ends: ToldEnds = {}) {
    this.alerts = new Alerts(() => host.redraw(), ends.browser);
    this.bell = new NoticeBell(ends.ringer ?? new PhoneRinger());
  }

  /** Confirms alerts that are on; what was refused or failed may have been allowed, or work, whenever the officer comes back. */
  start(): void {
    void this.alerts.look();
    const look = (): void => {
      if (document.visibilityState === "visible" && this.alerts.state !== "on") void this.alerts.look();
    };
    document.addEventListener("visibilitychange", look);
    window.addEventListener("online", look);
  }

  stateTaken(): void {
    this.look();
  }

  received(message: OfficerServerMessage): boolean {
    if (!isOfNotices(message)) return false;
    this.host.amend(withNotices(this.host.page().server, message));
    this.look();
    return true;
  }

  signedOut(): Promise<void> {
    return this.alerts.forget();
  }

  topView(): TemplateResult {
    return noticesView(this.host.page(), (noticeId) => this.see(noticeId));
  }

  footView(): TemplateResult | typeof nothing {
    return alertsView(this.alerts);
  }

  /** Takes a notice down at once; the server hears of it when there is a line. */
  private see(noticeId: string): void {
    this.host.send({ type: "notice.seen", notice_id: noticeId }, "keep");
    this.host.amend(withNotices(this.host.page().server, { type: "officer.notice_seen", notice_id: noticeId }));
    this.look();
  }

  /** Rings for what is new, and takes from the phone's own list what was seen. */
  private look(): void {
    const page = this.host.page();
    const seen = goneFrom(this.shown, page);
    this.shown = page;
    if (seen.length > 0) void this.alerts.clear(seen).catch(() => undefined);
    this.bell.look(page);
  }
}
