import { render } from "lit-html";
import { describe, expect, it, vi } from "vitest";

import type { AssignmentView, Nearest, NearOfficer, ViewRequestView } from "../signalling/messages";
import { askedNews, reduceAsked, requestsOf } from "./askedstate";
import { emptyFields } from "./asking";
import type { Acts, Desk } from "./desk";
import { OfficerFindingActs, type NearestLook } from "./nearestacts";
import type { Parts } from "./operatoracts";
import { reduce } from "./reduce";
import { before, fixAt, liveSession, ME, NOON, snapshotOf, stateWith } from "./samples";
import type { ConsoleState } from "./state";
import { nearestView } from "./views/nearest";

const SESSION = liveSession("1");
const INCIDENT = { id: SESSION.incident.id, reference: "HERTS-2611-1", external_reference: "", type_label: "Concern" };
const OFFICER = { id: "5", name: "Tom Ashby", number: "1234" };
const WHERE = { topic: "console", seq: 5 };

function assignment(change: Partial<AssignmentView> = {}): AssignmentView {
  return {
    id: "a1", revision: 1, incident: INCIDENT, officer: OFFICER, status: "available", note: "", state: "asked", asked_by_name: "Alex Morgan",
    asked_at: before(20), answered_at: null, refusal: "", ended_at: null, end_reason: "", ...change,
  };
}

function request(change: Partial<ViewRequestView> = {}): ViewRequestView {
  return {
    id: "r1", revision: 1, incident: INCIDENT, officer: OFFICER, reason: "Is there smoke?", state: "asked", asked_by_name: "Alex Morgan",
    asked_at: before(30), expires_at: before(-90), closed_at: null, refusal: "", session_id: null, ...change,
  };
}

function near(change: Partial<NearOfficer> = {}): NearOfficer {
  return {
    ...OFFICER, role: "officer", team: "Response", skills: ["Taser"], languages: "", status: "available", status_at: before(60), began_at: before(600),
    fix: { ...fixAt(12), is_late: false }, session_id: null, doubt_at: null, distance_m: 1249, accuracy_m: 9, age_s: 12, ...change,
  };
}

function found(change: Partial<Nearest> = {}): Nearest {
  return { now: before(0), place: fixAt(3), officers: [near()], assigned: [], ...change };
}

function working(state: ConsoleState = stateWith(SESSION)): ConsoleState {
  return { ...state, chosenId: SESSION.id, me: { ...ME, permissions: ["officer.locate", "officer.assign"] } };
}

function drawn(state: ConsoleState, look: Partial<NearestLook> | null, acts: Partial<Acts> = {}): HTMLElement {
  const nearest = look === null ? null : { sessionId: SESSION.id, isListed: true, skills: [], words: "", found: null, ...look };
  const root = document.createElement("div");
  render(nearestView({ state, now: NOON, local: { ...emptyFields(), nearest }, acts } as unknown as Desk, SESSION), root);
  return root;
}

function textOf(root: Element | null): string {
  return (root?.textContent ?? "").replace(/\s+/g, " ").trim();
}

class Bench {
  state = working();
  readonly sent: unknown[] = [];
  readonly nearest = vi.fn(() => Promise.resolve(found()));
  readonly acts: OfficerFindingActs;

  constructor(isOpen = true) {
    const store = Object.defineProperty({ dispatch: vi.fn() }, "state", { get: () => this.state });
    const link = { send: (message: unknown) => { this.sent.push(message); return isOpen; } };
    this.acts = new OfficerFindingActs({ store, link, rest: { nearest: this.nearest }, redraw: () => undefined } as unknown as Parts);
  }

  /** What was asked for has come. */
  async settle(): Promise<void> {
    await vi.waitFor(() => { if (this.acts.fields.busy.size > 0) throw new Error("busy"); });
  }
}

