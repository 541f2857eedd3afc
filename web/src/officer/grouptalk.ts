/** What the officer does with the group text, and what the server answers to it. */

import type { ErrorMessage, IncidentMsg, OfficerClientMessage, OfficerState } from "../signalling/messages";
import { frameOf, groupOf, newClientId, SAY_REF, withFailure, withLine, withoutArrived, type Saying } from "./group";
import type { OfficerPage } from "./state";

/** The part of the page's acts that is about the group text. */
export interface GroupActs {
  open(isOpen: boolean): void;
  draft(text: string): void;
  say(text: string): void;
  sayAgain(clientId: string): void;
}

/** Where the page is, how it changes, and the way to the server; false: the line is down, and the frame was not kept. */
export interface TalkPlace {
  page(): OfficerPage;
  change(changes: Partial<OfficerPage>): void;
  send(message: OfficerClientMessage): boolean;
}

/** One page's group text. What is said is kept here until it has come back: a line that was lost is no loss. */
export class GroupTalk implements GroupActs {
  constructor(private readonly place: TalkPlace) {}

  open(isGroupOpen: boolean): void {
    this.place.change({ isGroupOpen });
  }

  draft(groupDraft: string): void {
    this.place.change({ groupDraft });
  }

  say(text: string): void {
    const group = groupOf(this.place.page().server);
    if (group === null) return;
    const saying: Saying = { incidentId: group.incident.id, clientId: newClientId(), text, failure: null };
    const isTyped = text === this.place.page().groupDraft.trim();
    this.place.change({ sayings: [...this.place.page().sayings, saying], ...(isTyped ? { groupDraft: "" } : {}) });
    this.place.send(frameOf(saying));
  }

  sayAgain(clientId: string): void {
    const sayings = this.place.page().sayings.map((saying) => (saying.clientId === clientId ? { ...saying, failure: null } : saying));
    this.place.change({ sayings });
    for (const saying of sayings) if (saying.clientId === clientId) this.place.send(frameOf(saying));
  }

  /** What the server says of the groups: what has arrived is on its way no more; on a new line the rest is said again. */
  heard(server: OfficerState, isNewLine: boolean): void {
    const { sayings: before, isGroupOpen } = this.place.page();
    const sayings = withoutArrived(before, server);
    if (sayings.length !== before.length || (isGroupOpen && groupOf(server) === null)) {
      this.place.change({ sayings, isGroupOpen: isGroupOpen && groupOf(server) !== null });
    }
    if (isNewLine) for (const saying of sayings) if (saying.failure === null) this.place.send(frameOf(saying));
  }

  /** A line that somebody wrote; one's own comes back so, too. */
  arrived(line: IncidentMsg): void {
    const known = this.place.page().server;
    if (known === null) return;
    const server = withLine(known, line);
    this.place.change({ server });
    this.heard(server, false);
  }

  /** An error; returns whether it was about a line of the group text. */
  refused({ ref, message }: ErrorMessage): boolean {
    if (ref?.startsWith(SAY_REF) !== true) return false;
    this.place.change({ sayings: withFailure(this.place.page().sayings, ref, `Not sent: ${message}`) });
    return true;
  }
}
