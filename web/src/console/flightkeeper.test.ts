import { describe, expect, it, vi } from "vitest";

import { ConsoleActs, type Parts } from "./acts";
import { FleetRest } from "./fleetrest";
import { flightOf, plannedSession, settled } from "./fleetsamples";
import { FlightKeeper } from "./flightkeeper";
import { Rest, type RiskQuestion } from "./rest";
import { answered, typed } from "./riskform";
import { sessionOf } from "./samples";

const PEOPLE: RiskQuestion = { code: "flight-people", text: "Clear of people?", help_text: "", refusing_answer: "no", advice: "Do not launch." };
const { incident } = sessionOf("1");

/** A page whose server answers as the test says: by "METHOD path", else 200 and nothing. */
class Bench {
  readonly asked: string[] = [];
  readonly bodies: unknown[] = [];
  readonly answers: Record<string, { status: number; body: unknown }> = {
    "GET risk-questions": { status: 200, body: { questions: [PEOPLE] } },
    "POST flights/": { status: 201, body: flightOf("f-1", { state: "planned" }) },
    "POST sessions/f-1/risk/": { status: 200, body: { outcome: "clear", refusals: [] } },
  };
  readonly rest = new Rest((url, init) => {
    const path = (url as string).replace("/api/v1/", "").split("?");
    const name = `${init?.method ?? "GET"} ${(path[0] ?? "").replace(/^risk-questions\/$/, "risk-questions")}`;
    this.asked.push(path[1] === undefined ? name : `${name}?${path[1]}`);
    this.bodies.push(typeof init?.body === "string" ? JSON.parse(init.body) : null);
    const { status, body } = this.answers[name] ?? { status: 200, body: {} };
    return Promise.resolve(new Response(JSON.stringify(body), { status }));
  });
  readonly fleetRest = new FleetRest(this.rest);
  readonly fleet = { open: vi.fn(), flightOf: () => flightOf("1", { state: "planned" }) };
  readonly flights = new FlightKeeper(this.fleetRest, this.fleet, () => undefined);
  readonly store = { dispatch: vi.fn(), state: { mode: "session" } };
  readonly acts = new ConsoleActs({
    fleet: this.fleet, fleetRest: this.fleetRest, flights: this.flights, rest: this.rest, store: this.store, redraw: () => undefined,
  } as unknown as Parts);

  refuse(name: string, status: number, code: string): void {
    this.answers[name] = { status, body: { code, message: "", details: {} } };
  }
}

