/** What an operator does with officers on the ground: looks who is near, sends them there, asks to see. */

import type { Nearest } from "../signalling/messages";
import { AgencySharingActs } from "./agencyacts";
import type { NearestActs } from "./desk";
import { assignmentsOf } from "./askedstate";
import { chosenSession, hasEnded } from "./select";
import { may } from "./state";

/** Time between two looks while distances are on the screen, in ms. */
const LOOK_MS = 5_000;
/** The most characters of what an officer is told. */
export const MOST_WORDS = 200;

/** Who is near a session, while that is looked at. */
export interface NearestLook {
  sessionId: string;
  /** Whether those who could be sent are listed, and not only those who go. */
  isListed: boolean;
  /** Codes: all of them are wanted. */
  skills: readonly string[];
  /** What an officer is told with what is asked. */
  words: string;
  found: Nearest | null;
}

/** The acts of finding and asking officers. */
export class OfficerFindingActs extends AgencySharingActs implements NearestActs {
  private lookedAt = 0;

  openNearest(sessionId: string): void {
    this.editLook(sessionId, { isListed: true });
    this.look(sessionId);
  }

  closeNearest(): void {
    const { nearest } = this.fields;
    if (nearest !== null) this.editLook(nearest.sessionId, { isListed: false });
  }

  chooseSkill(sessionId: string, skill: string, isWanted: boolean): void {
    const others = (this.lookOf(sessionId)?.skills ?? []).filter((one) => one !== skill);
    this.editLook(sessionId, { skills: isWanted ? [...others, skill] : others });
    this.look(sessionId);
  }

  writeWords(sessionId: string, words: string): void {
    this.editLook(sessionId, { words });
  }

  assign(sessionId: string, officerId: string): void {
    const incidentId = this.parts.store.state.sessions[sessionId]?.incident.id;
    if (incidentId === undefined) return;
    const note = (this.lookOf(sessionId)?.words ?? "").trim();
    this.told(sessionId, this.parts.link.send({ type: "assignment.ask", incident_id: incidentId, officer_id: officerId, note }));
  }

  endAssignment(sessionId: string, assignmentId: string): void {
    this.told(sessionId, this.parts.link.send({ type: "assignment.end", assignment_id: assignmentId }));
  }

  askToSee(sessionId: string, officerId: string): void {
    const incidentId = this.parts.store.state.sessions[sessionId]?.incident.id ?? null;
    const reason = (this.lookOf(sessionId)?.words ?? "").trim();
    this.told(sessionId, this.parts.link.send({ type: "view.request", officer_id: officerId, incident_id: incidentId, reason }));
  }

  withdrawView(sessionId: string, requestId: string): void {
    this.told(sessionId, this.parts.link.send({ type: "view.withdraw", request_id: requestId }));
  }

  /** With every tick of the screen: looks anew while somebody is listed, or goes there. */
  lookAgain(at: number): void {
    const { state } = this.parts.store;
    const session = chosenSession(state);
    if (session === null || hasEnded(session) || !state.isSynced || at - this.lookedAt < LOOK_MS) return;
    const isListed = this.lookOf(session.id)?.isListed === true;
    if (isListed || assignmentsOf(state.asked, session.incident.id).length > 0) this.look(session.id);
  }

  private look(sessionId: string): void {
    if (!may(this.parts.store.state, "officer.locate")) return;
    this.lookedAt = Date.now();
    const skills = this.lookOf(sessionId)?.skills ?? [];
    void this.ask(`nearest:${sessionId}`, async () => {
      const found = await this.parts.rest.nearest(sessionId, skills);
      // What was asked for other skills came too late.
      if ((this.lookOf(sessionId)?.skills ?? []) === skills || this.lookOf(sessionId) === null) this.editLook(sessionId, { found });
      else this.lookedAt = 0;
    });
  }

  private lookOf(sessionId: string): NearestLook | null {
    const { nearest } = this.fields;
    return nearest?.sessionId === sessionId ? nearest : null;
  }

  private editLook(sessionId: string, change: Partial<NearestLook>): void {
    const known = this.lookOf(sessionId) ?? { sessionId, isListed: false, skills: [], words: "", found: null };
    this.local({ nearest: { ...known, ...change } });
  }

  private told(sessionId: string, wasSent: boolean): void {
    this.failed(`asked:${sessionId}`, wasSent ? null : "Not connected: the officer was not told.");
    this.lookedAt = 0;
  }
}
