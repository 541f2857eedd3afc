import { render } from "lit-html";
import { describe, expect, it } from "vitest";
import { person, room } from "../room/samples";
import type { DeskClientMessage } from "../signalling/deskmessages";
import { DeskActs } from "./acts";
import { recordPanel, type RecordScreen } from "./recordpanel";

function shown(more: Partial<RecordScreen>): { host: HTMLElement; sent: DeskClientMessage[]; button: () => HTMLButtonElement } {
  const sent: DeskClientMessage[] = [];
  const acts = new DeskActs({
    send: (message) => {
      sent.push(message);
      return true;
    },
    redraw: () => undefined, now: () => 0,
  });
  const host = document.createElement("div");
  render(recordPanel({
    recording: { state: "off", round: 0, part: null, wish: false, answers: [] }, room: room([]), acts, isInside: true, isWished: false, now: Date.parse("2026-11-28T14:03:00.000Z"), ...more,
  }), host);
  return { host, sent, button: () => host.querySelector("button")! };
}

describe("recordPanel", () => {
  it("test_officer_outside_of_the_call_can_neither_ask_nor_stop", () => {
    expect(shown({ isInside: false }).button().disabled).toBe(true);
    expect(shown({ isInside: false, recording: { state: "on", round: 1, part: null, wish: false, answers: [] } }).button().disabled).toBe(true);
  });

  it("test_asking_records_nothing_and_is_one_press", () => {
    const { button, sent, host } = shown({});
    button().click();
    expect([sent[0]?.type, host.textContent.includes("Not recorded")]).toEqual(["recording.ask", true]);
  });

  it("test_each_members_answer_is_shown_and_of_officers_none", () => {
    const people = [person("a"), person("b", { side: "aid" }), person("c"), person("o", { side: "police" }), person("late", { state: "coming" })];
    const { host } = shown({ room: room(people), recording: { state: "asking", round: 1, part: null, wish: false, answers: [{ id: "a", answer: "yes" }, { id: "b", answer: "no" }] } });
    const answers = [...host.querySelectorAll<HTMLElement>("[data-testid=record-answer]")].map((row) => row.dataset.answer);
    expect([answers, host.textContent.includes("Use a headset")]).toEqual([["yes", "no", ""], true]);
  });

  it("test_running_recording_says_its_part_and_time_and_stops_by_one_press", () => {
    const { host, button, sent } = shown({ recording: { state: "on", round: 1, part: { number: 2, started_at: "2026-11-28T14:00:30.000Z" }, wish: false, answers: [] } });
    expect(host.querySelector("[data-testid=record-part]")?.textContent).toBe("Recording, part 2, 2:30");
    button().click();
    expect(sent).toMatchObject([{ type: "recording.stop", reason: "officer" }]);
  });
});
