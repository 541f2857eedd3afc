import { render } from "lit-html";
import { describe, expect, it } from "vitest";
import { person, room } from "../room/samples";
import type { DeskClientMessage } from "../signalling/deskmessages";
import { DeskActs } from "./acts";
import { cautionCard, type CautionForm, type CautionScreen } from "./cautioncard";

function setUp(more: Partial<CautionScreen> = {}) {
  const sent: DeskClientMessage[] = [];
  let form: CautionForm | null = null;
  const host = document.createElement("div");
  const acts = new DeskActs({
    send: (message) => {
      sent.push(message);
      return true;
    },
    redraw: () => undefined, now: () => 0,
  });
  const show = (): void => void render(cautionCard({
    caution: null, room: room([person("o", { side: "police" }), person("w")]), isLeader: true, mayLift: false, recording: "on", form, acts,
    change: (now) => {
      form = now;
      show();
    },
    ...more,
  }), host);
  show();
  const press = (name: string): void => host.querySelector<HTMLButtonElement>(`[data-testid=${name}]`)!.click();
  const write = (reason: string): void => {
    const field = host.querySelector<HTMLTextAreaElement>("[data-testid=caution-reason]")!;
    field.value = reason;
    field.dispatchEvent(new Event("input"));
  };
  return { host, sent, press, write, button: (name: string) => host.querySelector<HTMLButtonElement>(`[data-testid=${name}]`) };
}

describe("cautionCard", () => {
  it("test_who_does_not_lead_or_is_alone_can_state_none", () => {
    expect(setUp({ isLeader: false }).button("caution-start")?.disabled).toBe(true);
    expect(setUp({ room: room([person("o", { side: "police" })]) }).button("caution-start")?.disabled).toBe(true);
  });

  it("test_nothing_is_stated_before_the_second_step_and_without_a_reason", () => {
    const { press, write, button, sent } = setUp();
    press("caution-start");
    expect(button("caution-on")?.disabled).toBe(true);
    write(" Said that he hit her ");
    press("caution-on");
    expect(sent).toEqual([]);
    press("caution-goes-on");
    expect(sent).toMatchObject([{ type: "caution.state", participant_id: "w", reason: "Said that he hit her", goes_on: true }]);
  });

  it("test_second_step_says_whether_it_is_recorded_and_ends_the_call_by_its_own_button", () => {
    const { press, write, host, sent } = setUp();
    press("caution-start");
    write("Why");
    press("caution-on");
    expect(host.textContent).toContain("It is being recorded. This neither begins nor ends the recording.");
    press("caution-end");
    expect(sent).toMatchObject([{ goes_on: false }]);
  });

  it("test_caution_that_stands_is_shown_with_what_was_recorded", () => {
    const caution = { participant_id: "w", name: "Sam", at: "2026-11-28T14:05:21.000Z", reason: "Why", goes_on: true, recording: "on" as const, stated_by_name: "PC Ade" };
    const officer = setUp({ caution });
    expect(officer.host.querySelector("[data-testid=caution-stated]")?.textContent).toContain("It was being recorded.");
    expect(officer.button("caution-lift")).toBeNull();
    const supervisor = setUp({ caution, mayLift: true });
    supervisor.press("caution-lift");
    expect(supervisor.sent).toMatchObject([{ type: "caution.lift" }]);
  });
});
