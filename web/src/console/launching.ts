/** Plans a flight and lets it begin: plan, risk answers, override, launch. Each step is done once, however often it is tried. */

import type { FleetRest } from "./fleetrest";
import { hasAnswers, planOf, withFlightFailure, type FlightForm, type FlightStep } from "./flightform";
import { refusalsOf } from "./riskform";

/** How far the operator wants to go: plan it and keep the answers that are given, or let it begin. */
export type FlightGoal = "plan" | "launch";

/**
 * Walks the steps from where the form stands; `tell` is called after each with the form as it then stands.
 *
 * Returns the flight's id when the goal was reached, null when a step failed or the server's assessment said no (the
 * form then says why, and a second call goes on from there).
 */
export async function goFly(
  rest: Pick<FleetRest, "plan" | "answerRisk" | "overrideRisk" | "launch">, form: FlightForm, goal: FlightGoal, tell: (form: FlightForm) => void,
): Promise<string | null> {
  let current = form;
  const step = (name: FlightStep): void => tell((current = { ...current, busy: name, error: null, fieldErrors: {} }));
  const done = (change: Partial<FlightForm>): void => tell((current = { ...current, ...change, busy: null }));
  try {
    const id = current.planned?.id ?? (await plan(rest, current, step, done));
    if (hasAnswers(current)) {
      step("risk");
      const { outcome, refusals } = await rest.answerRisk(id, current.answers);
      done({ riskIsAnswered: true, isOverridden: outcome === "overridden", refusals: outcome === "refused" ? refusals : [] });
    }
    if (goal === "plan") return id;
    if (refusalsOf(current).length > 0) {
      if (current.overrideReason.trim() === "") return null;
      step("override");
      await rest.overrideRisk(id, current.overrideReason.trim());
      done({ isOverridden: true });
    }
    step("launch");
    await rest.launch(id);
    done({});
    return id;
  } catch (error) {
    tell(withFlightFailure(current, error));
    return null;
  }
}

async function plan(
  rest: Pick<FleetRest, "plan">, form: FlightForm, begin: (name: FlightStep) => void, done: (change: Partial<FlightForm>) => void,
): Promise<string> {
  begin("plan");
  const { id, aircraft, pilot } = await rest.plan(planOf(form));
  done({ planned: { id, aircraft: aircraft.name, pilot: pilot.name } });
  return id;
}
