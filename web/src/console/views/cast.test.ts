import { render } from "lit-html";
import { describe, expect, it } from "vitest";
import type { Item } from "../rest";
import { castView, roleWord } from "./cast";

const NOW = Date.parse("2026-11-28T15:00:00.000Z");
const segment = { from: "2026-11-28T14:00:00.000Z", to: "2026-11-28T14:04:00.000Z" };

function shown(item: Partial<Item>): HTMLElement {
  const host = document.createElement("div");
  render(castView({ kind: "call", id: "1", state: "sealed", started_at: null, ended_at: null, duration_ms: null, is_complete: true, ...item }, NOW), host);
  return host;
}

describe("the film of a call", () => {
  it("test_film_names_who_is_in_it_and_since_when_and_markup_stays_text", () => {
    const host = shown({ cast: [
      { feed_id: "a", name: "<b>Ms Nowak</b>", role: "bsl_interpreter", source: "camera", segments: [segment] },
      { feed_id: "b", name: "PC Ade", role: "officer", source: "screen", segments: [segment] },
    ] });
    const [first, second] = host.querySelectorAll("[data-testid=cast-member]");
    expect(first?.textContent).toContain("<b>Ms Nowak</b>");
    expect(first?.textContent).toContain("14:00:00 to 14:04:00");
    expect(second?.textContent).toContain("shared screen");
    expect(host.querySelector("b b")).toBeNull();
  });

  it("test_film_of_one_part_names_no_parts_and_of_two_names_both", () => {
    const part = { started_at: "2026-11-28T14:00:00.000Z", offset_ms: 0, duration_ms: 60_000 };
    expect(shown({ segments: [part] }).querySelectorAll("[data-testid=cast-part]")).toHaveLength(0);
    const parts = shown({ segments: [part, { ...part, offset_ms: 62_000 }] }).querySelectorAll("[data-testid=cast-part]");
    expect(parts[1]?.textContent).toContain("at 1:02 of the film");
  });

  it("test_role_is_readable", () => {
    expect([roleWord("bsl_interpreter"), roleWord("reporting_person")]).toEqual(["BSL interpreter", "Reporting person"]);
  });
});
