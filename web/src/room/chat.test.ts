import { render } from "lit-html";
import { describe, expect, it } from "vitest";
import { recording } from "../meeting/texts/en/recording";
import { room } from "../meeting/texts/en/room";
import { words } from "../meeting/texts/en/words";
import type { SaidView, SeatClientMessage } from "../signalling/meetingmessages";
import { ChatLog } from "./chat";

const TEXTS = { room, recording, words };
const said = (id: string, more: Partial<SaidView> = {}): SaidView => ({
  id, participant_id: "a", name: "Ms Nowak", role: "interpreter", text: `Text ${id}`, sent_at: "2026-11-28T14:05:00.000Z", client_id: `c-${id}`, ...more,
});

function setUp() {
  const sent: Extract<SeatClientMessage, { type: "call.say" }>[] = [];
  const chat = new ChatLog({
    send: (message) => {
      if (message.type === "call.say") sent.push(message);
      return true;
    },
    selfId: () => "me", redraw: () => undefined,
  });
  const shown = (): HTMLElement => {
    const host = document.createElement("div");
    render(chat.view(TEXTS), host);
    return host;
  };
  const standings = (): string[] => [...shown().querySelectorAll<HTMLElement>("[data-testid=chat-line]")].map((line) => line.dataset.standing ?? "");
  return { chat, sent, shown, standings };
}

describe("ChatLog", () => {
  it("test_message_that_is_refused_is_shown_as_not_sent_and_goes_again_with_the_same_id", () => {
    const { chat, sent, standings, shown } = setUp();
    chat.say("Hello");
    expect(standings()).toEqual(["pending"]);
    expect(chat.refused(sent[0]!.ref, "rate_limited")).toBe(true);
    expect([standings(), shown().textContent.includes(words.chat.tooFast)]).toEqual([["failed"], true]);
    chat.again(sent[0]!.client_id);
    expect([standings(), sent[1]!.client_id]).toEqual([["pending"], sent[0]!.client_id]);
    expect(chat.refused("seat:1", "busy")).toBe(false);
  });

  it("test_empty_and_too_long_messages_are_not_sent", () => {
    const { chat, sent } = setUp();
    chat.say("   ");
    chat.say("x".repeat(1_001));
    expect(sent).toEqual([]);
  });

  it("test_own_message_that_comes_back_takes_the_place_of_the_one_on_its_way_and_is_not_unread", () => {
    const { chat, sent, standings } = setUp();
    chat.say("Hello");
    chat.said(said("1", { participant_id: "me", client_id: sent[0]!.client_id }), false);
    expect([standings(), chat.unread]).toEqual([["said"], 0]);
  });

  it("test_messages_of_others_are_counted_until_they_are_seen_and_heard_once", () => {
    const { chat } = setUp();
    chat.said(said("1"), false);
    chat.said(said("1"), false);
    chat.said(said("2"), true);
    expect([chat.unread, chat.lines.length, chat.newest?.id]).toEqual([1, 2, "2"]);
    chat.seen();
    expect([chat.unread, chat.newest]).toEqual([0, null]);
  });

  it("test_snapshot_keeps_what_is_on_its_way", () => {
    const { chat, standings } = setUp();
    chat.say("Hello");
    chat.snapshot([said("1")]);
    expect(standings()).toEqual(["said", "pending"]);
  });

  it("test_words_of_others_are_text_and_no_more_than_three_hundred_stand", () => {
    const { chat, shown } = setUp();
    for (let number = 0; number < 400; number += 1) chat.said(said(`${number}`, { text: "<b>bold</b>" }), true);
    const host = shown();
    expect([host.querySelectorAll("[data-testid=chat-line]").length, host.querySelector("b")]).toEqual([300, null]);
  });
});
