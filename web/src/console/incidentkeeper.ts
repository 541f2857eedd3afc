/** Keeps what is fetched of the incident on the screen in step: soon after something of it changed, and never all the time. */

import { shownIncident } from "./incidentstate";
import type { IncidentRest } from "./incidentrest";
import { errorPhrase } from "./phrases";
import { ApiError } from "./rest";
import type { Action, ConsoleState } from "./state";
import type { Store } from "./store";

/** Least time between two fetches of the time line, in ms. */
export const LEAST_MS = 2_000;
/** Time after which it is fetched although nothing was heard, in ms: what callers write is counted in it. */
export const MOST_MS = 15_000;

/** What was asked for last: a change of any of these is asked for anew. */
interface Asked {
  incidentId: string;
  group: string;
  changes: number;
  itemChanges: number;
}

/** The fetching of one page. */
export class IncidentKeeper {
  private asked: Asked | null = null;
  private askedAt = -Infinity;
  private isBusy = false;
  /** Earlier entries were asked for while something else was on its way. */
  private wantsEarlier = false;

  constructor(private readonly rest: IncidentRest, private readonly store: Store<ConsoleState, Action>) {}

  /** Fetches what is due. Called with every tick of the screen; most calls do nothing. */
  look(state: ConsoleState, at: number): void {
    const incidentId = shownIncident(state);
    if (incidentId === null || !state.isSynced || this.isBusy) return;
    const { changes, itemChanges, timeline } = state.incident;
    const wanted: Asked = { incidentId, group: timeline.group, changes, itemChanges };
    if (!this.isDue(wanted, at)) return;
    const hasNewItems = this.asked?.incidentId === incidentId && this.asked.itemChanges !== itemChanges;
    this.asked = wanted;
    this.askedAt = at;
    void this.fetch(wanted, "", hasNewItems);
  }

  /** Fetches what happened before. */
  earlier(): void {
    const { chosenId, timeline, changes, itemChanges } = this.store.state.incident;
    this.wantsEarlier = this.isBusy;
    if (chosenId === null || timeline.next === null || this.isBusy) return;
    void this.fetch({ incidentId: chosenId, group: timeline.group, changes, itemChanges }, timeline.next, false);
  }

  /** Another incident, or another part of it, is fetched at once; a change waits its time. */
  private isDue(wanted: Asked, at: number): boolean {
    const { asked } = this;
    if (asked?.incidentId !== wanted.incidentId || asked.group !== wanted.group) return true;
    const isNews = asked.changes !== wanted.changes || asked.itemChanges !== wanted.itemChanges;
    return at - this.askedAt >= (isNews ? LEAST_MS : MOST_MS);
  }

  private async fetch({ incidentId, group }: Asked, before: string, hasNewItems: boolean): Promise<void> {
    this.isBusy = true;
    try {
      const found = await this.rest.timeline(incidentId, before, group);
      this.store.dispatch({ type: "incident.timeline", incidentId, group, ...found, isEarlier: before !== "" });
      if (hasNewItems) this.store.dispatch({ type: "incident.fetched", page: await this.rest.page(incidentId) });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.store.dispatch({ type: "incident.timeline.failed", reason: errorPhrase(error.code, error.message) });
    } finally {
      this.isBusy = false;
      if (this.wantsEarlier) this.earlier();
    }
  }
}
