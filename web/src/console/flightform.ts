/** The form for a drone's flight: what is planned, what is missing, what the risk assessment says. Pure. */

import type { SessionSummary } from "../signalling/messages";
import type { FlightPlan, FlightView, LawfulBasis } from "./fleetrest";
import { flightPhrase } from "./flightphrases";
import { ApiError } from "./rest";
import { decidedRisk, missingRisk, openQuestions, refusalsOf, unaskedRisk, type RiskForm } from "./riskform";

/** Steps that are done on the server, in this order. A failure leaves the done ones done. */
export type FlightStep = "plan" | "risk" | "override" | "launch";

/** The incident that it is for. */
export type FlightIncident = Pick<SessionSummary["incident"], "id" | "reference" | "external_reference" | "type">;

export type FlightField = "aircraftId" | "pilotId" | "purpose" | "lawfulBasis" | "authorisation" | "overrideReason";

/** The form. Fields stay as typed until the flight is planned. */
export interface FlightForm extends RiskForm {
  incident: FlightIncident;
  /** "" while none is chosen. */
  aircraftId: string;
  pilotId: string;
  purpose: string;
  lawfulBasis: LawfulBasis | "";
  authorisation: string;
  /** Set once it is planned: what was planned can no longer change. */
  planned: { id: string; aircraft: string; pilot: string } | null;
  busy: FlightStep | null;
  fieldErrors: Partial<Record<FlightField, string>>;
}

/** Least characters of a purpose, as the server wants it. */
export const LEAST_PURPOSE = 5;

/** An empty form for an incident. */
export function formForFlight({ id, reference, external_reference, type }: FlightIncident, aircraftId = ""): FlightForm {
  return {
    ...unaskedRisk(), incident: { id, reference, external_reference, type }, aircraftId, pilotId: "", purpose: "", lawfulBasis: "", authorisation: "",
    planned: null, busy: null,
  };
}

/** A form that goes on with a flight that was planned; of its plan nothing is known until it was read. */
export function formForPlanned({ id, incident, risk, source }: SessionSummary, flight: FlightView | undefined): FlightForm {
  const aircraft = source ?? { id: "", name: "" };
  const plan = flight === undefined
    ? { pilotId: "", purpose: "", authorisation: "" }
    : { pilotId: flight.pilot.id, purpose: flight.purpose, lawfulBasis: flight.lawful_basis, authorisation: flight.authorisation };
  return { ...formForFlight(incident, aircraft.id), ...plan, planned: { id, aircraft: aircraft.name, pilot: flight?.pilot.name ?? "" }, ...decidedRisk(risk) };
}

/** What the server is asked to plan. */
export function planOf({ incident, aircraftId, pilotId, purpose, lawfulBasis, authorisation }: FlightForm): FlightPlan {
  return {
    incident_id: incident.id, aircraft_id: aircraftId, pilot_id: pilotId, purpose: purpose.trim(),
    lawful_basis: lawfulBasis, authorisation: authorisation.trim(),
  };
}

/** What still has to be done before it can be planned, in the order of the form; empty when nothing has. */
export function missingOfPlan(form: FlightForm): string[] {
  if (form.planned !== null) return [];
  const parts: [boolean, string][] = [
    [form.aircraftId === "", "choose the aircraft"],
    [form.pilotId === "", "choose the pilot"],
    [form.purpose.trim().length < LEAST_PURPOSE, "say what the flight is for"],
    [form.lawfulBasis === "", "choose the lawful basis"],
    [form.lawfulBasis === "directed_surveillance" && form.authorisation.trim() === "", "enter the authorisation"],
  ];
  return parts.flatMap(([isMissing, words]) => (isMissing ? [words] : []));
}

/** What still has to be done before it can be launched. */
export function missingOfLaunch(form: FlightForm, mayOverride: boolean): string[] {
  return [...missingOfPlan(form), ...missingRisk(form, mayOverride)];
}

/** Whether the answers can be kept: all are given, and were not kept before. */
export function hasAnswers(form: FlightForm): boolean {
  return !form.riskIsAnswered && form.questionsState === "ready" && openQuestions(form).length === 0;
}

/** Whether what is kept would keep the aircraft down until a supervisor decides. */
export function isForSupervisor(form: FlightForm, mayOverride: boolean): boolean {
  return !mayOverride && (form.riskIsAnswered || hasAnswers(form)) && refusalsOf(form).length > 0;
}

/** Codes that speak about one field, while that can still be changed. */
const FIELD_OF_CODE: Readonly<Record<string, FlightField>> = {
  aircraft_busy: "aircraftId", aircraft_withdrawn: "aircraftId", pilot_unfit: "pilotId", pilot_busy: "pilotId",
};
const FIELD_NAMES: Readonly<Record<string, FlightField>> = {
  aircraft_id: "aircraftId", pilot_id: "pilotId", purpose: "purpose", lawful_basis: "lawfulBasis", authorisation: "authorisation", reason: "overrideReason",
};

/** The form after a step failed: the message stands at its field where it has one. Nothing typed is touched. */
export function withFlightFailure(form: FlightForm, error: unknown): FlightForm {
  const failure = error instanceof ApiError ? error : new ApiError(0, "server", "");
  const fieldErrors = fieldErrorsOf(form, failure);
  const isRefused = failure.code === "risk_refused";
  // The questions were changed meanwhile: what was decided by the old ones counts no longer, and the new ones are fetched.
  const isOutdated = failure.code === "risk_unanswered";
  return {
    ...form,
    ...(isOutdated ? { riskIsAnswered: false, isOverridden: false, questionsState: "none" as const } : {}),
    busy: null,
    fieldErrors,
    refusals: isRefused ? failure.refusals : isOutdated ? [] : form.refusals,
    riskIsAnswered: isRefused || (form.riskIsAnswered && !isOutdated),
    error: Object.keys(fieldErrors).length > 0 ? null : flightPhrase(failure),
  };
}

function fieldErrorsOf(form: FlightForm, failure: ApiError): FlightForm["fieldErrors"] {
  const own = form.planned === null ? FIELD_OF_CODE[failure.code] : undefined;
  if (own !== undefined) return { [own]: flightPhrase(failure) };
  const { field: name, fields } = failure.details;
  const named = typeof name === "string" ? FIELD_NAMES[name] : undefined;
  if (named !== undefined) return { [named]: flightPhrase(failure) };
  const found: FlightForm["fieldErrors"] = {};
  for (const [one, value] of Object.entries((fields ?? failure.details) as Record<string, unknown>)) {
    const field = FIELD_NAMES[one];
    const text: unknown = Array.isArray(value) ? value[0] : value;
    if (field !== undefined && typeof text === "string") found[field] = text;
  }
  return found;
}
