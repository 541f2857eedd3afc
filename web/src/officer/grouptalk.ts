/** The part of the officer's page about the group text: what the officer says to all on the incident, and what they say. */

import type { nothing, TemplateResult } from "lit-html";

import type { ErrorMessage, IncidentMsg, OfficerServerMessage, OfficerState } from "../signalling/messages";
import type { SocketState } from "../signalling/socket";
import { frameOf, groupOf, newClientId, SAY_REF, withFailure, withLine, withoutArrived, type Saying } from "./group";
import { groupCard, groupSheet } from "./groupview";
import type { OfficerPart, PartHost } from "./parts";

/** One page's group text. What is said is kept here until it has come back: a line that was lost is no loss. */
export class GroupTalk implements OfficerPart {
  /** The sheet with all lines is over the page. */
  isOpen = false;
  /** What is typed and not sent. */
  draft = "";
  /** Lines on their way. */
  sayings: readonly Saying[] = [];
  /** The next state is the first of a new line: what was said into the old one may be lost. */
  private isNewLine = true;

  constructor(private readonly host: PartHost) {}

  /** The server's last word. */
  get server(): OfficerState | null {
    return this.host.page().server;
  }

  lineChanged(line: SocketState): void {
    this.isNewLine ||= line === "open";
  }

  /** What has arrived is on its way no more; on a new line the rest is said again. */
  stateTaken(server: OfficerState): void {
    const isNew = this.isNewLine;
    this.isNewLine = false;
    if (this.settle(server)) this.host.redraw();
    if (isNew) for (const saying of this.sayings) if (saying.failure === null) this.host.send(frameOf(saying));
  }

  received(message: OfficerServerMessage): boolean {
    if (message.type === "incident.message") this.arrived(message.message);
    else return message.type === "error" && this.refused(message);
    return true;
  }

  reachView(): TemplateResult | typeof nothing {
    return groupCard(this);
  }

  sheetView(): TemplateResult | typeof nothing {
    return groupSheet(this);
  }

  /** Shows all lines, or puts them away. */
  open(isOpen: boolean): void {
    this.isOpen = isOpen;
    this.host.redraw();
  }

  /** Keeps what is typed. */
  write(text: string): void {
    this.draft = text;
    this.host.redraw();
  }

  say(text: string): void {
    const group = groupOf(this.server);
    if (group === null) return;
    const saying: Saying = { incidentId: group.incident.id, clientId: newClientId(), text, failure: null };
    if (text === this.draft.trim()) this.draft = "";
    this.sayings = [...this.sayings, saying];
    this.host.redraw();
    this.host.send(frameOf(saying));
  }

  sayAgain(clientId: string): void {
    this.sayings = this.sayings.map((saying) => (saying.clientId === clientId ? { ...saying, failure: null } : saying));
    this.host.redraw();
    for (const saying of this.sayings) if (saying.clientId === clientId) this.host.send(frameOf(saying));
  }

  /** A line that somebody wrote; one's own comes back so, too. */
  private arrived(line: IncidentMsg): void {
    if (this.server === null) return;
    const server = withLine(this.server, line);
    this.settle(server);
    this.host.amend(server);
  }

  /** An error; returns whether it was about a line of the group text. */
  private refused({ ref, message }: ErrorMessage): boolean {
    if (ref?.startsWith(SAY_REF) !== true) return false;
    this.sayings = withFailure(this.sayings, ref, `Not sent: ${message}`);
    this.host.redraw();
    return true;
  }

  /** Takes off what has come back, and closes the sheet of an officer who is on no incident; returns whether something changed. */
  private settle(server: OfficerState): boolean {
    const { isOpen, sayings } = this;
    this.sayings = withoutArrived(sayings, server);
    this.isOpen = isOpen && groupOf(server) !== null;
    return this.isOpen !== isOpen || this.sayings.length !== sayings.length;
  }
}
