import { render } from "lit-html";
import { describe, expect, it, vi } from "vitest";

import type { AssignmentView, SessionSummary } from "../../signalling/messages";
import { emptyFields } from "../asking";
import type { Desk } from "../desk";
import { before, liveSession, NOON, stateWith } from "../samples";
import type { ConsoleState } from "../state";
import { officersThere } from "./showing";
import { sharesView } from "./share";

const MAY = ["share.grant"];
const showToOfficers = vi.fn();

function drawn(session: SessionSummary, change: Partial<ConsoleState> = {}, permissions = MAY): HTMLElement {
  const state = { ...stateWith(session), me: { ...stateWith().me, permissions }, ...change };
  const host = document.createElement("div");
  render(sharesView({ state, now: NOON, at: NOON, local: emptyFields(), acts: { showToOfficers } } as unknown as Desk, session), host);
  return host;
}

function toggle(host: HTMLElement): HTMLButtonElement | null {
  return host.querySelector("[data-testid=show-officers]");
}

function going(id: string, incidentId: string, officerId: string, state: AssignmentView["state"] = "accepted"): AssignmentView {
  return { id, incident: { id: incidentId }, officer: { id: officerId }, state } as AssignmentView;
}

describe("showing a picture to officers", () => {
  it("is one tap, and says how many are there", () => {
    const asked = { requests: {}, assignments: { a: going("a", "i-1", "5"), b: going("b", "i-1", "6", "asked"), c: going("c", "i-2", "7") } };
    const button = toggle(drawn(liveSession("1"), { asked }));
    expect(button?.textContent).toBe("Show to officers on the incident (1)");
    expect(button?.getAttribute("aria-pressed")).toBe("false");
    button?.click();
    expect(showToOfficers).toHaveBeenLastCalledWith("1", true);
  });

  it("says that it is shown, by whom and since when, and hides by one tap", () => {
    const host = drawn(liveSession("1", { shown: { by_name: "<b>Alex</b>", at: before(5) } }));
    const button = toggle(host);
    expect(button?.getAttribute("aria-pressed")).toBe("true");
    expect(host.querySelector("[data-testid=shown-by]")?.textContent).toMatch(/By <b>Alex<\/b>, \d\d:59:55/);
    button?.click();
    expect(showToOfficers).toHaveBeenLastCalledWith("1", false);
  });

  it("is not offered to who may not share, nor for what has no picture, and not while the line is lost", () => {
    expect(toggle(drawn(liveSession("1"), {}, []))).toBeNull();
    expect(toggle(drawn(liveSession("1", { link_kind: "location" })))).toBeNull();
    expect(toggle(drawn(liveSession("1"), { isSynced: false }))?.disabled).toBe(true);
  });

  it("counts an officer once, whoever goes there and is live there, and not the one who films", () => {
    const own = liveSession("1", { kind: "officer", officer: { id: "5", name: "Tom", number: "1" } });
    const other = liveSession("2", { kind: "officer", officer: { id: "6", name: "Jo", number: "2" }, incident: own.incident });
    const ended = liveSession("3", { kind: "officer", officer: { id: "8", name: "Al", number: "3" }, incident: own.incident, state: "ended" });
    const asked = { requests: {}, assignments: { a: going("a", "i-1", "5"), b: going("b", "i-1", "6") } };
    expect(officersThere({ ...stateWith(own, other, ended), asked }, own)).toBe(1);
  });
});
