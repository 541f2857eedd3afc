/** The parts of the officer's page beside what shares: each has its file, hears the line, and draws what is its own. */

import type { nothing, TemplateResult } from "lit-html";

import type { OfficerClientMessage, OfficerServerMessage, OfficerState } from "../signalling/messages";
import type { Waiting } from "../signalling/queue";
import type { SocketState } from "../signalling/socket";
import { Asked } from "./asked";
import { Duty } from "./duty";
import { GroupTalk } from "./grouptalk";
import type { Notice, OfficerPage } from "./state";
import { Shown } from "./shown";
import { Told } from "./told";
import { Voice } from "./voice";

/** By what the officer goes live; the answer is the page's state. */
export type GoingLive = { type: "live.start"; incident_id: string | null } | { type: "view.accept"; request_id: string };

/** What a part may do with the page that it belongs to. */
export interface PartHost {
  page(): OfficerPage;
  /** Send now, or as `waiting` says on the next line; returns whether it was sent now. */
  send(message: OfficerClientMessage, waiting?: Waiting): boolean;
  /** Go live. */
  begin(message: GoingLive): void;
  /** Show this notice, or none. */
  say(notice: Notice): void;
  /** Puts in the place of the server's last word the same, with what was heard or done since in it. */
  amend(server: OfficerState | null): void;
  /** What to add to this phone's clock to get the server's, in ms. */
  clockOffset(): number;
  /** Something that this part shows has changed. */
  redraw(): void;
}

/** One part. What it does not need it leaves out. */
export interface OfficerPart {
  /** The page begins, and is about to connect. */
  start?(): void;
  /** The line opened or was lost; `refused` is for good. */
  lineChanged?(line: SocketState): void;
  /** The server's whole state, after the page has taken it: on each connect and whenever something of it changed. */
  stateTaken?(state: OfficerState): void;
  /** One other frame, errors too; returns whether it was this part's, and nobody else's. */
  received?(message: OfficerServerMessage): boolean;
  /** Something of the page has changed: whether this phone shares, say. Nothing of the page is changed here. */
  pageChanged?(): void;
  /** The officer signs out: nothing of theirs stays on this phone. For what takes time the page waits a moment. */
  signedOut?(): Promise<void> | void;
  /** On top of every screen, above all else. */
  topView?(): TemplateResult | typeof nothing;
  /** On the first screen, above the status. */
  homeView?(): TemplateResult | typeof nothing;
  /** On the first screen, under the status. */
  footView?(): TemplateResult | typeof nothing;
  /** On the live screen, under who watches: few lines, for picture and STOP stay in sight. */
  liveView?(): TemplateResult | typeof nothing;
  /** Over the controls of the first and the live screen, in reach of the thumb. */
  reachView?(): TemplateResult | typeof nothing;
  /** Over the whole first or live screen, under what is on top of every screen. */
  sheetView?(): TemplateResult | typeof nothing;
}

/** What makes each part, in the order in which they hear and are drawn. A new part is one line here. */
export const PARTS: readonly ((host: PartHost) => OfficerPart)[] = [
  (host: PartHost): OfficerPart => new Asked(host),
  (host: PartHost): OfficerPart => new Shown(host),
  (host: PartHost): OfficerPart => new Duty(host),
  (host: PartHost): OfficerPart => new Told(host),
  (host: PartHost): OfficerPart => new GroupTalk(host),
  (host: PartHost): OfficerPart => new Voice(host),
];
