import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { initialModel } from "../sharing/model";
import type { FakeSocket } from "../signalling/fake_socket";
import type { IncidentMsg, OfficerState } from "../signalling/messages";
import { Bench, officerState } from "./fake_page";
import { GroupTalk } from "./grouptalk";
import { drawPage } from "./view";

const EVIL = '<img src=x onerror="alert(1)">';
const INCIDENT = { id: "i-1", reference: "HERTS-2611-0001", external_reference: "", type_label: "Fire", opened_at: "2026-11-27T06:00:00.000Z" };

function line(id: string, change: Partial<IncidentMsg> = {}): IncidentMsg {
  return {
    id, incident_id: "i-1", sender: "control", sender_id: "7", sender_name: "Alex Morgan", text: "Ambulance in 4 minutes",
    sent_at: `2026-11-27T06:0${id}:00.000Z`, client_id: id, ...change,
  };
}

/** On the incident, where these lines were written; null: on none. */
function groupState(messages: IncidentMsg[] | null = []): OfficerState {
  return officerState({ groups: messages === null ? [] : [{ incident: INCIDENT, messages }] });
}

/** A page that is drawn with every change. */
class GroupBench {
  readonly host = document.body.appendChild(document.createElement("div"));
  readonly bench = new Bench({}, () => this.draw());

  constructor(state: OfficerState) {
    this.bench.open(state);
  }

  get line(): FakeSocket {
    return this.bench.line;
  }

  get talk(): GroupTalk {
    const talk = this.bench.app.parts.find((part) => part instanceof GroupTalk);
    if (talk === undefined) throw new Error("the page has no group text");
    return talk;
  }

  get said(): Record<string, unknown>[] {
    return this.line.sent.flatMap((frame) => (frame.type === "incident.say" ? [{ ...frame }] : []));
  }

  draw(): void {
    const { page, app } = this.bench;
    drawPage(this.host, { page, acts: app, parts: app.parts, preview: document.createElement("video"), signOut: () => undefined });
    expect(this.host.querySelector("img")).toBeNull();
  }

  find(testId: string): HTMLElement | null {
    return this.host.querySelector<HTMLElement>(`[data-testid=${testId}]`);
  }

  texts(testId: string): string[] {
    return [...this.host.querySelectorAll(`[data-testid=${testId}]`)].map((one) => one.textContent.replace(/\s+/g, " ").trim());
  }
}

beforeEach(() => {
  sessionStorage.clear();
  vi.useFakeTimers({ toFake: ["setTimeout", "setInterval"] });
});

afterEach(() => vi.useRealTimers());

