import { render } from "lit-html";
import { describe, expect, it } from "vitest";
import { castView, type CallItem } from "./castview";
import { roleWord } from "./words";

function shown(item: Partial<CallItem>): HTMLElement {
  const host = document.createElement("div");
  render(castView({ id: "1", kind: "call", state: "sealed", is_complete: true, ...item }, Date.parse("2026-11-28T15:00:00.000Z")), host);
  return host;
}
const words = (host: HTMLElement, name: string): string[] => [...host.querySelectorAll(`[data-testid=${name}]`)].map((one) => one.textContent.replace(/\s+/g, " ").trim());

describe("the film of a call", () => {
  it("test_who_was_left_out_has_no_name_and_markup_stays_text", () => {
    const host = shown({ cast: [
      { name: "", role: "victim", source: "camera", is_left_out: true }, { name: "<b>Ms Nowak</b>", role: "bsl_interpreter", source: "camera" },
      { name: "<b>Ms Nowak</b>", role: "bsl_interpreter", source: "camera" }, { name: "PC Ade", role: "officer", source: "screen" },
    ] });
    expect(words(host, "cast-member")).toEqual(["Victim: left out of the film", "<b>Ms Nowak</b> BSL interpreter", "PC Ade Officer, shared screen"]);
    expect(host.querySelector("bdi b")).toBeNull();
  });

  it("test_film_of_one_part_names_no_parts_and_of_two_names_both", () => {
    const part = { started_at: "2026-11-28T14:00:00.000Z", offset_ms: 0 };
    expect(words(shown({ segments: [part] }), "cast-part")).toEqual([]);
    expect(words(shown({ segments: [part, { ...part, offset_ms: 62_000, part: 2 }] }), "cast-part")[1]).toContain("Part 2, 14:00:00, at 1:02");
  });

  it("test_role_is_readable", () => {
    expect([roleWord("bsl_interpreter"), roleWord("reporting_person")]).toEqual(["BSL interpreter", "Reporting person"]);
  });
});
