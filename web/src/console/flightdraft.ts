/** What the page keeps and does about drones and their flights. */

import type { SessionSummary } from "../signalling/messages";
import type { FlightIncident } from "./flightform";
import type { FlightEdit } from "./flightkeeper";
import type { FlightGoal } from "./launching";

/** The page's own fields. */
export interface FlightFields {
  /** The list of the fleet is on the screen. */
  isFleetOpen: boolean;
}

export const NO_FLEET: FlightFields = { isFleetOpen: false };

/** What an operator does about drones. */
export interface FlightActs {
  openFleet(): void;
  closeFleet(): void;
  /** Plans a flight for an incident. */
  planFlight(incident: FlightIncident, aircraftId?: string): void;
  /** Goes on with one that is planned: its questions, its launch. */
  continueFlight(session: SessionSummary): void;
  changeFlight: (edit: FlightEdit) => void;
  closeFlight(): void;
  submitFlight(goal: FlightGoal): void;
  launchFlight(sessionId: string): void;
  /** Lets a refused flight begin all the same, as a supervisor and for a reason. */
  overrideFlight(sessionId: string, reason: string): void;
  /** It is down; one that never was in the air is called off. */
  landFlight(sessionId: string): void;
}
