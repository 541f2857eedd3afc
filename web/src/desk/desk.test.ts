import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Rest } from "../console/rest";
import { en } from "../meeting/texts/en";
import { FakeSocket } from "../signalling/fake_socket";
import type { DeskClientMessage } from "../signalling/deskmessages";
import { DeskApp } from "./desk";
import { consultation, LEADER, line as personLine, snapshot, waits } from "./samples";
import { SignalAlert } from "./signalalert";

const PAGE = { me: { id: "7", name: "PC Ade", role: "officer", team: "Response", permissions: ["consultation.run"] }, forceName: "Herts", sessionId: "s1" };
const OUT = { ...LEADER, state: "" as const, is_leader: false, participant_id: null };

function setUp() {
  const line = new FakeSocket();
  const asked: string[] = [];
  const fetcher = ((url: string) => {
    asked.push(url);
    return Promise.resolve(Response.json([]));
  }) as typeof fetch;
  const host = document.createElement("div");
  const app = new DeskApp(host, PAGE, new Rest(fetcher), en, new SignalAlert({ sound: vi.fn(), notify: vi.fn(), page: document }), { openSocket: () => line as unknown as WebSocket });
  const open = vi.spyOn(app.capture, "open").mockResolvedValue(undefined);
  const join = vi.spyOn(app.call.seat, "join").mockImplementation(() => undefined);
  app.start();
  line.accept();
  const drawn = async (): Promise<HTMLElement> => {
    await vi.advanceTimersByTimeAsync(50);
    return host;
  };
  const press = async (name: string): Promise<void> => (await drawn()).querySelector<HTMLButtonElement>(`[data-testid=${name}]`)!.click();
  const acts = (): string[] => line.types.filter((type) => !type.startsWith("desk."));
  const last = (): DeskClientMessage => line.sent.filter(({ type }) => type !== "heartbeat.ping").at(-1) as DeskClientMessage;
  return { app, line, asked, drawn, press, acts, last, open, join };
}

beforeEach(() => {
  sessionStorage.clear();
  vi.useFakeTimers({ now: Date.parse("2026-11-28T14:20:00.000Z") });
});
afterEach(() => void vi.useRealTimers());

