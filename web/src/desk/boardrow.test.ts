import { render } from "lit-html";
import { describe, expect, it } from "vitest";
import { boardParts, boardRow } from "./boardrow";
import { row } from "./samples";

const NOW = Date.parse("2026-11-28T14:10:00.000Z");

describe("the board", () => {
  it("test_who_gave_a_signal_comes_first_then_who_waits_too_long_then_who_waits_longest", () => {
    const rows = [
      row("quiet", { state: "open" }),
      row("waits", { waiting: 1, longest_since: "2026-11-28T14:08:00.000Z" }),
      row("longer", { waiting: 1, longest_since: "2026-11-28T14:05:00.000Z" }),
      row("late", { waiting: 1, is_late: true, longest_since: "2026-11-28T14:09:00.000Z" }),
      row("signal", { state: "open", has_signal: true }),
    ];
    expect(boardParts(rows, NOW)[0]?.rows.map(({ id }) => id)).toEqual(["signal", "late", "longer", "waits", "quiet"]);
  });

  it("test_planned_ones_are_todays_or_later_and_what_is_over_is_apart", () => {
    const rows = [row("later", { starts_at: "2026-11-29T09:00:00.000Z" }), row("today"), row("missed_start", { starts_at: "2026-11-27T09:00:00.000Z" }), row("over", { state: "cancelled", waiting: 1 })];
    const parts = Object.fromEntries(boardParts(rows, NOW).map((part) => [part.name, part.rows.map(({ id }) => id)]));
    expect(parts).toEqual({ now: [], today: ["missed_start", "today"], later: ["later"], over: ["over"] });
  });

  it("test_row_says_how_many_wait_and_for_how_long_and_leads_to_the_desk", () => {
    const host = document.createElement("ul");
    render(boardRow(row("r1", { waiting: 2, is_late: true, longest_since: "2026-11-28T14:04:00.000Z", languages: ["ur"] }), NOW), host);
    expect(host.querySelector("[data-testid=board-waits]")?.textContent).toBe("2 wait, 6 min 00 s");
    expect([host.querySelector("a")?.getAttribute("href"), host.textContent.includes("Urdu")]).toEqual(["/consultations/r1/", true]);
  });
});
