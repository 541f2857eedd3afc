import { render } from "lit-html";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { initialModel } from "../sharing/model";
import type { OfficerClientMessage, OfficerState, OwnAssignment, OwnViewRequest } from "../signalling/messages";
import { fixAt, before, NOON } from "../console/samples";
import { Asked, ASKED_REF } from "./asked";
import { goerText, placeText } from "./asked_view";
import * as fakePage from "./fake_page";
import { refusalNotice, screenOf, type OfficerPage } from "./state";

const INCIDENT = { id: "i1", reference: "HERTS-2611-0001", external_reference: "CAD 1234", type_label: "Concern for welfare" };

function assignment(change: Partial<OwnAssignment> = {}): OwnAssignment {
  return {
    id: "a1", incident: INCIDENT, note: "By the north gate", state: "asked", is_current: false, asked_by_name: "Alex Morgan", asked_at: before(20),
    answered_at: null, place: fixAt(8), distance_m: 1249, distance_at: before(5), colleagues: [], ...change,
  };
}

function request(change: Partial<OwnViewRequest> = {}): OwnViewRequest {
  return { id: "r1", incident: INCIDENT, reason: "Is there smoke?", asked_by_name: "Alex Morgan", asked_at: before(30), expires_at: before(-90), ...change };
}

class Bench {
  readonly sent: OfficerClientMessage[] = [];
  readonly begun: unknown[] = [];
  isOpen = true;
  page: OfficerPage;
  readonly asked = new Asked({
    page: () => this.page,
    send: (message) => {
      if (this.isOpen) this.sent.push(message);
      return this.isOpen;
    },
    begin: (message) => { this.begun.push(message); },
    say: (notice) => { this.page = { ...this.page, notice }; },
    amend: (server) => { this.page = { ...this.page, server }; },
    clockOffset: () => 0,
    redraw: () => undefined,
  });

  constructor(state: Partial<OfficerState>) {
    const server = fakePage.officerState({ now: before(0), ...state });
    this.page = {
      line: "open", refusalCode: null, server, joined: null, sharing: initialModel(), watchers: 0, guests: 0, names: [], microphone: "off", torch: null,
      isChoosing: false, isStarting: false, notice: null,
    };
  }

  drawn(view = this.asked.homeView()): HTMLElement {
    const root = document.createElement("div");
    render(view, root);
    return root;
  }

  tap(testId: string): void {
    this.drawn().querySelector<HTMLButtonElement>(`[data-testid=${testId}]`)!.click();
  }
}

beforeEach(() => {
  vi.useFakeTimers({ now: NOON, toFake: ["Date", "setInterval"] });
});

afterEach(() => {
  vi.useRealTimers();
});

describe("what an officer is asked", () => {
  it("test_officer_reads_where_who_asks_and_what_was_written", () => {
    const text = new Bench({ assignments: [assignment()] }).drawn().textContent.replace(/\s+/g, " ");
    expect(text).toContain("You are asked to go");
    expect(text).toContain("CAD 1234 Concern for welfare");
    expect(text).toContain("By the north gate");
    expect(text).toContain("TL 32600 12600, ±9 m, 8 s ago. 1.2 km from you at");
  });

  it("test_place_and_distance_that_are_not_known_are_said_so", () => {
    expect(placeText(assignment({ place: null, distance_m: null, distance_at: null }), NOON)).toBe("Place not known yet");
    expect(placeText(assignment({ distance_m: null, distance_at: null }), NOON)).toMatch(/Distance not known$/);
  });

  it("test_officer_accepts_by_one_tap_and_both_buttons_rest_until_the_server_says", () => {
    const bench = new Bench({ assignments: [assignment()] });
    bench.tap("assignment-accept");
    expect(bench.sent).toEqual([{ type: "assignment.accept", assignment_id: "a1", ref: ASKED_REF }]);
    expect([...bench.drawn().querySelectorAll("button")].map((button) => button.disabled)).toEqual([true, true]);
  });

  it("test_officer_declines_with_a_reason_or_goes_back", () => {
    const bench = new Bench({ assignments: [assignment()] });
    bench.tap("assignment-decline");
    expect(bench.sent).toEqual([]);
    bench.drawn().querySelector<HTMLButtonElement>(".back")!.click();
    expect(bench.drawn().querySelector("[data-testid=assignment-accept]")).not.toBeNull();
    bench.tap("assignment-decline");
    bench.tap("reason-too_far");
    expect(bench.sent).toEqual([{ type: "assignment.decline", assignment_id: "a1", reason: "too_far", ref: ASKED_REF }]);
    expect(bench.asked.refusing).toBeNull();
  });

  it("test_answer_without_a_line_is_said_not_to_have_been_given", () => {
    const bench = new Bench({ assignments: [assignment()] });
    bench.isOpen = false;
    bench.asked.accept("a1");
    expect([bench.asked.answering, bench.page.notice]).toEqual([null, "not_said"]);
    bench.page = { ...bench.page, line: "waiting" };
    expect([...bench.drawn().querySelectorAll("button")].every((button) => button.disabled)).toBe(true);
  });

  it("test_answer_to_what_changed_meanwhile_asks_how_it_stands", () => {
    const bench = new Bench({ assignments: [assignment()] });
    expect(bench.asked.received({ type: "error", code: "invalid_transition", message: "", ref: ASKED_REF })).toBe(true);
    expect(bench.page.notice).toBe("changed");
    expect(bench.sent).toEqual([{ type: "officer.snapshot" }]);
    expect(refusalNotice({ type: "error", code: "request_over", message: "" }, "failed")).toBe("over");
    expect(refusalNotice({ type: "error", code: "unavailable", message: "" }, "failed")).toBe("failed");
  });

  it("test_officer_who_goes_there_goes_live_for_it_or_is_done_and_reads_who_comes_along", () => {
    const colleague = { id: "6", name: "Tom Yusuf", number: "77", status: "en_route", fix: { ...fixAt(20), latitude: 51.7989, is_late: false } } as const;
    const bench = new Bench({ assignments: [assignment({ state: "accepted", is_current: true, colleagues: [colleague] }), assignment({ id: "a2", state: "accepted" })] });
    expect([...bench.drawn().querySelectorAll("h2")].map((title) => title.textContent)).toEqual(["You go to", "You also accepted"]);
    expect(bench.drawn().querySelector("[data-testid=goer]")?.textContent).toBe("77 Tom Yusuf, en route, 400 m from there 20 s ago");
    bench.tap("assignment-live");
    expect(bench.begun).toEqual([{ type: "live.start", incident_id: "i1" }]);
    bench.tap("assignment-done");
    expect(bench.sent).toEqual([{ type: "assignment.done", assignment_id: "a1", ref: ASKED_REF }]);
    expect(goerText({ ...colleague, fix: null }, { place: null }, NOON)).toBe("77 Tom Yusuf, en route, position not known");
  });

  it("test_officer_who_is_live_sees_what_waits_for_an_answer_and_no_more", () => {
    const bench = new Bench({ assignments: [assignment(), assignment({ id: "a2", state: "accepted" })] });
    expect(bench.drawn(bench.asked.liveView()).querySelectorAll("[data-testid=assignment]")).toHaveLength(1);
  });
});

