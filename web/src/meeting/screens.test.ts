/** The screens around a meeting: lobby, name, "are you alone?", queue, private talks, and what comes after. */

import { render, type nothing, type TemplateResult } from "lit-html";
import { describe, expect, it, vi } from "vitest";
import type { Capture } from "../media/capture";
import { overScreen } from "./after";
import { aloneField } from "./alone";
import { unchecked } from "./checkwords";
import { NO_DEVICES } from "./devices";
import type { LineCheck } from "./linecheck";
import { checkScreen, earlyScreen, type Lobby } from "./lobby";
import { firstModel, type MeetingEvent, type MeetingModel } from "./model";
import { nameField } from "./naming";
import { Preview } from "./preview";
import { askedView, privateBanner, privateChoices } from "./private";
import { waitingScreen } from "./queue";
import { meeting } from "./samples";
import { en } from "./texts/en";

const person = { id: "n", name: "<b>Ms Nowak</b>", role: "interpreter" } as const;
const model = (more: Partial<MeetingModel> = {}): MeetingModel => ({ ...firstModel(false), meeting: meeting("waiting"), ...more });

function shown(view: TemplateResult | typeof nothing): HTMLElement {
  const host = document.createElement("div");
  render(view, host);
  return host;
}
const text = (host: HTMLElement): string => host.textContent.replace(/\s+/g, " ").trim();

function lobby(now: MeetingModel, standing: Partial<Capture> = {}, check: Partial<LineCheck> = {}): { lobby: Lobby; events: MeetingEvent[] } {
  const events: MeetingEvent[] = [];
  const capture = { standing: { camera: "off", microphone: "off" }, fault: null, sound: null, picture: null, choice: { camera: "", microphone: "", speaker: "" }, open: vi.fn(), ...standing } as unknown as Capture;
  const line = { results: unchecked(""), running: null, isDone: false, wantsHeard: false, run: vi.fn(), stop: vi.fn(), answer: vi.fn(), ...check } as unknown as LineCheck;
  return { lobby: { model: now, texts: en, capture, check: line, preview: new Preview(capture, () => null), devices: NO_DEVICES, dispatch: (event) => events.push(event) }, events };
}

describe("before the meeting", () => {
  it("test_nothing_is_asked_of_the_browser_before_a_tap", () => {
    const { lobby: page } = lobby(model({ meeting: meeting("check") }));
    const host = shown(checkScreen(page));
    expect((page.capture.open as ReturnType<typeof vi.fn>).mock.calls).toEqual([]);
    host.querySelector<HTMLButtonElement>("[data-testid=start-devices]")!.click();
    expect(page.capture.open).toHaveBeenCalledOnce();
  });

  it("test_refused_camera_says_what_to_do_and_the_way_on_stays_open", () => {
    const { lobby: page, events } = lobby(model({ meeting: meeting("check") }), { fault: "denied", standing: { camera: "refused", microphone: "refused" } });
    const host = shown(checkScreen(page));
    expect(host.querySelector("[data-testid=device-problem]")?.textContent).toBe(en.lobby.codes.denied);
    host.querySelector<HTMLButtonElement>("[data-testid=ready]")!.click();
    expect(events).toEqual([{ type: "ready" }]);
  });

  it("test_private_help_is_offered_to_members_of_the_public_and_not_to_their_aids", () => {
    const of = (role: "victim" | "interpreter"): boolean => shown(checkScreen(lobby(model({ meeting: meeting("check", { role }) })).lobby)).querySelector("[data-testid=private-help]") !== null;
    expect([of("victim"), of("interpreter")]).toEqual([true, false]);
  });

  it("test_days_before_it_says_when_and_can_be_moved_and_checked", () => {
    const host = shown(earlyScreen(lobby(model({ meeting: meeting("early") })).lobby));
    expect(host.querySelector("h1")?.textContent).toMatch(/Saturday,? 28 November, 14:30/);
    expect([host.querySelector("[data-testid=move]")?.getAttribute("href"), host.querySelector("[data-testid=run-check]") !== null]).toEqual(["/meeting/move/", true]);
    expect(host.querySelector("[data-testid=ready]")).toBeNull();
  });

  it("test_check_that_found_no_way_says_so_with_the_telephone_and_not_that_one_can_join", () => {
    const results = { ...unchecked(""), udp: "failed" as const, tcp: "failed" as const, codes: ["no_path"] };
    const host = shown(checkScreen(lobby(model({ meeting: meeting("check") }), {}, { results, isDone: true }).lobby));
    expect(host.querySelector("[data-testid=check-sentence]")?.textContent).toBe(`${en.lobby.codes.no_path} Or call 101.`);
    expect(text(host)).not.toContain(en.lobby.check.good);
  });

  it("test_stop_is_there_while_it_is_checked", () => {
    const { lobby: page } = lobby(model({ meeting: meeting("check") }), {}, { running: "microphone" });
    const host = shown(checkScreen(page));
    host.querySelector<HTMLButtonElement>("[data-testid=stop-check]")!.click();
    expect([(page.check.stop as ReturnType<typeof vi.fn>).mock.calls.length, text(host).includes(en.lobby.check.hello)]).toEqual([1, true]);
  });
});

