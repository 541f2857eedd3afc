/** What an operator does about drones: looks at the fleet, plans, launches, lands. */

import type { SessionSummary } from "../signalling/messages";
import type { FlightActs } from "./flightdraft";
import type { FlightIncident } from "./flightform";
import type { FlightEdit } from "./flightkeeper";
import { flightPhrase } from "./flightphrases";
import { WholeIncidentActs } from "./incidentacts";
import type { FlightGoal } from "./launching";

/** The acts of flights. */
export abstract class FlyingActs extends WholeIncidentActs implements FlightActs {
  abstract choose(sessionId: string): void;

  openFleet(): void {
    this.parts.fleet.open();
    this.local({ isFleetOpen: true });
  }

  closeFleet(): void {
    this.local({ isFleetOpen: false });
  }

  planFlight(incident: FlightIncident, aircraftId = ""): void {
    this.local({ isFleetOpen: false });
    this.parts.flights.openFor(incident, aircraftId);
  }

  continueFlight(session: SessionSummary): void {
    this.parts.flights.openForPlanned(session, this.parts.fleet.flightOf(session.id));
  }

  changeFlight = (edit: FlightEdit): void => this.parts.flights.edit(edit);

  closeFlight(): void {
    this.parts.flights.close();
  }

  submitFlight(goal: FlightGoal): void {
    void this.parts.flights.submit(goal).then((sessionId) => {
      if (sessionId !== null) this.choose(sessionId);
    });
  }

  launchFlight(sessionId: string): void {
    void this.ask(`flight:${sessionId}`, () => this.parts.fleetRest.launch(sessionId), flightPhrase);
  }

  overrideFlight(sessionId: string, reason: string): void {
    void this.ask(`override:${sessionId}`, async () => {
      await this.parts.fleetRest.overrideRisk(sessionId, reason);
      await this.parts.fleetRest.launch(sessionId);
    }, flightPhrase);
  }

  landFlight(sessionId: string): void {
    this.local({ endingId: null });
    void this.ask(`end:${sessionId}`, () => this.parts.fleetRest.land(sessionId), flightPhrase);
  }
}
