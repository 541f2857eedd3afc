import { describe, expect, it, vi, type Mock } from "vitest";

import type { FleetRest } from "./fleetrest";
import { flightOf, plannedSession } from "./fleetsamples";
import { formForFlight, formForPlanned, isForSupervisor, missingOfLaunch, missingOfPlan, planOf, withFlightFailure, type FlightForm } from "./flightform";
import { flightPhrase } from "./flightphrases";
import { goFly } from "./launching";
import { ApiError, type RiskQuestion } from "./rest";
import { answered, typed, withQuestions } from "./riskform";
import { sessionOf } from "./samples";

const PEOPLE: RiskQuestion = { code: "flight-people", text: "Clear of people?", help_text: "", refusing_answer: "no", advice: "Do not launch." };
const NOTED: RiskQuestion = { code: "flight-sensitive", text: "Children below?", help_text: "", refusing_answer: "", advice: "Tell a supervisor." };
const { incident } = sessionOf("1");

function filled(): FlightForm {
  const form = typed(formForFlight(incident, "a-1"), { pilotId: "5", purpose: "Search for a missing person", lawfulBasis: "vital_interests" });
  return withQuestions(form, [PEOPLE, NOTED]);
}

function ready(people: "yes" | "no" = "yes"): FlightForm {
  return answered(answered(filled(), "flight-people", people), "flight-sensitive", "yes");
}

type Doors = Pick<FleetRest, "plan" | "answerRisk" | "overrideRisk" | "launch">;

function doors(): { [Door in keyof Doors]: Mock<Doors[Door]> } {
  return {
    plan: vi.fn<Doors["plan"]>(() => Promise.resolve(flightOf("f-1", { state: "planned" }))),
    answerRisk: vi.fn<Doors["answerRisk"]>(() => Promise.resolve({ outcome: "clear", refusals: [] })),
    overrideRisk: vi.fn<Doors["overrideRisk"]>(() => Promise.resolve({})), launch: vi.fn<Doors["launch"]>(() => Promise.resolve(flightOf("f-1"))),
  };
}

async function fly(rest: ReturnType<typeof doors>, form: FlightForm, goal: "plan" | "launch"): Promise<{ id: string | null; form: FlightForm; steps: (string | null)[] }> {
  let last = form;
  const steps: (string | null)[] = [];
  const id = await goFly(rest, form, goal, (now) => {
    last = now;
    if (now.busy !== null) steps.push(now.busy);
  });
  return { id, form: last, steps };
}

describe("what is missing of a flight", () => {
  it("test_each_part_is_said_in_the_order_of_the_form", () => {
    expect(missingOfPlan(formForFlight(incident))).toEqual(["choose the aircraft", "choose the pilot", "say what the flight is for", "choose the lawful basis"]);
    expect(missingOfPlan(typed(filled(), { purpose: " ab  " }))).toEqual(["say what the flight is for"]);
    expect(missingOfPlan(typed(filled(), { lawfulBasis: "directed_surveillance" }))).toEqual(["enter the authorisation"]);
    expect(missingOfLaunch(filled(), false)).toEqual(["answer 2 more risk questions"]);
    expect(missingOfLaunch(ready(), false)).toEqual([]);
  });

  it("test_refusing_answer_blocks_an_operator_and_asks_a_supervisor_for_a_reason", () => {
    expect(missingOfLaunch(ready("no"), false)).toEqual(["a supervisor must override the risk assessment"]);
    expect(missingOfLaunch(ready("no"), true)).toEqual(["give the reason for the override"]);
    expect([isForSupervisor(ready("no"), false), isForSupervisor(ready("no"), true), isForSupervisor(ready(), false)]).toEqual([true, false, false]);
  });

  it("test_planned_flight_asks_for_nothing_of_the_plan_again", () => {
    const form = formForPlanned(plannedSession(), flightOf("1", { state: "planned" }));
    expect(form).toMatchObject({ planned: { id: "1", pilot: "Tom Ashby" }, purpose: "Search for a missing person", riskIsAnswered: false });
    expect(missingOfPlan(form)).toEqual([]);
    expect(missingOfPlan(formForPlanned(plannedSession(), undefined))).toEqual([]);
  });
});

