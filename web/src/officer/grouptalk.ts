/** The part of the officer's page about the group text: what the officer says to all on the incident, and what they say. */

import type { nothing, TemplateResult } from "lit-html";

import type { ErrorMessage, IncidentMsg, OfficerServerMessage, OfficerState } from "../signalling/messages";
import type { SocketState } from "../signalling/socket";
import { frameOf, groupOf, newClientId, SAY_REF, withFailure, withLine, withoutArrived, type Saying } from "./group";
import { groupCards, groupSheet } from "./groupview";
import type { OfficerPart, PartHost } from "./parts";

/** One page's group text. What is said is kept here until it has come back: a line that was lost is no loss. */
export class GroupTalk implements OfficerPart {
  /** The incident whose sheet with all lines is over the page; null: none is. */
  shownId: string | null = null;
  /** By incident, what is typed and not sent: no line goes to the wrong one. */
  private drafts: Readonly<Record<string, string>> = {};
  /** Lines on their way. */
  sayings: readonly Saying[] = [];
  /** The next state is the first of a new line: what was said into the old one may be lost. */
  private isNewLine = true;

  constructor(private readonly host: PartHost) {}

  /** The server's last word. */
  get server(): OfficerState | null {
    return this.host.page().server;
  }

  /** A sheet is over the page. */
  get isOpen(): boolean {
    return this.shownId !== null;
  }

  /** What is typed on the sheet and not sent. */
  get draft(): string {
    return this.drafts[this.groupId ?? ""] ?? "";
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
    return groupCards(this);
  }

  sheetView(): TemplateResult | typeof nothing {
    return groupSheet(this);
  }

  /** Shows all lines of an incident, or puts them away: whoever was told of a line reads it by that. */
  open(incidentId: string | null): void {
    this.shownId = incidentId;
    const told = (this.server?.notices ?? []).filter((notice) => notice.kind === "message" && notice.subject_id === incidentId);
    for (const { id } of told) this.host.send({ type: "notice.seen", notice_id: id }, "keep");
    this.host.redraw();
  }

  /** Keeps what is typed. */
  write(text: string): void {
    this.drafts = { ...this.drafts, [this.groupId ?? ""]: text };
    this.host.redraw();
  }

  /** Says a line to an incident; without its id to the one whose sheet is shown, or the first. */
  say(text: string, incidentId = this.groupId): void {
    if (incidentId === null || groupOf(this.server, incidentId) === null) return;
    const saying: Saying = { incidentId, clientId: newClientId(), text, failure: null };
    if (text === this.drafts[incidentId]?.trim()) this.drafts = { ...this.drafts, [incidentId]: "" };
    this.sayings = [...this.sayings, saying];
    this.host.redraw();
    this.host.send(frameOf(saying));
  }

  sayAgain(clientId: string): void {
    this.sayings = this.sayings.map((saying) => (saying.clientId === clientId ? { ...saying, failure: null } : saying));
    this.host.redraw();
    for (const saying of this.sayings) if (saying.clientId === clientId) this.host.send(frameOf(saying));
  }

  private get groupId(): string | null {
    return groupOf(this.server, this.shownId)?.incident.id ?? null;
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

  /** Takes off what has come back, and closes the sheet of an incident that the officer is on no more; returns whether something changed. */
  private settle(server: OfficerState): boolean {
    const { shownId, sayings } = this;
    this.sayings = withoutArrived(sayings, server);
    if (shownId !== null && groupOf(server, shownId) === null) this.shownId = null;
    return this.shownId !== shownId || this.sayings.length !== sayings.length;
  }
}
