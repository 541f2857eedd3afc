import { describe, expect, it } from "vitest";
import type { ConsentAsked, Phase } from "../signalling/meetingmessages";
import { screenOf } from "./machine";
import { firstModel, type MeetingEvent } from "./model";
import { changed, names, play, state } from "./samples";

const stated = (phase: Phase, more = {}, rest = {}): MeetingEvent => ({ type: "server", message: state(phase, more, rest) });
const seat = (now: "out" | "joining" | "in" | "lost" | "taken"): MeetingEvent => ({ type: "seat", state: now });
const CONSENT: ConsentAsked = { round: 1, why: "joined", wording: { version: 1, language: "en", title: "", body: "", withdraw_text: "" } };
const person = { id: "n", name: "Ms Nowak", role: "interpreter" } as const;

describe("who is not admitted", () => {
  it.each(["early", "check", "waiting", "sent_away", "left", "over", "removed"] as const)("test_page_in_the_phase_%s_takes_no_seat", (phase) => {
    const { model, effects } = play([stated(phase)], firstModel(true));
    expect(names(effects).filter((name) => name.startsWith("join"))).toEqual([]);
    expect(screenOf(model)).toBe(phase);
  });

  it("test_person_who_is_put_back_or_removed_gives_the_seat_up_at_once", () => {
    const inside = play([stated("waiting"), changed("call"), seat("in")]).model;
    expect(names(play([changed("waiting")], inside).effects)).toEqual(["leave_seat", "forget_here"]);
    const removed = play([{ type: "gone", reason: "removed" }, changed("removed")], inside);
    expect(names(removed.effects)).toEqual(["forget_here", "stop_devices", "leave_seat", "forget_here", "stop_devices", "close_line"]);
    expect(screenOf(removed.model)).toBe("removed");
  });

  it("test_server_that_says_no_to_the_page_is_believed", () => {
    const { model, effects } = play([stated("waiting"), changed("call"), seat("in"), { type: "line", state: "refused", code: 4409 }]);
    expect([screenOf(model), model.refusalCode]).toEqual(["refused", 4409]);
    expect(names(effects).slice(-3)).toEqual(["leave_seat", "forget_here", "stop_devices"]);
  });

  it("test_page_that_was_opened_beside_the_call_waits_for_a_tap", () => {
    const { model, effects } = play([stated("call")]);
    expect([screenOf(model), effects]).toEqual(["away", []]);
    expect(names(play([{ type: "come_in" }], model).effects)).toEqual(["remember_here", "join:call"]);
  });
});

describe("the way in", () => {
  it("test_nothing_is_sent_without_a_name_and_an_answer", () => {
    const { model } = play([stated("check", { shown_name: "" })]);
    expect(play([{ type: "ready" }], model)).toMatchObject({ effects: [], model: { problem: "name_empty" } });
    const named = play([{ type: "name", name: "Sam" }, { type: "ready" }], model);
    expect([named.effects, named.model.problem]).toEqual([[], "alone_missing"]);
    expect(play([{ type: "name", name: "x".repeat(301) }, { type: "alone", alone: "no" }, { type: "ready" }], model).model.problem).toBe("name_too_long");
  });

  it("test_ready_is_said_once_and_a_refusal_is_told", () => {
    const { model, effects } = play([stated("check"), { type: "alone", alone: "unsaid" }, { type: "ready" }, { type: "ready" }]);
    expect(effects).toMatchObject([{ message: { type: "ready.say", shown_name: "Sam Hill", alone: "unsaid" } }]);
    const refused = play([{ type: "server", message: { type: "error", code: "room_locked", message: "", ref: "ready" } }], model).model;
    expect([refused.problem, refused.isReadySending]).toEqual(["room_locked", false]);
    expect(play([changed("waiting")], model).model.isReadySending).toBe(false);
  });

  it("test_person_who_waits_and_is_admitted_goes_in_without_a_tap", () => {
    const { effects, model } = play([stated("waiting"), changed("call")]);
    expect([names(effects), screenOf(model)]).toEqual([["remember_here", "join:call"], "call"]);
  });

  it("test_page_that_was_loaded_again_in_the_call_goes_in_at_once", () => {
    expect(names(play([stated("call")], firstModel(true)).effects)).toEqual(["remember_here", "join:call"]);
  });

  it("test_seat_that_is_taken_or_being_taken_is_not_taken_twice", () => {
    const { model } = play([stated("waiting"), changed("call"), seat("joining")]);
    expect(play([changed("call"), stated("call"), seat("in"), changed("call")], model).effects).toEqual([]);
  });

  it("test_newcomer_to_a_recording_is_asked_first_and_goes_in_after_the_answer", () => {
    const { model, effects } = play([stated("waiting"), stated("call", {}, { wording: CONSENT })]);
    expect([screenOf(model), effects]).toEqual(["asked", []]);
    const kept = play([{ type: "server", message: { type: "consent.kept", round: 1, answer: "no" } }], model);
    expect(names(kept.effects)).toEqual(["remember_here", "join:call"]);
  });

  it("test_join_that_is_refused_for_an_answer_asks_for_it", () => {
    const { model } = play([stated("waiting"), changed("call"), seat("joining")]);
    const { round, wording } = CONSENT;
    const asked = play([seat("out"), { type: "refused", code: "consent_unanswered", details: { round, why: "joined", wording } }], model).model;
    expect(screenOf(asked)).toBe("asked");
  });

  it("test_question_in_the_call_leaves_the_person_in_it", () => {
    const { model } = play([stated("waiting"), changed("call"), seat("in"), { type: "server", message: { type: "consent.asked", ...CONSENT, why: "started" } }]);
    expect(screenOf(model)).toBe("call");
  });
});

