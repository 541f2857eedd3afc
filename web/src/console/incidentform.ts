/** The form for a new link: what was typed, what is missing, what the risk assessment says. Pure. */

import type { LinkKind, SessionSummary } from "../signalling/messages";
import { errorPhrase } from "./phrases";
import { ApiError } from "./rest";
import { decidedRisk, missingRisk, refusalsOf, unaskedRisk, type RiskForm } from "./riskform";

export { answered, refusalsOf, typed, withQuestions } from "./riskform";

/** Steps that are done on the server, in this order. A failure leaves the done ones done. */
export type SendingStep = "incident" | "session" | "risk" | "override" | "send";

/** The form. Fields stay as typed until the link is sent. */
export interface IncidentForm extends RiskForm {
  typeCode: string;
  description: string;
  externalReference: string;
  linkKind: LinkKind;
  phone: string;
  /** Tag of the language in which the caller gets message and page. */
  language: string;
  /** Somebody who must not know may see the caller's phone. */
  isSafe: boolean;
  /** Set once the incident exists (or when a link is added to one): its fields can no longer change. */
  incident: { id: string; reference: string } | null;
  /** Set once the session exists: number and kind of link can no longer change. */
  session: { id: string; phoneMasked: string } | null;
  busy: SendingStep | null;
  fieldErrors: Partial<Record<FormField, string>>;
}

export type FormField = "typeCode" | "description" | "externalReference" | "phone" | "overrideReason";

/** An empty form. */
export function emptyForm(): IncidentForm {
  return {
    ...unaskedRisk(), typeCode: "", description: "", externalReference: "", linkKind: "location_video", phone: "", language: "en", isSafe: false,
    incident: null, session: null, busy: null,
  };
}

/** A form for another caller of an incident that is open already. */
export function formForIncident(session: SessionSummary): IncidentForm {
  const { incident } = session;
  return {
    ...emptyForm(),
    typeCode: incident.type,
    description: incident.description,
    externalReference: incident.external_reference,
    incident: { id: incident.id, reference: incident.reference },
  };
}

/** A form that goes on with a session whose link was not sent. */
export function formForSession(session: SessionSummary): IncidentForm {
  return {
    ...formForIncident(session),
    linkKind: session.link_kind,
    language: session.language,
    isSafe: session.safe_mode,
    session: { id: session.id, phoneMasked: session.phone_number_masked },
    ...decidedRisk(session.risk),
  };
}

/** Answers that say that somebody may see the phone, by the code of their question. */
const WATCHED: Readonly<Record<string, "yes" | "no">> = { "offender-near": "yes", "phone-shared": "yes", "safe-to-text": "no" };

/** Whether the answers speak for safe mode. */
export function suggestsSafeMode(form: IncidentForm): boolean {
  return Object.entries(WATCHED).some(([code, answer]) => form.answers[code] === answer);
}

/** What still has to be done before the link can be sent, in the order of the form; empty when nothing has. */
export function missing(form: IncidentForm, mayOverride: boolean): string[] {
  const parts: string[] = [];
  if (form.incident === null && form.typeCode === "") parts.push("choose the type of incident");
  if (form.session === null && form.phone.trim() === "") parts.push("enter the mobile number");
  if (form.typeCode !== "") parts.push(...missingRisk(form, mayOverride));
  return parts;
}

/** Whether the refused assessment can be kept for a supervisor: everything is answered, and it says no. */
export function canKeepRefused(form: IncidentForm, mayOverride: boolean): boolean {
  const others = missing(form, true).filter((part) => part !== "give the reason for the override");
  return !mayOverride && others.length === 0 && refusalsOf(form).length > 0;
}

const FIELD_OF_CODE: Record<string, FormField> = { phone_number_invalid: "phone", phone_number_not_textable: "phone" };
const FIELD_NAMES: Record<string, FormField> = {
  type: "typeCode", description: "description", external_reference: "externalReference", phone_number: "phone", reason: "overrideReason",
};

/** The form after a step failed: the message stands at its field where it has one. Nothing typed is touched. */
export function withFailure(form: IncidentForm, error: unknown): IncidentForm {
  const failure = error instanceof ApiError ? error : new ApiError(0, "server", "");
  const fieldErrors = fieldErrorsOf(failure);
  const hasFields = Object.keys(fieldErrors).length > 0;
  const text = errorPhrase(failure.code, failure.message);
  const isRefused = failure.code === "risk_refused";
  return {
    ...form,
    busy: null,
    fieldErrors,
    refusals: isRefused ? failure.refusals : form.refusals,
    riskIsAnswered: form.riskIsAnswered || isRefused,
    error: hasFields ? null : text,
  };
}

/** Messages by field: from the code, or from details of an invalid input ({"phone_number": ["..."]}). */
function fieldErrorsOf(failure: ApiError): IncidentForm["fieldErrors"] {
  const own = FIELD_OF_CODE[failure.code];
  if (own !== undefined) return { [own]: failure.message === "" ? errorPhrase(failure.code, "") : failure.message };
  const source = (failure.details.fields ?? failure.details) as Record<string, unknown>;
  const found: IncidentForm["fieldErrors"] = {};
  for (const [name, value] of Object.entries(source)) {
    const field = FIELD_NAMES[name];
    const text: unknown = Array.isArray(value) ? value[0] : value;
    if (field !== undefined && typeof text === "string") found[field] = text;
  }
  return found;
}
