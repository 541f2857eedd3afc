/** The REST doors of one incident. */

import type { IncidentPage, IncidentView, TimelineEntry } from "../signalling/messages";
import type { Rest } from "./rest";

/** One page of what happened, newest first; `next` leads to the earlier ones. */
export interface TimelinePage {
  entries: TimelineEntry[];
  next: string | null;
}

/** Calls about incidents. */
export class IncidentRest {
  constructor(private readonly rest: Pick<Rest, "call">) {}

  /** The incident with all that its page shows. */
  page(incidentId: string): Promise<IncidentPage> {
    return this.rest.call("GET", `incidents/${incidentId}/`, null);
  }

  /** @param before where to begin; "" for the newest @param group a group of kinds; "" for all */
  timeline(incidentId: string, before: string, group: string): Promise<TimelinePage> {
    const query = new URLSearchParams({ ...(before === "" ? {} : { before }), ...(group === "" ? {} : { groups: group }) }).toString();
    return this.rest.call("GET", `incidents/${incidentId}/timeline/${query === "" ? "" : `?${query}`}`, null);
  }

  close(incidentId: string): Promise<IncidentView> {
    return this.rest.call("POST", `incidents/${incidentId}/close/`, {});
  }

  reopen(incidentId: string): Promise<IncidentView> {
    return this.rest.call("POST", `incidents/${incidentId}/reopen/`, {});
  }
}
