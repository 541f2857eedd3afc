/** The REST doors that the console uses (/api/v1/). Every failure is an `ApiError` with a stable code. */

import { csrfToken } from "../signalling/csrf";
import type { LinkKind, Nearest, RiskOutcome, RiskRefusal, SessionSummary } from "../signalling/messages";
import type { Item } from "./itemshapes";
import type { SearchBody } from "./searching";

export interface IncidentType {
  code: string;
  label: string;
}

export interface RiskQuestion {
  code: string;
  text: string;
  help_text: string;
  /** "" for a question that is only kept. */
  refusing_answer: "" | "yes" | "no";
  advice: string;
}

export interface OutcomeChoice {
  code: string;
  label: string;
}

/** A fixed phrase that an operator may send; yes or no answers a question. */
export interface OperatorPhrase {
  code: string;
  text: string;
  is_question: boolean;
}

export interface OutboxMessage {
  id: string;
  to: string;
  body: string;
  link: string;
  sent_at: string;
  session_id: string;
  /** A whole SVG document; shown as an image only, never as part of the page. */
  qr_svg: string;
}

/** The code of a link, in two groups, and the address where the caller enters it. */
export interface LinkCode {
  invitation_id: string;
  code: string;
  address: string;
}

/** Somebody who may run a session. */
export interface Colleague {
  id: string;
  name: string;
  role: string;
  is_on_duty: boolean;
}

export interface RiskResult {
  outcome: RiskOutcome;
  refusals: RiskRefusal[];
}

export type Answers = Record<string, "yes" | "no">;

/** A door said no. `status` is 0 when nothing answered; `fields` are messages by field name. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly details: Record<string, unknown> = {},
  ) {
    super(message);
  }

  /** The refusing answers that a risk error carries. */
  get refusals(): RiskRefusal[] {
    const { refusals } = this.details;
    return Array.isArray(refusals) ? (refusals as RiskRefusal[]) : [];
  }
}

/** Calls of one page; `fetcher` is replaced in tests. */
export class Rest {
  /** Asks for a fresh proof when a door wants one; resolves with whether it was given, and the act is then repeated. */
  prover: () => Promise<boolean> = () => Promise.resolve(false);

  constructor(private readonly fetcher: typeof fetch = (...args) => fetch(...args)) {}

  /** Who is signed in: {id, name, role, permissions, force: {name}, map_tiles_url}. Sets the CSRF cookie, too. */
  me(): Promise<Record<string, unknown>> {
    return this.get("me/");
  }

  /** Gives the password or a code as a proof of this moment. */
  giveProof(proof: string): Promise<unknown> {
    return this.post("me/proof/", { proof });
  }

  incidentTypes(): Promise<IncidentType[]> {
    return this.list("incident-types/");
  }

  outcomes(): Promise<OutcomeChoice[]> {
    return this.list("outcomes/");
  }

  phrases(): Promise<OperatorPhrase[]> {
    return this.list("phrases/");
  }

  outbox(): Promise<OutboxMessage[]> {
    return this.list("outbox/");
  }

  items(sessionId: string): Promise<Item[]> {
    return this.list(`items/?session_id=${encodeURIComponent(sessionId)}`);
  }

  /** Questions of an incident type for a kind of link, or for a flight, in the order in which they are asked. */
  async riskQuestions(incidentType: string, linkKind: LinkKind, purpose: "link" | "flight" = "link"): Promise<RiskQuestion[]> {
    const query = new URLSearchParams({ incident_type: incidentType, link_kind: linkKind, ...(purpose === "link" ? {} : { purpose }) });
    const found = await this.get<{ questions?: RiskQuestion[] } | RiskQuestion[]>(`risk-questions/?${query}`);
    return Array.isArray(found) ? found : (found.questions ?? []);
  }

  openIncident(body: { type: string; description: string; external_reference: string }): Promise<{ id: string; reference: string }> {
    return this.post("incidents/", body);
  }

  createSession(body: {
    incident_id: string; link_kind: LinkKind; phone_number: string; language: string; safe_mode: boolean;
  }): Promise<SessionSummary> {
    return this.post("sessions/", body);
  }

  answerRisk(sessionId: string, answers: Answers): Promise<RiskResult> {
    return this.post(`sessions/${sessionId}/risk/`, { answers });
  }

  overrideRisk(sessionId: string, reason: string): Promise<unknown> {
    return this.post(`sessions/${sessionId}/override/`, { reason });
  }