describe("officers near a session", () => {
  it("test_operator_without_the_right_sees_no_officers", () => {
    expect(textOf(drawn(stateWith(SESSION), { found: found() }))).toBe("");
  });

  it("test_operator_reads_distance_age_and_accuracy", () => {
    const root = drawn(working(), { found: found() });
    expect(textOf(root.querySelector("[data-testid=near-distance]"))).toBe("1.2 km, 12 s ago, ±9 m");
    expect(textOf(root.querySelector("[data-testid=near-officer]"))).toContain("1234 Tom Ashby");
  });

  it("test_what_is_not_known_is_said_so", () => {
    expect(textOf(drawn(working(), { found: found({ place: null, officers: [] }) }))).toContain("It is not known yet where this is");
    expect(textOf(drawn(working(), { found: found({ officers: [] }) }))).toContain("Nobody available with these skills");
    const state = { ...working(), asked: { assignments: { a1: assignment() }, requests: {} } };
    expect(textOf(drawn(state, null).querySelector("[data-testid=assigned-distance]"))).toBe("Distance not known");
  });

  it("test_operator_assigns_with_what_was_written", () => {
    const bench = new Bench();
    bench.acts.writeWords(SESSION.id, " By the north gate ");
    bench.acts.assign(SESSION.id, "5");
    expect(bench.sent).toEqual([{ type: "assignment.ask", incident_id: INCIDENT.id, officer_id: "5", note: "By the north gate" }]);
    expect(bench.acts.fields.failures).toEqual({});
  });

  it("test_operator_without_a_line_reads_that_nobody_was_told", () => {
    const bench = new Bench(false);
    bench.acts.assign(SESSION.id, "5");
    expect(bench.acts.fields.failures[`asked:${SESSION.id}`]).toContain("the officer was not told");
  });

  it("test_one_click_looks_and_a_skill_looks_anew", async () => {
    const bench = new Bench();
    bench.acts.openNearest(SESSION.id);
    await bench.settle();
    bench.acts.chooseSkill(SESSION.id, "dog", true);
    await bench.settle();
    expect(bench.nearest.mock.calls).toEqual([[SESSION.id, []], [SESSION.id, ["dog"]]]);
    expect(bench.acts.fields.nearest?.found?.officers).toHaveLength(1);
  });

  it("test_page_looks_anew_every_five_seconds_while_somebody_goes_there_and_no_longer", async () => {
    const bench = new Bench();
    const start = Date.now();
    bench.acts.lookAgain(start + 6_000);
    expect(bench.nearest).not.toHaveBeenCalled();
    bench.state = { ...bench.state, asked: { assignments: { a1: assignment({ state: "accepted" }) }, requests: {} } };
    bench.acts.lookAgain(start + 6_000);
    await bench.settle();
    bench.acts.lookAgain(Date.now() + 4_000);
    expect(bench.nearest).toHaveBeenCalledTimes(1);
    bench.acts.lookAgain(Date.now() + 5_100);
    await bench.settle();
    expect(bench.nearest).toHaveBeenCalledTimes(2);
    bench.state = { ...bench.state, isSynced: false };
    bench.acts.lookAgain(Date.now() + 60_000);
    expect(bench.nearest).toHaveBeenCalledTimes(2);
  });

  it("test_operator_asks_to_see_only_with_a_reason_and_once", () => {
    const isOff = (state: ConsoleState, words: string): boolean =>
      drawn(state, { found: found(), words }).querySelector<HTMLButtonElement>("[data-testid=ask-to-see]")!.disabled;
    const asked = { ...working(), asked: { assignments: {}, requests: { r1: request() } } };
    expect([isOff(working(), " "), isOff(working(), "Is there smoke?"), isOff(asked, "Is there smoke?")]).toEqual([true, false, true]);
    const bench = new Bench();
    bench.acts.writeWords(SESSION.id, "Is there smoke?");
    bench.acts.askToSee(SESSION.id, "5");
    expect(bench.sent).toEqual([{ type: "view.request", officer_id: "5", incident_id: INCIDENT.id, reason: "Is there smoke?" }]);
  });

  it("test_operator_opens_the_session_of_who_is_live_already", () => {
    const choose = vi.fn();
    drawn(working(), { found: found({ officers: [near({ session_id: "s9" })] }) }, { choose }).querySelector<HTMLButtonElement>("[data-testid=see-live]")!.click();
    expect(choose).toHaveBeenCalledWith("s9");
  });
});