describe("who asks to see", () => {
  it("test_officer_reads_who_and_why_and_goes_live_by_one_tap", () => {
    const bench = new Bench({ view_request: request() });
    const text = bench.drawn().textContent.replace(/\s+/g, " ");
    expect(text).toContain("Is there smoke? Alex Morgan, for CAD 1234, 1:30 left");
    bench.tap("view-accept");
    expect(bench.begun).toEqual([{ type: "view.accept", request_id: "r1" }]);
  });

  it("test_officer_says_not_now_and_why", () => {
    const bench = new Bench({ view_request: request() });
    bench.tap("view-decline");
    bench.tap("reason-not_safe");
    expect(bench.sent).toEqual([{ type: "view.decline", request_id: "r1", reason: "not_safe", ref: ASKED_REF }]);
  });

  it("test_request_whose_time_is_over_is_gone_without_a_word_of_the_server", () => {
    const bench = new Bench({ view_request: request({ expires_at: before(0) }) });
    expect(bench.drawn().querySelector("[data-testid=view-request]")).toBeNull();
  });
});

describe("a page that goes somewhere", () => {
  it("test_page_asks_anew_where_that_is_every_quarter_of_a_minute", () => {
    const bench = new Bench({ assignments: [assignment({ state: "accepted" })] });
    bench.asked.start();
    vi.advanceTimersByTime(40_000);
    expect(bench.sent.map((message) => message.type)).toEqual(["officer.snapshot", "officer.snapshot", "officer.snapshot"]);
  });

  it("test_page_that_was_only_asked_does_not", () => {
    const bench = new Bench({ assignments: [assignment()] });
    bench.asked.start();
    vi.advanceTimersByTime(40_000);
    expect(bench.sent).toEqual([]);
  });
});

describe("what is asked, on the page", () => {
  const ashore = (state: Partial<OfficerState>): fakePage.Bench => new fakePage.Bench().open(fakePage.officerState(state));
  const partOf = (bench: fakePage.Bench): Asked => bench.app.parts.find((part) => part instanceof Asked)!;

  it("test_answer_rests_until_the_state_comes_and_a_refusal_is_the_parts_own", () => {
    const bench = ashore({ assignments: [assignment()] });
    partOf(bench).accept("a1");
    expect(partOf(bench).answering).toBe("a1");
    bench.line.feed(fakePage.officerState({ assignments: [assignment({ state: "accepted" })] }));
    expect(partOf(bench).answering).toBeNull();
    bench.line.feed({ type: "error", code: "unavailable", message: "", ref: ASKED_REF });
    expect(bench.page.notice).toBe("not_said");
    expect(bench.line.types.at(-1)).toBe("officer.snapshot");
  });

  it("test_officer_who_shows_what_was_asked_for_is_live_or_reads_that_it_is_over", () => {
    const bench = ashore({ view_request: request() });
    partOf(bench).show("r1");
    expect(bench.line.sent.at(-1)).toEqual({ type: "view.accept", request_id: "r1", ref: "start" });
    bench.line.feed({ type: "error", code: "request_over", message: "", ref: "start" });
    expect(bench.page).toMatchObject({ isStarting: false, notice: "over" });
    partOf(bench).show("r1");
    bench.line.feed(fakePage.officerState({ live: fakePage.liveSession({ count: 1, names: ["Alex Morgan"] }), ref: "start" }));
    expect([screenOf(bench.page), bench.page.names]).toEqual(["live", ["Alex Morgan"]]);
  });
});
