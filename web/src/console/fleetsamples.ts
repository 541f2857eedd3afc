/** Aircraft, pilots and flights for the tests of the console. */

import type { FeedView, SessionSummary } from "../signalling/messages";
import { Fleet } from "./fleet";
import type { AircraftView, FlightView, PilotView } from "./fleetrest";
import { reduce } from "./reduce";
import { ApiError } from "./rest";
import { before, liveSession, ME, stateWith } from "./samples";
import type { Action, ConsoleState, Me } from "./state";
import { Store } from "./store";

/** Who may do all that a control room does with drones. */
export const FLYING_ME: Me = { ...ME, permissions: [...ME.permissions, "session.view", "session.control", "flight.view", "flight.control"] };

export function aircraftOf(id: string, change: Partial<AircraftView> = {}): AircraftView {
  return { id, make: "DJI", model: "M30T", serial: `1581F-${id}`, operator_id: "GBR-OP-BAZ4DH6GJ88T", protocols: ["rtmp"], flight_id: null, ...change };
}

export function pilotOf(id: string, change: Partial<PilotView> = {}): PilotView {
  return { id, name: `Pilot ${id}`, number: "4711", flyer_id: "GBR-RP-9WM5CGTWGC37", flight_id: null, ...change };
}

/** A flight in the air, of the session with the same id. */
export function flightOf(id: string, change: Partial<FlightView> = {}): FlightView {
  return {
    id, state: "flying", incident: { id: `i-${id}`, reference: `HERTS-2611-${id}` }, aircraft: { id: "a-1", name: "DJI M30T 1581F" }, feed: null,
    pilot: { id: "5", name: "Tom Ashby", flyer_id: "GBR-RP-9WM5CGTWGC37" }, purpose: "Search for a missing person", lawful_basis: "vital_interests",
    authorisation: "", risk: "clear", planned_by_name: "Alex Morgan", planned_at: before(900), launched_at: before(600), over_at: null, end_reason: "", ...change,
  };
}

export function feedOf(change: Partial<FeedView> = {}): FeedView {
  return { protocol: "rtmp", state: "passing", trouble: null, is_transcoded: false, codec: "h264", changed_at: before(60), ...change };
}

/** The session of a flight in the air. */
export function flightSession(change: Partial<SessionSummary> = {}): SessionSummary {
  return liveSession("1", {
    kind: "flight", source: { id: "a-1", name: "DJI M30T 1581F" }, phone_number_masked: "", consent: null, invitation: null, consented_at: before(600), ...change,
  });
}

/** The session of a flight that was planned. */
export function plannedSession(change: Partial<SessionSummary> = {}): SessionSummary {
  return flightSession({ state: "draft", consented_at: null, live_at: null, stream: null, risk: null, last_position: null, ...change });
}

/** What the doors of a fleet answer. */
export interface FleetDoors {
  aircraft: () => Promise<AircraftView[]>;
  pilots: () => Promise<PilotView[]>;
  flights: () => Promise<FlightView[]>;
}

/** A fleet beside these sessions; what a door is not given for, it does not answer. */
export function fleetOver(sessions: SessionSummary[], doors: Partial<FleetDoors> = {}, me = FLYING_ME): { fleet: Fleet; store: Store<ConsoleState, Action> } {
  const silent = (): Promise<never> => Promise.reject(new ApiError(0, "network", ""));
  const store = new Store<ConsoleState, Action>({ ...stateWith(...sessions), me }, reduce);
  return { fleet: new Fleet(store, { aircraft: silent, pilots: silent, flights: silent, ...doors }, () => undefined), store };
}

/** A fleet of which nothing was read. */
export function unreadFleet(): Fleet {
  return fleetOver([]).fleet;
}

/** A fleet that was read: these flights, two aircraft and two pilots. */
export async function readFleet(flights: FlightView[], aircraft = [aircraftOf("a-1"), aircraftOf("a-2", { model: "M4T", protocols: ["whip"] })]): Promise<Fleet> {
  const { fleet } = fleetOver([flightSession()], {
    aircraft: () => Promise.resolve(aircraft), pilots: () => Promise.resolve([pilotOf("5", { name: "Tom Ashby" }), pilotOf("6")]), flights: () => Promise.resolve(flights),
  });
  fleet.open();
  await settled();
  return fleet;
}

/** After everything that was answered at once has arrived. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 12; turn += 1) await Promise.resolve();
}
