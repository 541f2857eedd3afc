import { render } from "lit-html";
import { describe, expect, it, vi } from "vitest";

import { emptyFields } from "../acts";
import type { Desk } from "../desk";
import { flightOf, FLYING_ME, plannedSession, readFleet } from "../fleetsamples";
import { formForFlight, formForPlanned, type FlightForm } from "../flightform";
import type { RiskQuestion } from "../rest";
import { answered, typed, withQuestions } from "../riskform";
import { NOON, sessionOf, stateWith } from "../samples";
import { planFlightView } from "./planflight";

const PEOPLE: RiskQuestion = { code: "flight-people", text: "Clear of people?", help_text: "Think of crowds.", refusing_answer: "no", advice: "Do not launch." };
const { incident } = sessionOf("1");

async function drawn(form: FlightForm | null, permissions = FLYING_ME.permissions): Promise<{ host: HTMLElement; acts: Record<string, ReturnType<typeof vi.fn>> }> {
  const acts = { changeFlight: vi.fn(), submitFlight: vi.fn(), closeFlight: vi.fn() };
  const fleet = await readFleet([flightOf("9", { aircraft: { id: "a-2", name: "M4T" } })]);
  const state = { ...stateWith(), me: { ...FLYING_ME, permissions } };
  const host = document.createElement("div");
  render(planFlightView({ state, now: NOON, local: emptyFields(), flight: form, fleet, acts } as unknown as Desk), host);
  return { host, acts };
}

function filled(): FlightForm {
  return withQuestions(typed(formForFlight(incident, "a-1"), { pilotId: "5", purpose: "Search for a missing person", lawfulBasis: "public_task" }), [PEOPLE]);
}

function at(host: HTMLElement, name: string): HTMLElement | null {
  return host.querySelector<HTMLElement>(`[data-testid=${name}]`);
}

describe("the dialog of a flight", () => {
  it("test_it_is_not_there_until_it_is_asked_for", async () => {
    expect((await drawn(null)).host.querySelector("dialog")).toBeNull();
  });

  it("test_operator_reads_what_is_missing_and_can_do_nothing_yet", async () => {
    const { host } = await drawn(formForFlight(incident));
    expect(at(host, "flight-missing")?.textContent).toContain("choose the aircraft");
    for (const name of ["plan-flight", "launch-form"]) expect((at(host, name) as HTMLButtonElement).disabled).toBe(true);
    const dialog = host.querySelector("dialog")!;
    expect(host.querySelector(`#${dialog.getAttribute("aria-labelledby") ?? ""}`)?.textContent).toContain("HERTS-2611-1");
  });

  it("test_every_field_has_a_name_and_every_choice_of_one_is_a_group", async () => {
    const { host } = await drawn(typed(filled(), { lawfulBasis: "directed_surveillance" }));
    for (const field of host.querySelectorAll("select, textarea, input[type=text]")) expect(field.closest("label")?.textContent.trim().length ?? 0).toBeGreaterThan(3);
    for (const radio of host.querySelectorAll("input[type=radio]")) expect(radio.closest("[role=radiogroup]")?.getAttribute("aria-label")).toBeTruthy();
    expect(at(host, "flight-authorisation")).not.toBeNull();
  });

  it("test_aircraft_with_a_flight_cannot_be_chosen", async () => {
    const { host } = await drawn(filled());
    const options = [...host.querySelectorAll<HTMLOptionElement>("[data-testid=flight-aircraft] option")];
    expect(options.map((one) => [one.value, one.disabled])).toEqual([["", false], ["a-1", false], ["a-2", true]]);
    expect(options[2]?.textContent).toContain("has a flight");
  });

  it("test_planned_without_answers_it_waits_and_with_them_it_is_launched", async () => {
    const early = await drawn(filled());
    expect([(at(early.host, "plan-flight") as HTMLButtonElement).disabled, (at(early.host, "launch-form") as HTMLButtonElement).disabled]).toEqual([false, true]);
    at(early.host, "plan-flight")!.click();
    expect(early.acts.submitFlight).toHaveBeenCalledWith("plan");
    const { host, acts } = await drawn(answered(filled(), "flight-people", "yes"));
    expect(at(host, "launch-form")?.textContent.trim()).toBe("Launch");
    host.querySelector("form")!.dispatchEvent(new Event("submit", { cancelable: true }));
    expect(acts.submitFlight).toHaveBeenCalledWith("launch");
  });

  it("test_refusing_answer_says_what_to_do_instead_and_leaves_it_to_a_supervisor", async () => {
    const refused = answered(filled(), "flight-people", "no");
    const operator = await drawn(refused);
    expect(at(operator.host, "risk-advice")?.textContent).toContain("Do not launch.");
    expect(at(operator.host, "risk-blocked")?.textContent).toContain("The flight is blocked");
    expect([at(operator.host, "launch-form")?.textContent.trim(), at(operator.host, "plan-flight")?.textContent.trim()]).toEqual(["Flight blocked", "Keep for a supervisor"]);
    expect(at(operator.host, "form-override-reason")).toBeNull();
    const supervisor = await drawn(typed(refused, { overrideReason: "Life at risk" }), [...FLYING_ME.permissions, "risk.override"]);
    expect(at(supervisor.host, "launch-form")?.textContent.trim()).toBe("Override and launch");
    expect((at(supervisor.host, "launch-form") as HTMLButtonElement).disabled).toBe(false);
  });

  it("test_refusal_stands_at_its_field_or_at_the_button", async () => {
    const { host } = await drawn({ ...filled(), fieldErrors: { aircraftId: "It has another flight." }, error: "The launch was refused." });
    expect([at(host, "error-aircraftId")?.getAttribute("role"), at(host, "error-aircraftId")?.textContent]).toEqual(["alert", "It has another flight."]);
    expect(at(host, "flight-aircraft")?.getAttribute("aria-invalid")).toBe("true");
    expect(at(host, "flight-error")?.textContent).toBe("The launch was refused.");
  });

  it("test_of_a_planned_flight_the_questions_alone_are_asked", async () => {
    const { host } = await drawn(withQuestions(formForPlanned(plannedSession(), flightOf("1", { state: "planned" })), [PEOPLE]));
    expect(at(host, "flight-planned")?.textContent).toContain("Tom Ashby");
    expect([at(host, "flight-aircraft"), at(host, "plan-flight")]).toEqual([null, null]);
    expect(host.querySelectorAll("[data-testid=risk-question]")).toHaveLength(1);
  });
});