  sendInvitation(sessionId: string): Promise<unknown> {
    return this.post(`sessions/${sessionId}/invitation/`, {});
  }

  /** The code of a session's link. Each look is audited: asked for only when somebody wants to read it out. */
  linkCode(sessionId: string): Promise<LinkCode> {
    return this.get(`sessions/${sessionId}/code/`);
  }

  rearm(sessionId: string): Promise<unknown> {
    return this.post(`sessions/${sessionId}/rearm/`, {});
  }

  recordOutcome(sessionId: string, code: string, note: string): Promise<unknown> {
    return this.post(`sessions/${sessionId}/outcome/`, { code, note });
  }

  /** People who may run sessions, those with an open console first. */
  operators(): Promise<Colleague[]> {
    return this.list("operators/");
  }

  /** Available officers near a session who have every one of the skills, and who goes there already. */
  nearest(sessionId: string, skills: readonly string[]): Promise<Nearest> {
    return this.post("officers/nearest/", { session_id: sessionId, skills });
  }

  offerHandover(sessionId: string, to: string, reason: string): Promise<unknown> {
    return this.post(`sessions/${sessionId}/handover/`, { to, reason });
  }

  withdrawHandover(sessionId: string): Promise<unknown> {
    return this.call("DELETE", `sessions/${sessionId}/handover/`, null);
  }

  acceptHandover(sessionId: string): Promise<unknown> {
    return this.post(`sessions/${sessionId}/handover/accept/`, {});
  }

  declineHandover(sessionId: string, reason: string): Promise<unknown> {
    return this.post(`sessions/${sessionId}/handover/decline/`, { reason });
  }

  takeSession(sessionId: string, reason: string): Promise<unknown> {
    return this.post(`sessions/${sessionId}/take/`, { reason });
  }

  resendInvitation(sessionId: string): Promise<unknown> {
    return this.post(`sessions/${sessionId}/resend/`, {});
  }

  redirectInvitation(sessionId: string, to: { phone_number: string } | { email_address: string }): Promise<unknown> {
    return this.post(`sessions/${sessionId}/redirect/`, to);
  }

  /** A page of past sessions. In the body: neither a number nor a place belongs in an address. */
  searchSessions(body: SearchBody): Promise<{ results: SessionSummary[]; next: string | null }> {
    return this.post("sessions/search/", body);
  }

  placeHold(itemId: string, reason: string): Promise<unknown> {
    return this.post(`items/${itemId}/hold/`, { reason });
  }

  releaseHold(itemId: string): Promise<unknown> {
    return this.call("DELETE", `items/${itemId}/hold/`, null);
  }

  /** A list, whether the door pages it or not. */
  private async list<T>(path: string): Promise<T[]> {
    const found = await this.get<T[] | { results?: T[] }>(path);
    return Array.isArray(found) ? found : (found.results ?? []);
  }

  private get<T>(path: string): Promise<T> {
    return this.call<T>("GET", path, null);
  }

  private post<T>(path: string, body: unknown): Promise<T> {
    return this.call<T>("POST", path, body);
  }

  /** One call of a door below /api/v1/; `body` null for none. Raises `ApiError`. */
  async call<T>(method: string, path: string, body: unknown): Promise<T> {
    const headers: Record<string, string> = { Accept: "application/json" };
    if (method !== "GET") {
      headers["Content-Type"] = "application/json";
      headers["X-CSRFToken"] = csrfToken();
    }
    const init: RequestInit = { method, headers, credentials: "same-origin" };
    if (body !== null) init.body = JSON.stringify(body);
    let response: Response;
    try {
      response = await this.fetcher(`/api/v1/${path}`, init);
    } catch {
      throw new ApiError(0, "network", "");
    }
    const data = await readJson(response);
    if (response.ok) return data as T;
    const error = errorOf(response.status, data);
    if (error.code === "step_up_required" && (await this.prover())) return this.call<T>(method, path, body);
    throw error;
  }
}

/** The body as JSON, or null when it is none (an error page of a proxy). */
async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return null;
  }
}

/** An error answer in one form; a proxy's page has no code of its own. */
export function errorOf(status: number, data: unknown): ApiError {
  const body = typeof data === "object" && data !== null ? (data as Record<string, unknown>) : {};
  const code = typeof body.code === "string" ? body.code : status === 401 ? "not_signed_in" : "server";
  const message = typeof body.message === "string" ? body.message : "";
  const details = typeof body.details === "object" && body.details !== null ? (body.details as Record<string, unknown>) : {};
  return new ApiError(status, code, message, details);
}
