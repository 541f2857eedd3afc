/** Sends a link: incident, session, risk answers, override, invitation. Each step is done once, however often it is tried. */

import type { IncidentForm, SendingStep } from "./incidentform";
import { refusalsOf, withFailure } from "./incidentform";
import type { Rest, RiskResult } from "./rest";

/** How far the operator wants to go: send the link, or keep a refused assessment for a supervisor. */
export type SendingGoal = "send" | "keep";

/** Called after each step with the form as it then stands. */
export type FormListener = (form: IncidentForm) => void;

/**
 * Walks the steps from where the form stands.
 *
 * Returns the session's id when the goal was reached, null when a step failed or the server's assessment said no (the
 * form then says why, and a second call goes on from there).
 */
export async function sendLink(rest: Rest, form: IncidentForm, goal: SendingGoal, tell: FormListener): Promise<string | null> {
  let current = form;
  const step = (name: SendingStep): void => tell((current = { ...current, busy: name, error: null, fieldErrors: {} }));
  const done = (change: Partial<IncidentForm>): void => tell((current = { ...current, ...change, busy: null }));
  try {
    const incidentId = current.incident?.id ?? (await openIncident(rest, current, step, done));
    const sessionId = current.session?.id ?? (await createSession(rest, current, incidentId, step, done));
    await answerRisk(rest, current, sessionId, step, done);
    if (refusalsOf(current).length > 0) {
      if (goal === "keep") return sessionId;
      if (current.overrideReason.trim() === "") return null;
      step("override");
      await rest.overrideRisk(sessionId, current.overrideReason.trim());
      done({ isOverridden: true });
    }
    step("send");
    await rest.sendInvitation(sessionId);
    done({});
    return sessionId;
  } catch (error) {
    tell(withFailure(current, error));
    return null;
  }
}

type Begin = (name: SendingStep) => void;
type Done = (change: Partial<IncidentForm>) => void;

async function openIncident(rest: Rest, form: IncidentForm, begin: Begin, done: Done): Promise<string> {
  begin("incident");
  const { id, reference } = await rest.openIncident({
    type: form.typeCode,
    description: form.description.trim(),
    external_reference: form.externalReference.trim(),
  });
  done({ incident: { id, reference } });
  return id;
}

async function createSession(rest: Rest, form: IncidentForm, incidentId: string, begin: Begin, done: Done): Promise<string> {
  begin("session");
  const body = { incident_id: incidentId, link_kind: form.linkKind, phone_number: form.phone.trim(), language: form.language, safe_mode: form.isSafe };
  const session = await rest.createSession(body);
  done({ session: { id: session.id, phoneMasked: session.phone_number_masked } });
  return session.id;
}

async function answerRisk(rest: Rest, form: IncidentForm, sessionId: string, begin: Begin, done: Done): Promise<void> {
  if (form.riskIsAnswered) return;
  begin("risk");
  const result: RiskResult = await rest.answerRisk(sessionId, form.answers);
  done({
    riskIsAnswered: true,
    isOverridden: result.outcome === "overridden",
    refusals: result.outcome === "refused" ? result.refusals : [],
  });
}