describe("DeskApp", () => {
  it("test_officer_of_another_unit_takes_nothing_and_is_in_no_call", async () => {
    const { line, drawn, join } = setUp();
    line.feed(snapshot({ me: { ...OUT, may_take: false, is_other_unit: true }, consultation: consultation({ taken_by: null, state: "planned" }) }));
    const host = await drawn();
    expect(host.querySelector("[data-testid=outside]")?.textContent).toContain("another team’s");
    expect([host.querySelector("[data-testid=take]"), host.querySelector("[data-testid=take-and-go-in]"), join.mock.calls]).toEqual([null, null, []]);
  });

  it("test_officer_who_only_looks_opens_neither_camera_nor_call", async () => {
    const { line, drawn, open, join } = setUp();
    line.feed(snapshot({ me: OUT }));
    await drawn();
    line.feed(snapshot());
    await drawn();
    expect([open.mock.calls, join.mock.calls]).toEqual([[], []]);
  });

  it("test_taking_it_is_one_press_and_leads_into_the_call_once_the_server_says_so", async () => {
    const { line, press, last, drawn, join } = setUp();
    line.feed(snapshot({ me: OUT, consultation: consultation({ taken_by: null, state: "planned" }) }));
    await press("take-and-go-in");
    expect([last().type, join.mock.calls]).toEqual(["consultation.take", []]);
    line.feed({ type: "desk.changed", consultation: consultation({ revision: 2 }), me: LEADER, ice_servers: [] });
    await drawn();
    expect(join).toHaveBeenCalledWith("call", null);
  });

  it("test_officer_who_waits_goes_in_when_a_colleague_admits_them", async () => {
    const { line, drawn, join } = setUp();
    line.feed(snapshot({ me: { ...OUT, participant_id: "o", state: "waiting" } }));
    expect((await drawn()).querySelector("[data-testid=outside]")?.textContent).toContain("You wait to be let in");
    line.feed({ type: "desk.changed", consultation: consultation({ revision: 2 }), me: { ...LEADER, is_leader: false } });
    await drawn();
    expect(join).toHaveBeenCalledOnce();
  });

  it("test_officer_who_goes_into_a_private_talk_does_not_fall_back_into_the_call_before_it_begins", async () => {
    const { app, line, drawn, join } = setUp();
    line.feed(snapshot({ me: { ...LEADER, state: "waiting" } }));
    line.feed({ type: "desk.changed", consultation: consultation({ revision: 2 }), me: LEADER });
    await drawn();
    app.call.parts.onGone("private");
    line.feed({ type: "desk.changed", consultation: consultation({ revision: 3 }), me: LEADER });
    await drawn();
    expect(join.mock.calls).toEqual([["call", null]]);
    line.feed({ type: "talk.began", talk_id: "t1", with: { name: "Sam", role: "victim" }, ice_servers: [] });
    line.feed({ type: "talk.ended", talk_id: "t1", reason: "ended", back_to: "call" });
    await drawn();
    expect(join.mock.calls.slice(1)).toEqual([["talk", "t1"], ["call", null]]);
  });

  it("test_refused_act_is_said_at_the_person_and_the_next_word_clears_the_wait", async () => {
    const { line, press, last, drawn } = setUp();
    line.feed(snapshot({ waiting: [waits("a", { admission: 2 })] }));
    await press("admit");
    line.feed({ type: "error", code: "risk_unanswered", message: "", ref: (last() as { ref?: string }).ref });
    expect((await drawn()).querySelector("[data-testid=act-failure]")?.textContent).toContain("risk questions first");
    await press("admit");
    expect((await drawn()).querySelector<HTMLButtonElement>("[data-testid=admit]")?.disabled).toBe(true);
    line.feed({ type: "waiting.changed", waiting: [waits("a", { admission: 2 })] });
    expect((await drawn()).querySelector<HTMLButtonElement>("[data-testid=admit]")?.disabled).toBe(false);
  });

  it("test_ending_for_all_asks_first", async () => {
    const { line, press, acts } = setUp();
    line.feed(snapshot());
    await press("end");
    await press("end-no");
    expect(acts()).not.toContain("call.end");
    await press("end");
    await press("end-yes");
    expect(acts()).toContain("call.end");
  });

  it("test_lost_line_says_so_and_the_next_one_asks_for_everything_again", async () => {
    const { line, drawn } = setUp();
    line.feed(snapshot());
    await drawn();
    line.drop(1006);
    expect((await drawn()).querySelector("[data-testid=line]")?.textContent).toContain("Not connected");
  });

  it("test_how_many_wait_is_always_in_sight", async () => {
    const { line, drawn } = setUp();
    line.feed(snapshot({ waiting: [waits("a"), waits("b")] }));
    expect((await drawn()).querySelector("[data-testid=tab-waiting]")?.textContent).toBe("2 wait");
  });

  it("test_signal_is_over_everything_until_it_was_seen", async () => {
    const { line, press, last } = setUp();
    line.feed(snapshot({ signals: [{ id: "g", session_id: "s1", participant_id: "v", name: "Sam", at: "2026-11-28T14:00:00.000Z", seen_at: null, seen_by_name: "" }] }));
    await press("signal-seen");
    expect(last()).toMatchObject({ type: "signal.seen", signal_id: "g" });
    line.feed({ type: "signal.sent", signal: { id: "g", session_id: "s1", participant_id: "v", name: "Sam", at: "", seen_at: "2026-11-28T14:01:00.000Z", seen_by_name: "" } });
  });

  it("test_consultation_that_is_over_asks_for_its_outcome_and_offers_no_act", async () => {
    const { line, drawn } = setUp();
    line.feed(snapshot({ consultation: consultation({ state: "ended", participants: [personLine("a", { state: "over" })] }) }));
    const host = await drawn();
    expect(host.querySelector("[data-testid=outcome-card]")).not.toBeNull();
    expect(["take", "end", "lock", "add-person", "go-in", "risk-card", "record-card"].map((name) => host.querySelector(`[data-testid=${name}]`))).toEqual(Array(7).fill(null));
  });

  it("test_room_that_is_locked_is_unlocked_by_the_same_button", async () => {
    const { line, press, last } = setUp();
    line.feed(snapshot({ consultation: consultation({ is_locked: true }) }));
    await press("lock");
    expect(last()).toMatchObject({ type: "room.lock", on: false });
  });
});
