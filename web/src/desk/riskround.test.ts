import { render } from "lit-html";
import { describe, expect, it, vi } from "vitest";
import { ApiError } from "../console/rest";
import type { ConsultationView } from "../signalling/deskmessages";
import { RiskRound } from "./riskround";

const NOW = Date.parse("2026-11-28T14:20:00.000Z");
const question = (code: string) => ({ code, text: `Question ${code}?`, help_text: "", refusing_answer: "yes" as const, advice: `Advice ${code}` });
const risk = (more: Partial<ConsultationView["risk"]> = {}): ConsultationView["risk"] => ({ outcome: null, due_at: null, is_overdue: false, asked_at: null, refusals: [], ...more });

function setUp(mayOverride = false) {
  const rest = {
    questions: vi.fn(() => Promise.resolve([question("alone"), question("near")])),
    answerRisk: vi.fn(() => Promise.resolve({ outcome: "clear" as const, refusals: [] })),
    overrideRisk: vi.fn(() => Promise.resolve({})),
  };
  const round = new RiskRound({ rest, sessionId: "s1", mayOverride, redraw: () => undefined });
  const shown = (now: ConsultationView["risk"] = risk()): HTMLElement => {
    const host = document.createElement("div");
    render(round.view(now, NOW), host);
    return host;
  };
  return { round, rest, shown };
}

describe("RiskRound", () => {
  it("test_unanswered_risk_is_due_and_nothing_is_sent_before_all_is_answered", async () => {
    const { round, rest, shown } = setUp();
    expect(shown().querySelector(".is-due")?.textContent).toContain("Nobody can be admitted before");
    await round.open();
    round.answer("alone", "no");
    await round.send();
    expect(rest.answerRisk).not.toHaveBeenCalled();
    expect(shown().querySelector<HTMLButtonElement>("[data-testid=risk-send]")?.disabled).toBe(true);
    round.answer("near", "no");
    await round.send();
    expect(rest.answerRisk).toHaveBeenCalledWith("s1", { alone: "no", near: "no" });
    expect(shown().querySelector("[data-testid=risk-form]")).toBeNull();
  });

  it("test_answer_that_speaks_against_it_gives_its_advice_at_once", async () => {
    const { round, shown } = setUp();
    await round.open();
    round.answer("near", "yes");
    expect(shown().querySelector("[role=alert]")?.textContent).toBe("Advice near");
  });

  it("test_refusal_ends_no_call_and_only_a_supervisor_overrides_it_with_a_reason", async () => {
    const refused = risk({ outcome: "refused", refusals: [{ code: "near", text: "Near", advice: "Send a car" }] });
    expect(setUp().shown(refused).querySelector("[data-testid=override]")).toBeNull();
    const { round, rest, shown } = setUp(true);
    expect(shown(refused).textContent).toContain("The call goes on");
    await round.override();
    expect(rest.overrideRisk).not.toHaveBeenCalled();
    const field = shown(refused).querySelector<HTMLTextAreaElement>("[data-testid=override-reason]")!;
    field.value = "Officers are on the way";
    field.dispatchEvent(new Event("input"));
    await round.override();
    expect(rest.overrideRisk).toHaveBeenCalledWith("s1", "Officers are on the way");
  });

  it("test_clock_says_when_to_ask_again_and_since_when_it_is_due", () => {
    const { shown } = setUp();
    expect(shown(risk({ outcome: "clear", due_at: "2026-11-28T14:25:00.000Z" })).querySelector("[data-testid=risk-next]")?.textContent).toContain("5:00");
    expect(shown(risk({ outcome: "clear", due_at: "2026-11-28T14:19:00.000Z", is_overdue: true })).querySelector("[data-testid=risk-due]")?.textContent).toContain("1:00");
  });

  it("test_door_that_does_not_answer_keeps_the_answers", async () => {
    const { round, rest, shown } = setUp();
    await round.open();
    round.answer("alone", "no");
    round.answer("near", "no");
    rest.answerRisk.mockRejectedValueOnce(new ApiError(0, "network", ""));
    await round.send();
    expect(shown().querySelector(".failure")?.textContent).toContain("No answer");
    expect(round.form?.answers).toEqual({ alone: "no", near: "no" });
  });
});
