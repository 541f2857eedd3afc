/** The REST doors of consultations (/api/v1/consultations/). Every failure is an `ApiError` with a stable code. */

import type { Answers, OutcomeChoice, Rest, RiskQuestion, RiskResult } from "../console/rest";
import type { ConsultationView, Purpose, Role } from "../signalling/meetingmessages";
import type { CallItem } from "./castview";
import { londonInstant } from "./london";
import { OWN_OUTCOMES } from "./words";

/** Somebody who is invited. Times of day are "HH:MM" of Great Britain. */
export interface PersonPlan {
  role: Role;
  name: string;
  phone_number: string;
  email_address: string;
  language: string;
  safe_mode: boolean;
  contact_from: string | null;
  contact_to: string | null;
  /** Of an officer who is added. */
  user_id: string | null;
}

/** A consultation that is booked, or starts now when it has no time. */
export interface Plan {
  purpose: Purpose;
  purpose_note: string;
  incident_id: string | null;
  incident_type: string;
  starts_at: string | null;
  length_min: number;
  team: string;
  recording_wish: boolean;
  participants: PersonPlan[];
}

/** An officer who may be added. */
export interface Addable {
  id: string;
  name: string;
  number: string;
  team: string;
}

/** What consultations came to in a stretch of time. */
export interface Figures {
  since: string;
  until: string;
  booked: number;
  held: number;
  missed: number;
  cancelled: number;
  waits: { median_s: number | null; p90_s: number | null };
  minutes: number;
  outcomes: { code: string; label: string; count: number }[];
  got_what_needed: { yes: number; partly: number; no: number };
  again: { yes: number; no: number };
  by_purpose: { purpose: Purpose; booked: number; held: number }[];
  by_team: { team: string; booked: number; held: number }[];
}

/** Calls of one page. */
export class ConsultRest {
  constructor(private readonly rest: Rest) {}

  book(plan: Plan): Promise<ConsultationView> {
    return this.rest.call("POST", "consultations/", plan);
  }

  change(id: string, change: { starts_at?: string; length_min?: number }): Promise<ConsultationView> {
    return this.rest.call("PATCH", `consultations/${id}/`, change);
  }

  cancel(id: string, reason: string): Promise<unknown> {
    return this.rest.call("POST", `consultations/${id}/cancel/`, { reason });
  }

  questions(id: string): Promise<RiskQuestion[]> {
    return this.rest.call<{ questions: RiskQuestion[] }>("GET", `consultations/${id}/risk-questions/`, null).then(({ questions }) => questions);
  }

  answerRisk(id: string, answers: Answers): Promise<RiskResult> {
    return this.rest.call("POST", `consultations/${id}/risk/`, { answers });
  }

  overrideRisk(id: string, reason: string): Promise<unknown> {
    return this.rest.call("POST", `consultations/${id}/override/`, { reason });
  }

  recordOutcome(id: string, code: string, note: string): Promise<unknown> {
    return this.rest.call("POST", `consultations/${id}/outcome/`, { code, note });
  }

  /** What a consultation may come to: what is its own, and what every session may. */
  async outcomes(): Promise<OutcomeChoice[]> {
    return [...OWN_OUTCOMES, ...(await this.rest.outcomes().catch(() => []))];
  }

  /** @param anyway outside of the safe contact times; said by an officer who knows better */
  addPerson(id: string, person: PersonPlan, anyway: boolean): Promise<unknown> {
    return this.rest.call("POST", `consultations/${id}/participants/`, { ...person, ...(anyway ? { anyway } : {}) });
  }

  withdraw(id: string, personId: string): Promise<unknown> {
    return this.rest.call("DELETE", `consultations/${id}/participants/${personId}/`, null);
  }

  resend(id: string, personId: string, anyway: boolean): Promise<unknown> {
    return this.rest.call("POST", `consultations/${id}/participants/${personId}/resend/`, anyway ? { anyway } : {});
  }

  rearm(id: string, personId: string): Promise<unknown> {
    return this.rest.call("POST", `consultations/${id}/participants/${personId}/rearm/`, {});
  }

  /** A person's link, for reading out or as a code. Each look is audited. */
  link(id: string, personId: string): Promise<{ url: string; qr_svg: string }> {
    return this.rest.call("GET", `consultations/${id}/participants/${personId}/link/`, null);
  }

  answerMove(id: string, moveId: string, answer: "moved" | "kept"): Promise<unknown> {
    return this.rest.call("POST", `consultations/${id}/moves/${moveId}/`, { answer });
  }

  colleagues(): Promise<Addable[]> {
    return this.rest.call<Addable[] | { results?: Addable[] }>("GET", "colleagues/", null).then((found) => (Array.isArray(found) ? found : (found.results ?? [])));
  }

  /** Of whole days of Great Britain, the last one included. */
  figures(since: string, until: string): Promise<Figures> {
    return this.rest.call("GET", `consultations/figures/?${span(since, until)}`, null);
  }

  items(id: string): Promise<CallItem[]> {
    return this.rest.items(id);
  }
}

/** Where the figures are to be had as a table. */
export function figuresAddress(since: string, until: string): string {
  return `/api/v1/consultations/figures/?${span(since, until)}&format=csv`;
}

function span(since: string, until: string): URLSearchParams {
  const midnight = (day: string): string => londonInstant(day, "00:00") ?? "";
  return new URLSearchParams({ since: midnight(since), until: midnight(dayAfter(until)) });
}

function dayAfter(day: string): string {
  const at = Date.parse(`${day}T12:00:00Z`);
  return Number.isNaN(at) ? "" : new Date(at + 86_400_000).toISOString().slice(0, 10);
}