describe("name and being alone", () => {
  it("test_what_is_wrong_stands_at_its_field_and_is_read_with_it", () => {
    const name = shown(nameField("", "name_empty", en.lobby, () => undefined));
    expect(name.querySelector("input")?.getAttribute("aria-describedby")).toContain("name-problem");
    expect(name.querySelector("#name-problem")?.textContent).toBe(en.lobby.name.empty);
    expect(shown(nameField("Sam", null, en.lobby, () => undefined)).querySelector("[role=alert]")).toBeNull();
    expect(shown(aloneField("", "alone_missing", en.lobby, () => undefined)).querySelector("[role=alert]")?.textContent).toBe(en.lobby.alone.missing);
  });

  it("test_three_answers_and_none_is_chosen_for_the_person", () => {
    const choose = vi.fn();
    const host = shown(aloneField("", null, en.lobby, choose));
    const inputs = [...host.querySelectorAll<HTMLInputElement>("input")];
    expect(inputs.map((input) => [input.value, input.checked])).toEqual([["yes", false], ["no", false], ["unsaid", false]]);
    inputs[2]!.dispatchEvent(new Event("change"));
    expect(choose).toHaveBeenCalledWith("unsaid");
  });
});

describe("the waiting room", () => {
  const wait = (more: Parameters<typeof meeting>[1] = {}, start: (() => void) | null = null): HTMLElement => {
    const preview = new Preview({ sound: null, picture: null } as unknown as Capture, () => null);
    return shown(waitingScreen({ model: model({ meeting: meeting("waiting", more) }), texts: en, preview, dispatch: () => undefined, start }));
  };

  it("test_camera_and_microphone_are_turned_on_by_a_tap_only", () => {
    const start = vi.fn();
    const host = wait({}, start);
    expect(start).not.toHaveBeenCalled();
    host.querySelector<HTMLButtonElement>("[data-testid=start-devices]")!.click();
    expect([start.mock.calls.length, wait().querySelector("[data-testid=start-devices]")]).toEqual([1, null]);
  });

  it("test_position_and_whom_to_call_are_said_and_without_a_number_nobody_is_named", () => {
    expect([wait().querySelector("h1")?.textContent, wait().querySelector("[data-testid=call-number]")?.textContent]).toEqual(["You are number 2", "If nobody comes by 14:20, call 101."]);
    expect([wait({ position: 1 }).querySelector("h1")?.textContent, wait({ call_number: null }).querySelector("[data-testid=call-number]")]).toEqual(["You are next", null]);
  });

  it("test_safe_mode_names_neither_officer_nor_police", () => {
    const words = text(wait({ safe_mode: true, has_aid_to_talk_to: [person] }));
    expect([/officer/i.test(words), /police/i.test(words)]).toEqual([false, false]);
  });

  it("test_message_of_the_officer_is_text", () => {
    const told = wait({ message: "<i>Soon</i>" }).querySelector("[data-testid=told]")!;
    expect([told.textContent, told.querySelector("i")]).toEqual(["<i>Soon</i>", null]);
  });
});

describe("private talks", () => {
  it("test_nobody_to_talk_to_is_no_offer_and_who_was_asked_is_not_asked_twice", () => {
    expect(shown(privateChoices(model(), en, () => undefined)).children).toHaveLength(0);
    const asked = shown(privateChoices(model({ meeting: meeting("waiting", { has_aid_to_talk_to: [person] }), talkAskedOf: "n" }), en, () => undefined));
    expect([asked.querySelector("button"), asked.querySelector("[role=status] b")]).toEqual([null, null]);
  });

  it("test_question_has_two_answers_and_the_officers_talk_makes_no_promise_about_police", () => {
    const events: MeetingEvent[] = [];
    const host = shown(askedView(model({ talkAskedBy: { id: "t", with: { name: "PC Ade", role: "officer" } } }), en, (event) => events.push(event)));
    host.querySelector<HTMLButtonElement>("[data-testid=talk-decline]")!.click();
    expect([events, text(host).includes("police")]).toEqual([[{ type: "answer_talk", isAccepted: false }], false]);
  });

  it("test_promise_is_only_made_once_the_room_is_the_talks", () => {
    const now = model({ talk: { id: "t", with: person } });
    expect(text(shown(privateBanner(now, false, en, () => undefined)))).toContain(en.lobby.talk.wait);
    expect(text(shown(privateBanner(now, true, en, () => undefined)))).toContain("The police cannot hear this.");
    const safe = { ...now, meeting: meeting("private", { safe_mode: true }) };
    expect(text(shown(privateBanner(safe, true, en, () => undefined)))).not.toContain("police");
  });
});

describe("after the meeting", () => {
  it("test_who_was_removed_is_asked_nothing_and_told_no_reason", () => {
    const host = shown(overScreen(model({ meeting: meeting("removed", { message: "Because" }), hasQuestions: true }), en.words));
    expect([host.querySelector("form"), text(host).includes("Because")]).toEqual([null, false]);
  });

  it("test_two_questions_may_both_be_left_out_and_go_by_a_plain_form", () => {
    document.cookie = "sl_csrf=abc";
    const form = shown(overScreen(model({ meeting: meeting("over"), hasQuestions: true }), en.words)).querySelector("form")!;
    expect([form.getAttribute("action"), form.method, form.querySelector<HTMLInputElement>("[name=csrfmiddlewaretoken]")?.value]).toEqual(["/meeting/after/", "post", "abc"]);
    expect([form.querySelectorAll("[name=got_what_needed]").length, form.querySelectorAll("[name=again]").length, form.querySelectorAll("[required]").length]).toEqual([3, 2, 0]);
  });

  it("test_safe_mode_says_nothing_of_danger_and_leads_to_no_receipt", () => {
    const host = shown(overScreen(model({ meeting: meeting("over", { safe_mode: true }), hasQuestions: true }), en.words));
    expect([text(host).includes("999"), host.querySelector("a")]).toEqual([false, null]);
  });
});
