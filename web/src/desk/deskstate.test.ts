import { describe, expect, it } from "vitest";
import { person, room } from "../room/samples";
import { FIRST_STATE, isOver, reduceDesk, waitingCount } from "./deskstate";
import { consultation, LEADER, line, snapshot, waits } from "./samples";

describe("the state of a desk", () => {
  it("test_older_word_of_the_consultation_or_the_room_changes_nothing", () => {
    const now = reduceDesk(FIRST_STATE, snapshot({ consultation: consultation({ revision: 5 }), room: room([person("a")], { revision: 5 }) }));
    expect(reduceDesk(now, { type: "desk.changed", consultation: consultation({ revision: 4, is_locked: true }) })).toBe(now);
    expect(reduceDesk(now, { type: "room.changed", ...room([], { revision: 4 }) }).room?.people).toHaveLength(1);
  });

  it("test_word_of_the_own_private_talk_is_no_word_of_the_call", () => {
    const now = reduceDesk(FIRST_STATE, snapshot());
    const talk = { type: "room.changed" as const, ...room([person("a")], { revision: 9 }), place_id: "p9" };
    expect(reduceDesk(now, talk)).toBe(now);
  });

  it("test_colleague_who_takes_over_takes_the_lead_from_this_page", () => {
    const now = reduceDesk(FIRST_STATE, snapshot({ me: LEADER }));
    const people = [line("o", { side: "police", user_id: "7", state: "admitted" })];
    const taken = reduceDesk(now, { type: "desk.changed", consultation: consultation({ revision: 2, participants: people, taken_by: { id: "9", name: "PS Rao" } }) });
    expect([taken.me.is_leader, taken.me.state]).toEqual([false, "admitted"]);
  });

  it("test_only_who_waits_is_counted", () => {
    const now = reduceDesk(FIRST_STATE, snapshot({ waiting: [waits("a"), waits("b", { state: "sent_away" })] }));
    expect(waitingCount(now)).toBe(1);
    expect(waitingCount(reduceDesk(now, { type: "waiting.changed", waiting: [] }))).toBe(0);
  });

  it("test_risk_that_is_due_is_overdue_and_a_request_is_there_once", () => {
    const move = { id: "m", participant_id: "v", name: "Sam", text: "Later", asked_at: "2026-11-28T14:00:00.000Z", answer: "" as const };
    let now = reduceDesk(FIRST_STATE, snapshot());
    now = reduceDesk(now, { type: "risk.due", due_at: "2026-11-28T14:10:00.000Z" });
    now = reduceDesk(reduceDesk(now, { type: "move.asked", move }), { type: "move.asked", move });
    expect([now.consultation?.risk.is_overdue, now.moves.length]).toEqual([true, 1]);
  });

  it("test_every_end_is_an_end", () => {
    expect((["planned", "open", "ended", "cancelled", "missed"] as const).map((state) => isOver(consultation({ state })))).toEqual([false, false, true, true, true]);
  });
});