/** After requests that take several turns each. */
async function answeredAll(): Promise<void> {
  for (let turn = 0; turn < 8; turn += 1) {
    await settled();
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}

describe("the form of a flight", () => {
  it("test_questions_are_the_flights_own_and_come_while_the_operator_types", async () => {
    const bench = new Bench();
    bench.acts.planFlight(incident);
    expect([bench.flights.form?.questionsState, bench.fleet.open.mock.calls.length]).toEqual(["loading", 1]);
    bench.acts.changeFlight((now) => typed(now, { purpose: "Search by the river" }));
    await answeredAll();
    expect(bench.flights.form).toMatchObject({ questionsState: "ready", questions: [PEOPLE], purpose: "Search by the river" });
    expect(bench.asked).toEqual([`GET risk-questions?incident_type=${incident.type}&link_kind=location_video&purpose=flight`]);
  });

  it("test_what_was_typed_is_kept_for_its_incident_and_for_no_other", async () => {
    const bench = new Bench();
    bench.acts.planFlight(incident);
    bench.acts.changeFlight((now) => typed(now, { purpose: "Search by the river" }));
    bench.acts.closeFlight();
    expect(bench.flights.form).toBeNull();
    bench.acts.planFlight(incident, "a-2");
    expect(bench.flights.form).toMatchObject({ purpose: "Search by the river", aircraftId: "a-2" });
    bench.acts.planFlight(sessionOf("2").incident);
    expect(bench.flights.form).toMatchObject({ purpose: "", incident: { id: "i-2" } });
    await answeredAll();
  });

  it("test_questions_that_cannot_be_read_are_said_and_asked_for_again", async () => {
    const bench = new Bench();
    bench.refuse("GET risk-questions", 403, "not_permitted");
    bench.acts.planFlight(incident);
    await answeredAll();
    expect(bench.flights.form).toMatchObject({ questionsState: "failed", error: "Your role does not allow this. Ask a supervisor." });
    bench.answers["GET risk-questions"] = { status: 200, body: [PEOPLE] };
    bench.acts.changeFlight((now) => ({ ...now, questionsState: "none" }));
    await answeredAll();
    expect(bench.flights.form?.questionsState).toBe("ready");
  });

  it("test_planned_answered_and_launched_it_is_chosen_and_the_form_is_empty_again", async () => {
    const bench = new Bench();
    bench.acts.planFlight(incident, "a-1");
    await answeredAll();
    bench.acts.changeFlight((now) => answered(typed(now, { pilotId: "5", purpose: "Search by the river", lawfulBasis: "public_task" }), "flight-people", "yes"));
    bench.acts.submitFlight("launch");
    await answeredAll();
    expect(bench.asked.slice(1)).toEqual(["POST flights/", "POST sessions/f-1/risk/", "POST flights/f-1/launch/"]);
    expect(bench.bodies[1]).toEqual({
      incident_id: incident.id, aircraft_id: "a-1", pilot_id: "5", purpose: "Search by the river", lawful_basis: "public_task", authorisation: "",
    });
    expect(bench.bodies[2]).toEqual({ answers: { "flight-people": "yes" } });
    expect(bench.store.dispatch).toHaveBeenCalledWith({ type: "choose", sessionId: "f-1" });
    expect(bench.flights.form).toBeNull();
  });
});

describe("a flight on the screen", () => {
  it("test_refused_launch_is_said_in_words_by_its_code", async () => {
    const bench = new Bench();
    bench.refuse("POST flights/1/launch/", 409, "risk_unanswered");
    bench.acts.launchFlight("1");
    await answeredAll();
    expect(bench.acts.fields.failures["flight:1"]).toContain("Answer them, then launch.");
    bench.refuse("POST flights/1/launch/", 409, "pilot_busy");
    bench.acts.launchFlight("1");
    await answeredAll();
    expect(bench.acts.fields.failures["flight:1"]).toContain("another aircraft in the air");
  });

  it("test_override_that_asks_for_a_proof_goes_on_when_it_was_given_and_not_before", async () => {
    const bench = new Bench();
    bench.refuse("POST sessions/1/override/", 403, "step_up_required");
    bench.acts.overrideFlight("1", "Life at risk");
    await answeredAll();
    expect(bench.asked).toEqual(["POST sessions/1/override/"]);
    expect(bench.acts.fields.failures["override:1"]).toContain("Nothing was changed");
    bench.rest.prover = () => {
      delete bench.answers["POST sessions/1/override/"];
      return Promise.resolve(true);
    };
    bench.acts.overrideFlight("1", "Life at risk");
    await answeredAll();
    expect(bench.asked.slice(1)).toEqual(["POST sessions/1/override/", "POST sessions/1/override/", "POST flights/1/launch/"]);
    expect(bench.acts.fields.failures["override:1"]).toBeUndefined();
  });

  it("test_landing_asks_once_and_says_what_went_wrong", async () => {
    const bench = new Bench();
    bench.refuse("POST flights/1/land/", 503, "unavailable");
    bench.acts.landFlight("1");
    bench.acts.landFlight("1");
    await answeredAll();
    expect(bench.asked).toEqual(["POST flights/1/land/"]);
    expect(bench.acts.fields.failures["end:1"]).toContain("does not answer");
  });

  it("test_form_goes_on_with_what_was_planned", async () => {
    const bench = new Bench();
    bench.acts.continueFlight(plannedSession());
    await answeredAll();
    expect(bench.flights.form).toMatchObject({ planned: { id: "1", pilot: "Tom Ashby" }, questionsState: "ready" });
  });
});
