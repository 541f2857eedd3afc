import { render } from "lit-html";
import { describe, expect, it, vi } from "vitest";
import { NO_OUTCOME, outcomeView, type OutcomeScreen } from "./outcome";

function shown(more: Partial<OutcomeScreen> = {}): { host: HTMLElement; send: ReturnType<typeof vi.fn>; submit: () => void } {
  const send = vi.fn();
  const host = document.createElement("div");
  render(outcomeView({ recorded: null, choices: [{ code: "report_taken", label: "Report taken" }], form: NO_OUTCOME, change: () => undefined, send: send as () => void, ...more }), host);
  return { host, send, submit: () => void host.querySelector("form")!.dispatchEvent(new Event("submit", { cancelable: true })) };
}

describe("outcomeView", () => {
  it("test_nothing_is_kept_without_a_choice_or_twice", () => {
    for (const form of [NO_OUTCOME, { ...NO_OUTCOME, code: "report_taken", isSending: true }]) {
      const { send, submit } = shown({ form });
      submit();
      expect(send).not.toHaveBeenCalled();
    }
  });

  it("test_choice_is_kept_and_what_was_kept_is_shown_as_text", () => {
    const { send, submit, host } = shown({ form: { ...NO_OUTCOME, code: "report_taken" }, recorded: { label: "Visit avoided", note: "<b>note</b>" } });
    submit();
    expect([send.mock.calls.length, host.querySelector("[data-testid=outcome-recorded] bdi")?.textContent]).toEqual([1, "<b>note</b>"]);
  });
});
