/** What an operator does about an incident as a whole. */

import type { IncidentActs } from "./desk";
import { OfficerFindingActs } from "./nearestacts";
import { newId } from "./newid";

/** The acts of the incident's page. */
export class WholeIncidentActs extends OfficerFindingActs implements IncidentActs {
  openIncident(incidentId: string): void {
    this.parts.store.dispatch({ type: "incident.choose", incidentId });
    this.parts.map.followAnew();
    this.parts.map.fitAnew();
  }

  draftIncident(text: string): void {
    this.parts.store.dispatch({ type: "incident.draft", text });
  }

  sayOnIncident(text: string, clientId: string = newId()): void {
    const { chosenId } = this.parts.store.state.incident;
    if (chosenId !== null) this.parts.link.sayOnIncident(chosenId, clientId, text);
  }

  filterTimeline(group: string): void {
    this.parts.store.dispatch({ type: "incident.group", group });
  }

  earlierEntries(): void {
    this.parts.incidents.earlier();
  }

  closeIncident(incidentId: string): void {
    void this.ask(`incident:${incidentId}`, () => this.parts.incidentRest.close(incidentId));
  }

  reopenIncident(incidentId: string): void {
    void this.ask(`incident:${incidentId}`, () => this.parts.incidentRest.reopen(incidentId));
  }
}