describe("a refusal", () => {
  it("test_words_are_chosen_by_the_code_and_stand_at_their_field", () => {
    const busy = withFlightFailure(ready(), new ApiError(409, "aircraft_busy", "x"));
    expect(busy.fieldErrors).toEqual({ aircraftId: "This aircraft has another flight. Land it, or call it off, first." });
    expect([busy.error, busy.purpose]).toEqual([null, "Search for a missing person"]);
    expect(withFlightFailure(ready(), new ApiError(409, "pilot_unfit", "")).fieldErrors.pilotId).toContain("flyer ID");
    const short = new ApiError(400, "invalid_input", "Say what the flight is for.", { field: "purpose" });
    expect(withFlightFailure(ready(), short).fieldErrors).toEqual({ purpose: "Say what the flight is for." });
    const listed = new ApiError(400, "invalid_input", "", { fields: { authorisation: ["Too long."] } });
    expect(withFlightFailure(ready(), listed).fieldErrors).toEqual({ authorisation: "Too long." });
  });

  it("test_of_a_planned_flight_it_stands_at_the_button", () => {
    const planned = { ...ready(), planned: { id: "f-1", aircraft: "", pilot: "" } };
    expect(withFlightFailure(planned, new ApiError(409, "pilot_busy", "")).error).toContain("another aircraft in the air");
    expect(withFlightFailure(planned, new Error("?")).error).toContain("fault");
  });

  it("test_questions_that_were_changed_meanwhile_are_asked_for_again", () => {
    const outdated = withFlightFailure({ ...ready(), riskIsAnswered: true }, new ApiError(409, "risk_unanswered", ""));
    expect(outdated).toMatchObject({ riskIsAnswered: false, questionsState: "none" });
    expect(outdated.error).toContain("have changed");
  });

  it("test_code_that_is_no_flights_own_means_what_it_means_elsewhere", () => {
    expect(flightPhrase(new ApiError(403, "not_permitted", ""))).toBe("Your role does not allow this. Ask a supervisor.");
    expect(flightPhrase(new ApiError(409, "brand_new", "The server’s own words."))).toBe("The server’s own words.");
  });
});

describe("from the plan into the air", () => {
  it("test_plan_without_answers_plans_and_goes_no_further", async () => {
    const rest = doors();
    expect((await fly(rest, filled(), "plan")).id).toBe("f-1");
    expect(rest.plan).toHaveBeenCalledWith(planOf(filled()));
    expect([rest.answerRisk.mock.calls.length, rest.launch.mock.calls.length]).toEqual([0, 0]);
  });

  it("test_each_step_is_done_once_however_often_it_is_tried", async () => {
    const rest = doors();
    rest.launch.mockRejectedValueOnce(new ApiError(409, "pilot_busy", ""));
    const first = await fly(rest, ready(), "launch");
    expect([first.id, first.form.planned?.id, first.form.busy]).toEqual([null, "f-1", null]);
    const second = await fly(rest, first.form, "launch");
    expect([second.id, second.steps]).toEqual(["f-1", ["launch"]]);
    expect([rest.plan.mock.calls.length, rest.answerRisk.mock.calls.length, rest.launch.mock.calls.length]).toEqual([1, 1, 2]);
  });

  it("test_refused_answers_do_not_fly_without_a_supervisors_reason", async () => {
    const rest = doors();
    rest.answerRisk.mockResolvedValue({ outcome: "refused", refusals: [{ code: "flight-people", text: "Clear of people?", advice: "Do not launch." }] });
    const refused = await fly(rest, ready("no"), "launch");
    expect([refused.id, refused.form.refusals.length, rest.launch.mock.calls.length]).toEqual([null, 1, 0]);
    const overridden = await fly(rest, typed(refused.form, { overrideReason: "Life at risk" }), "launch");
    expect(overridden.steps).toEqual(["override", "launch"]);
    expect(rest.overrideRisk).toHaveBeenCalledWith("f-1", "Life at risk");
  });
});
