/** The REST doors of the fleet and its flights. */

import type { FeedView, Instant, RiskOutcome } from "../signalling/messages";
import type { Answers, Rest, RiskQuestion, RiskResult } from "./rest";

/** An aircraft in service. */
export interface AircraftView {
  id: string;
  make: string;
  model: string;
  serial: string;
  operator_id: string;
  /** How its picture may come: whip, rtmp, srt, rtsp. */
  protocols: readonly string[];
  flight_id: string | null;
}

/** Somebody who may fly; `flight_id` is what they have in the air. */
export interface PilotView {
  id: string;
  name: string;
  number: string;
  flyer_id: string;
  flight_id: string | null;
}

export type LawfulBasis = "law_enforcement" | "vital_interests" | "public_task" | "directed_surveillance";

/** A flight; its id is its live session's. */
export interface FlightView {
  id: string;
  state: "planned" | "flying" | "landed" | "called_off";
  incident: { id: string; reference: string };
  aircraft: { id: string; name: string };
  feed: FeedView | null;
  pilot: { id: string; name: string; flyer_id: string };
  purpose: string;
  lawful_basis: LawfulBasis;
  authorisation: string;
  risk: RiskOutcome | null;
  planned_by_name: string;
  planned_at: Instant;
  launched_at: Instant | null;
  over_at: Instant | null;
  end_reason: string;
}

/** What is planned. */
export interface FlightPlan {
  incident_id: string;
  aircraft_id: string;
  pilot_id: string;
  purpose: string;
  /** "" is for the server to refuse. */
  lawful_basis: LawfulBasis | "";
  authorisation: string;
}

/** What of the REST the fleet uses; its risk goes by the doors of every session. */
type Doors = Pick<Rest, "call" | "answerRisk" | "overrideRisk" | "riskQuestions">;

/** Calls about aircraft, pilots and flights. */
export class FleetRest {
  constructor(private readonly rest: Doors) {}

  aircraft(): Promise<AircraftView[]> {
    return this.rest.call("GET", "aircraft/", null);
  }

  pilots(): Promise<PilotView[]> {
    return this.rest.call("GET", "pilots/", null);
  }

  /** Those that are planned or in the air, or were over less than 12 hours ago. */
  flights(): Promise<FlightView[]> {
    return this.rest.call("GET", "flights/", null);
  }

  plan(plan: FlightPlan): Promise<FlightView> {
    return this.rest.call("POST", "flights/", plan);
  }

  launch(sessionId: string): Promise<FlightView> {
    return this.rest.call("POST", `flights/${sessionId}/launch/`, {});
  }

  /** One that never was in the air is called off. */
  land(sessionId: string): Promise<FlightView> {
    return this.rest.call("POST", `flights/${sessionId}/land/`, {});
  }

  questions(incidentType: string): Promise<RiskQuestion[]> {
    return this.rest.riskQuestions(incidentType, "location_video", "flight");
  }

  answerRisk(sessionId: string, answers: Answers): Promise<RiskResult> {
    return this.rest.answerRisk(sessionId, answers);
  }

  overrideRisk(sessionId: string, reason: string): Promise<unknown> {
    return this.rest.overrideRisk(sessionId, reason);
  }
}
