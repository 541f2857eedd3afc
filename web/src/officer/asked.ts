/** What the officer answers to what is asked: to go somewhere, and to show what is there. */

import { nothing, type TemplateResult } from "lit-html";

import type { AssignmentRefusal, ErrorMessage, OfficerClientMessage, OfficerServerMessage, ViewRefusal } from "../signalling/messages";
import { askedLiveView, askedView } from "./asked_view";
import type { OfficerPart, PartHost } from "./parts";
import { refusalNotice, type OfficerPage } from "./state";

/** Ref of what asks for no more than to be told when it could not be done. */
export const ASKED_REF = "asked";
/** A page that goes somewhere asks where that is now, and who comes along, in ms. */
const LOOK_MS = 15_000;
const TICK_MS = 1_000;

/** What is being declined, while its reason is chosen. */
export type Refusing = { kind: "assignment" | "view"; id: string } | null;

/** The part of the page about what the control room asks. */
export class Asked implements OfficerPart {
  /** What is being declined, while its reason is chosen. */
  refusing: Refusing = null;
  /** What was answered, until the server says how it stands. */
  answering: string | null = null;
  private lookedAt = 0;

  constructor(private readonly host: PartHost) {}

  /** The page as it is now. */
  get page(): OfficerPage {
    return this.host.page();
  }

  /** The server's clock, as well as this page knows it, in ms. */
  now(): number {
    return Date.now() + this.host.clockOffset();
  }

  /** From now on ages count up, what has expired goes from the screen, and places are asked for anew. */
  start(): void {
    setInterval(() => this.tick(), TICK_MS);
  }

  stateTaken(): void {
    if (this.answering === null) return;
    this.answering = null;
    this.host.redraw();
  }

  received(message: OfficerServerMessage): boolean {
    if (message.type !== "error" || message.ref !== ASKED_REF) return false;
    this.refused(message);
    return true;
  }

  homeView(): TemplateResult | typeof nothing {
    return askedView(this);
  }

  liveView(): TemplateResult | typeof nothing {
    return askedLiveView(this);
  }

  accept(assignmentId: string): void {
    this.answer(assignmentId, { type: "assignment.accept", assignment_id: assignmentId });
  }

  done(assignmentId: string): void {
    this.answer(assignmentId, { type: "assignment.done", assignment_id: assignmentId });
  }

  /** Says that the officer is where they were sent. */
  arrived(): void {
    this.host.send({ type: "status.set", status: "at_scene" }, "newest");
  }

  /** Shows the reasons, or puts them away. */
  refuse(refusing: Refusing): void {
    this.refusing = refusing;
    this.host.redraw();
  }

  decline(assignmentId: string, reason: AssignmentRefusal): void {
    this.answer(assignmentId, { type: "assignment.decline", assignment_id: assignmentId, reason });
  }

  /** Goes live for an incident to which the officer goes. */
  goLive(incidentId: string): void {
    this.host.begin({ type: "live.start", incident_id: incidentId });
  }

  /** Goes live as asked, by this one tap. */
  show(requestId: string): void {
    this.host.begin({ type: "view.accept", request_id: requestId });
  }

  notNow(requestId: string, reason: ViewRefusal): void {
    this.answer(requestId, { type: "view.decline", request_id: requestId, reason });
  }

  /** An answer was not taken: the page asks how it stands. */
  private refused(error: ErrorMessage): void {
    this.answering = null;
    this.host.say(refusalNotice(error, "not_said"));
    this.host.send({ type: "officer.snapshot" });
  }

  private answer(id: string, message: OfficerClientMessage): void {
    const wasSent = this.host.send({ ...message, ref: ASKED_REF });
    this.answering = wasSent ? id : null;
    this.refusing = null;
    this.host.say(wasSent ? null : "not_said");
  }

  private tick(): void {
    const { server, line } = this.page;
    if (server === null || (server.view_request === null && server.assignments.length === 0)) return;
    const goes = server.assignments.some((one) => one.state === "accepted");
    if (goes && line === "open" && document.visibilityState === "visible" && Date.now() - this.lookedAt > LOOK_MS) {
      this.lookedAt = Date.now();
      this.host.send({ type: "officer.snapshot" });
    }
    this.host.redraw();
  }
}