describe("the group text on an officer's page", () => {
  it("test_officer_on_no_incident_has_none", () => {
    const bench = new GroupBench(groupState(null));
    expect(bench.find("group-card")).toBeNull();
    bench.talk.say("Received");
    expect(bench.said).toEqual([]);
  });

  it("test_officer_answers_the_newest_line_by_one_tap_and_it_waits_no_more_once_it_is_kept", () => {
    const bench = new GroupBench(groupState([line("1", { text: EVIL })]));
    expect([bench.texts("group-writer"), bench.texts("group-newest")]).toEqual([["Control room, Alex Morgan"], [EVIL]]);
    bench.find("answer")?.click();
    expect(bench.said).toMatchObject([{ type: "incident.say", incident_id: "i-1", text: "Received" }]);
    const mine = line("2", { sender: "officer", sender_id: "5", text: "Received", client_id: bench.said[0]!.client_id as string });
    bench.line.feed({ type: "incident.message", message: mine, topic: "officer.5", seq: 1 });
    expect(bench.talk.sayings).toEqual([]);
    expect(bench.find("group-newest")).toBeNull();
  });

  it("test_officer_reads_every_line_in_its_order_and_types_one", () => {
    const bench = new GroupBench(groupState([line("2")]));
    bench.line.feed({ type: "incident.message", message: line("1", { sender: "officer", sender_id: "6", sender_name: "Ben Birch", text: "Two casualties" }), topic: "officer.5", seq: 1 });
    bench.find("open-group")?.click();
    expect(bench.texts("group-message").map((text) => text.split(" · ")[0])).toEqual(["Ben Birch", "Control room, Alex Morgan"]);
    bench.talk.write("Road is blocked");
    bench.find("group-send")?.click();
    expect(bench.said.map((frame) => frame.text)).toEqual(["Road is blocked"]);
    expect([bench.talk.draft, bench.texts("group-pending")]).toEqual(["", ["Sending… Road is blocked"]]);
    bench.find("close-group")?.click();
    expect(bench.find("group-sheet")).toBeNull();
  });

  it("test_line_that_was_lost_is_said_again_on_the_next_one_and_one_that_was_kept_is_not", () => {
    const bench = new GroupBench(groupState([line("1")]));
    bench.talk.say("Arrived");
    bench.talk.say("Need more units");
    const [kept, lost] = bench.said.map((frame) => frame.client_id as string);
    bench.line.drop(4012);
    bench.bench.app.start();
    bench.bench.open(groupState([line("1"), line("2", { sender: "officer", sender_id: "5", client_id: kept!, text: "Arrived" })]));
    expect(bench.said.map((frame) => frame.client_id)).toEqual([lost]);
    expect(bench.talk.sayings.map((saying) => saying.text)).toEqual(["Need more units"]);
  });

  it("test_refused_line_is_marked_and_can_be_sent_again", () => {
    const bench = new GroupBench(groupState([]));
    bench.talk.say("Arrived");
    bench.line.feed({ type: "error", code: "not_on_incident", message: "You are not on this incident.", ref: bench.said[0]!.ref });
    bench.find("open-group")?.click();
    expect(bench.texts("group-pending")[0]).toContain("Not sent: You are not on this incident.");
    bench.talk.sayAgain(bench.said[0]!.client_id as string);
    expect(bench.said).toHaveLength(2);
    expect(bench.said[1]).toEqual(bench.said[0]);
  });

  it("test_officer_on_two_incidents_sees_both_by_name_and_each_line_goes_to_its_own", () => {
    const second = { ...INCIDENT, id: "i-2", reference: "HERTS-2611-0002", external_reference: "CAD 9" };
    const state = officerState({ groups: [{ incident: INCIDENT, messages: [line("1")] }, { incident: second, messages: [line("2", { incident_id: "i-2" })] }] });
    const bench = new GroupBench(state);
    expect(bench.texts("group-name")).toEqual(["HERTS-2611-0001", "CAD 9"]);
    const answers = [...bench.host.querySelectorAll<HTMLElement>("[data-testid=answer]")];
    answers[3]?.click();
    bench.host.querySelectorAll<HTMLElement>("[data-testid=open-group]")[0]?.click();
    bench.talk.write("Road is blocked");
    bench.talk.open("i-2");
    expect(bench.talk.draft).toBe("");
    bench.talk.write("Gate is open");
    bench.find("group-send")?.click();
    expect(bench.said.map((frame) => [frame.incident_id, frame.text])).toEqual([["i-2", "Received"], ["i-2", "Gate is open"]]);
    bench.talk.open("i-1");
    expect(bench.talk.draft).toBe("Road is blocked");
    bench.line.feed(officerState({ groups: [{ incident: second, messages: [] }] }));
    expect([bench.talk.isOpen, bench.texts("group-name")]).toEqual([false, ["CAD 9"]]);
  });

  it("test_officer_who_was_told_of_a_line_has_seen_it_by_reading_the_lines", () => {
    const told = { id: "n1", kind: "message", subject_id: "i-1", created_at: "2026-11-27T06:00:00.000Z" } as const;
    const bench = new GroupBench(officerState({ groups: [{ incident: INCIDENT, messages: [line("1")] }], notices: [told, { ...told, id: "n2", subject_id: "i-2" }] }));
    bench.find("open-group")?.click();
    expect(bench.line.sent.filter((frame) => frame.type === "notice.seen")).toMatchObject([{ notice_id: "n1" }]);
  });

  it("test_officer_who_is_on_the_incident_no_more_sees_nothing_of_it", () => {
    const bench = new GroupBench(groupState([line("1")]));
    bench.find("open-group")?.click();
    bench.line.feed(groupState(null));
    expect([bench.find("group-card"), bench.find("group-sheet"), bench.talk.isOpen]).toEqual([null, null, false]);
    expect(bench.bench.page.sharing).toEqual({ ...initialModel(), line: bench.bench.page.sharing.line });
  });
});