describe("a seat that is lost", () => {
  it("test_other_tab_took_it_and_a_tap_takes_it_back", () => {
    const { model } = play([stated("waiting"), changed("call"), seat("in"), seat("taken")]);
    expect(screenOf(model)).toBe("away");
    const back = play([{ type: "come_in" }], model);
    expect(names(back.effects)).toEqual(["remember_here", "join:call"]);
  });

  it("test_join_that_is_refused_for_good_waits_for_a_tap_and_says_why", () => {
    const { model } = play([stated("waiting"), changed("call"), { type: "refused", code: "room_full", details: {} }]);
    expect([screenOf(model), model.problem]).toEqual(["away", "room_full"]);
  });

  it("test_phase_away_of_the_server_does_not_interrupt_a_page_that_is_coming_back", () => {
    const { model } = play([stated("waiting"), changed("call"), seat("lost"), changed("away")]);
    expect(screenOf(model)).toBe("call");
  });
});

describe("a private talk", () => {
  const began: MeetingEvent = { type: "server", message: { type: "talk.began", talk_id: "t1", with: person, ice_servers: [] } };

  it("test_talk_out_of_the_waiting_room_ends_in_the_waiting_room", () => {
    const asked = play([stated("waiting"), { type: "ask_talk", with: "n" }, changed("private"), began, seat("in")]);
    expect(names(asked.effects)).toEqual(["send:talk.ask", "join:talk"]);
    expect(screenOf(asked.model)).toBe("private");
    const over = play([{ type: "server", message: { type: "talk.ended", talk_id: "t1", reason: "ended", back_to: "waiting" } }, changed("waiting")], asked.model);
    expect([names(over.effects), screenOf(over.model)]).toEqual([["leave_seat"], "waiting"]);
  });

  it("test_talk_out_of_the_call_comes_back_to_the_call", () => {
    const { model } = play([stated("waiting"), changed("call"), seat("in"), { type: "gone", reason: "private" }, changed("private"), began, seat("in")]);
    const over = play([{ type: "server", message: { type: "talk.ended", talk_id: "t1", reason: "ended", back_to: "call" } }, changed("call")], model);
    expect(names(over.effects)).toEqual(["leave_seat", "remember_here", "join:call"]);
  });

  it("test_talk_that_is_asked_for_is_answered_once_and_an_end_takes_the_question_away", () => {
    const asked = play([stated("waiting"), { type: "server", message: { type: "talk.asked", talk_id: "t1", by: person } }]).model;
    expect(play([{ type: "answer_talk", isAccepted: false }, { type: "answer_talk", isAccepted: true }], asked).effects).toMatchObject([{ message: { type: "talk.decline", talk_id: "t1" } }]);
    expect(play([{ type: "server", message: { type: "talk.ended", talk_id: "t1", reason: "expired", back_to: "waiting" } }], asked).model.talkAskedBy).toBeNull();
  });

  it("test_talk_that_the_other_side_declines_is_told", () => {
    const { model } = play([stated("waiting"), { type: "ask_talk", with: "n" }, { type: "server", message: { type: "talk.ended", talk_id: "t9", reason: "declined", back_to: "waiting" } }]);
    expect([model.talkAskedOf, model.problem]).toEqual([null, "talk_over"]);
  });
});

describe("the end", () => {
  it("test_call_that_ends_turns_all_off_and_asks_the_two_questions", () => {
    const { model, effects } = play([stated("waiting"), changed("call"), seat("in"), { type: "server", message: { type: "call.ended", reason: "officer", questions: true } }, changed("over")]);
    expect([screenOf(model), model.hasQuestions]).toEqual(["over", true]);
    expect(names(effects)).toEqual(expect.arrayContaining(["leave_seat", "stop_devices", "forget_here", "close_line"]));
  });

  it("test_leaving_is_told_and_shown_before_the_server_answers", () => {
    const { model, effects } = play([stated("waiting"), changed("call"), seat("in"), { type: "leave" }]);
    expect(names(effects).slice(-4)).toEqual(["leave_seat", "send:meeting.leave", "forget_here", "stop_devices"]);
    expect(screenOf(model)).toBe("left");
    expect(play([seat("out"), changed("left")], model).effects).toEqual([]);
  });

  it("test_exit_turns_all_off_and_tells_the_server_without_the_line", () => {
    const { effects } = play([stated("waiting"), changed("call"), seat("in"), { type: "left" }]);
    expect(names(effects).slice(-5)).toEqual(["leave_seat", "stop_devices", "forget_here", "tell_left", "close_line"]);
    expect(names(play([stated("over"), { type: "left" }]).effects)).not.toContain("tell_left");
  });
});
