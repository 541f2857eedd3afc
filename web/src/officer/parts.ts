/** The parts of the officer's page beside what shares: each has its file, hears the line, and draws what is its own. */

import type { TemplateResult } from "lit-html";

import type { OfficerClientMessage, OfficerServerMessage, OfficerState } from "../signalling/messages";
import type { Waiting } from "../signalling/queue";
import type { SocketState } from "../signalling/socket";
import { Duty } from "./duty";
import type { OfficerPage } from "./state";

/** What a part may do with the page that it belongs to. */
export interface PartHost {
  page(): OfficerPage;
  /** Send now, or as `waiting` says on the next line; returns whether it was sent now. */
  send(message: OfficerClientMessage, waiting?: Waiting): boolean;
  /** What to add to this phone's clock to get the server's, in ms. */
  clockOffset(): number;
  /** Something that this part shows has changed. */
  redraw(): void;
}

/** One part. What it does not need it leaves out. */
export interface OfficerPart {
  /** The line opened or was lost; `refused` is for good. */
  lineChanged?(line: SocketState): void;
  /** The server's whole state, after the page has taken it: on each connect and whenever something of it changed. */
  stateTaken?(state: OfficerState): void;
  /** One other frame, errors too; returns whether it was this part's, and nobody else's. */
  received?(message: OfficerServerMessage): boolean;
  /** The officer signs out: nothing of theirs stays on this phone. */
  signedOut?(): void;
  /** On the first screen, above the status. */
  homeView?(): TemplateResult | null;
  /** On the live screen, above the tools. */
  liveView?(): TemplateResult | null;
}

/** What makes each part, in the order in which they hear and are drawn. A new part is one line here. */
export const PARTS: readonly ((host: PartHost) => OfficerPart)[] = [
  (host: PartHost): OfficerPart => new Duty(host),
];
