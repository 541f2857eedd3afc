/** What the officer answers to what is asked: to go somewhere, and to show what is there. */

import type { AssignmentRefusal, ErrorMessage, OfficerClientMessage, ViewRefusal } from "../signalling/messages";
import type { Notice, OfficerPage } from "./state";

/** Ref of what asks for no more than to be told when it could not be done. */
export const ASKED_REF = "asked";
/** A page that goes somewhere asks where that is now, and who comes along, in ms. */
const LOOK_MS = 15_000;
const TICK_MS = 1_000;

/** What is being declined, while its reason is chosen. */
export type Refusing = { kind: "assignment" | "view"; id: string } | null;

/** What the acts need of the page. */
export interface AskedPage {
  page(): OfficerPage;
  change(changes: Partial<OfficerPage>): void;
  send(message: OfficerClientMessage): boolean;
  /** Goes live by a frame that is answered with the page's state. */
  begin(message: { type: "view.accept"; request_id: string }): void;
  /** Milliseconds to add to this phone's clock to get the server's. */
  clockOffset(): number;
}

/** The answers of one page. */
export class AskedActs {
  private lookedAt = 0;

  constructor(private readonly parts: AskedPage) {}

  /** The server's clock, as well as this page knows it, in ms. */
  now(): number {
    return Date.now() + this.parts.clockOffset();
  }

  /** From now on ages count up, what has expired goes from the screen, and places are asked for anew. */
  start(): void {
    setInterval(() => this.tick(), TICK_MS);
  }

  accept(assignmentId: string): void {
    this.answer(assignmentId, { type: "assignment.accept", assignment_id: assignmentId });
  }

  done(assignmentId: string): void {
    this.answer(assignmentId, { type: "assignment.done", assignment_id: assignmentId });
  }

  /** Shows the reasons, or puts them away. */
  refuse(refusing: Refusing): void {
    this.parts.change({ refusing });
  }

  decline(assignmentId: string, reason: AssignmentRefusal): void {
    this.answer(assignmentId, { type: "assignment.decline", assignment_id: assignmentId, reason });
  }

  /** Goes live as asked, by this one tap. */
  show(requestId: string): void {
    this.parts.begin({ type: "view.accept", request_id: requestId });
  }

  notNow(requestId: string, reason: ViewRefusal): void {
    this.answer(requestId, { type: "view.decline", request_id: requestId, reason });
  }

  /** An answer was not taken: the page asks how it stands. */
  refused(error: ErrorMessage): void {
    this.parts.change({ answering: null, notice: refusalNotice(error, "not_said") });
    this.parts.send({ type: "officer.snapshot" });
  }

  private answer(id: string, message: OfficerClientMessage): void {
    const wasSent = this.parts.send({ ...message, ref: ASKED_REF });
    this.parts.change({ answering: wasSent ? id : null, refusing: null, notice: wasSent ? null : "not_said" });
  }

  private tick(): void {
    const { server, line } = this.parts.page();
    if (server === null || (server.view_request === null && server.assignments.length === 0)) return;
    const goes = server.assignments.some((one) => one.state === "accepted");
    if (goes && line === "open" && document.visibilityState === "visible" && Date.now() - this.lookedAt > LOOK_MS) {
      this.lookedAt = Date.now();
      this.parts.send({ type: "officer.snapshot" });
    }
    this.parts.change({});
  }
}

/** What the officer reads when something was not done: it stands otherwise by now, or `otherwise`. */
export function refusalNotice({ code }: ErrorMessage, otherwise: Notice): Notice {
  if (code === "request_over") return "over";
  return code === "invalid_transition" || code === "not_found" ? "changed" : otherwise;
}