describe("what was asked of officers", () => {
  it("test_distance_of_who_goes_there_shrinks_with_each_look", () => {
    const state = { ...working(), asked: { assignments: { a1: assignment({ state: "accepted", status: "en_route" }) }, requests: {} } };
    const far = (metres: number): string =>
      textOf(drawn(state, { isListed: false, found: found({ officers: [], assigned: [near({ distance_m: metres })] }) }).querySelector("[data-testid=assigned-distance]"));
    expect([far(1249), far(480)]).toEqual(["1.2 km, 12 s ago, ±9 m", "480 m, 12 s ago, ±9 m"]);
    expect(textOf(drawn(state, null).querySelector("[data-testid=assigned-state]"))).toBe("en route");
  });

  it("test_older_frame_changes_nothing", () => {
    const asked = { assignments: { a1: assignment({ revision: 3, state: "accepted" }) }, requests: {} };
    expect(reduceAsked(asked, { type: "assignment.changed", assignment: assignment({ revision: 2 }), ...WHERE })).toBe(asked);
  });

  it("test_no_of_an_officer_is_a_notice_beside_its_session_once", () => {
    const before = { ...working(), asked: { assignments: { a1: assignment() }, requests: { r1: request() } } };
    const declined = assignment({ revision: 2, state: "declined", refusal: "too_far" });
    const wire = (message: Parameters<typeof askedNews>[1]) => ({ type: "wire", message, at: NOON }) as const;
    const after = reduce(before, wire({ type: "assignment.changed", assignment: declined, ...WHERE }));
    const again = reduce(after, wire({ type: "assignment.changed", assignment: declined, ...WHERE }));
    expect(again.notices.map(({ text, sessionId }) => [text, sessionId])).toEqual([["1234 Tom Ashby does not go: too far away", SESSION.id]]);
    const expired = reduce(again, wire({ type: "view.changed", request: request({ revision: 2, state: "expired" }), ...WHERE }));
    expect(expired.notices.at(-1)?.text).toBe("1234 Tom Ashby did not answer the request to go live");
  });

  it("test_snapshot_brings_what_stands_and_forgets_what_it_does_not_list", () => {
    const before = { ...working(), asked: { assignments: { old: assignment({ id: "old" }) }, requests: {} } };
    const message = { ...snapshotOf(SESSION), assignments: [assignment()], view_requests: [request()] } as ReturnType<typeof snapshotOf>;
    const { asked } = reduce(before, { type: "wire", message, at: NOON });
    expect([Object.keys(asked.assignments), Object.keys(asked.requests)]).toEqual([["a1"], ["r1"]]);
  });

  it("test_request_counts_down_and_its_newest_answer_is_read", () => {
    const older = request({ id: "r0", state: "declined", refusal: "busy", asked_at: before(200), closed_at: before(190) });
    const asked = { assignments: {}, requests: { r0: older, r1: request() } };
    expect(requestsOf(asked, INCIDENT.id).map((one) => one.id)).toEqual(["r1"]);
    const line = (one: ViewRequestView): string => textOf(drawn({ ...working(), asked: { assignments: {}, requests: { r1: one } } }, null).querySelector("[data-testid=view-state]"));
    expect(line(request())).toBe("asked to show it, 1:30 left");
    expect(line(request({ state: "declined", refusal: "not_safe", closed_at: before(2) }))).toBe("does not go live: not safe to use the phone");
    expect(line(request({ state: "declined", refusal: "not_safe", closed_at: before(400) }))).toBe("");
  });
});
