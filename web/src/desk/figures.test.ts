import { render } from "lit-html";
import { describe, expect, it, vi } from "vitest";
import { figuresView, lastWeeks } from "./figures";
import type { Figures } from "./rest";

const FIGURES: Figures = {
  since: "2026-11-01", until: "2026-11-28", booked: 12, held: 9, missed: 1, cancelled: 2, waits: { median_s: 90, p90_s: null }, minutes: 240,
  outcomes: [{ code: "report_taken", label: "Report taken", count: 7 }], got_what_needed: { yes: 5, partly: 1, no: 0 }, again: { yes: 4, no: 1 },
  by_purpose: [{ purpose: "domestic_abuse", booked: 3, held: 2 }], by_team: [{ team: "", booked: 12, held: 9 }],
};

function shown(figures: Figures | null, change = vi.fn()): HTMLElement {
  const host = document.createElement("div");
  render(figuresView(figures, { since: "2026-11-01", until: "2026-11-28" }, change), host);
  return host;
}

describe("figures", () => {
  it("test_nothing_is_shown_as_zero_while_it_is_counted", () => {
    expect(shown(null).querySelectorAll("dd, td")).toHaveLength(0);
  });

  it("test_figures_say_waits_in_words_and_a_wait_that_nobody_had_as_none", () => {
    const values = [...shown(FIGURES).querySelectorAll("dd")].map((value) => value.textContent);
    expect(values).toEqual(["12", "9", "1", "2", "1 min 30 s", "-", "240", "5 yes, 1 partly, 0 no", "4 yes, 1 no"]);
    expect([...shown(FIGURES).querySelectorAll("tbody th")].map((head) => head.textContent)).toEqual(["Report taken", "Domestic abuse", "No team"]);
  });

  it("test_table_is_of_the_stretch_that_is_shown", () => {
    const link = shown(FIGURES).querySelector<HTMLAnchorElement>("[data-testid=figures-csv]")!;
    expect(link.getAttribute("href")).toBe("/api/v1/consultations/figures/?since=2026-11-01T00%3A00%3A00.000Z&until=2026-11-29T00%3A00%3A00.000Z&format=csv");
    expect(lastWeeks(Date.parse("2026-11-28T14:00:00.000Z"))).toEqual({ since: "2026-11-01", until: "2026-11-28" });
  });
});
