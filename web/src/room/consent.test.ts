import { render } from "lit-html";
import { describe, expect, it } from "vitest";
import { recording } from "../meeting/texts/en/recording";
import { room } from "../meeting/texts/en/room";
import { words } from "../meeting/texts/en/words";
import type { ConsentAsked, SeatClientMessage } from "../signalling/meetingmessages";
import { RecordingConsent } from "./consent";

const ASKED: ConsentAsked = {
  round: 3, why: "started", wording: { version: 7, language: "ur", title: "Title", body: "<b>Body</b>", withdraw_text: "Take back" },
};

function setUp() {
  const sent: SeatClientMessage[] = [];
  const consent = new RecordingConsent({
    send: (message) => {
      sent.push(message);
      return true;
    },
    redraw: () => undefined,
  });
  const shown = (): HTMLElement => {
    const host = document.createElement("div");
    render(consent.view({ room, recording, words }), host);
    return host;
  };
  const tap = (answer: string): void => shown().querySelector<HTMLButtonElement>(`[data-testid=consent-${answer}]`)!.click();
  return { consent, sent, shown, tap };
}

describe("RecordingConsent", () => {
  it("test_nothing_is_asked_before_the_server_asks_and_nothing_is_answered_without_a_tap", () => {
    const { consent, sent, shown } = setUp();
    expect(shown().textContent.trim()).toBe("");
    consent.ask(ASKED);
    expect(sent).toEqual([]);
  });

  it("test_no_is_as_near_as_yes_and_goes_with_the_version_and_language_that_were_read", () => {
    const { consent, sent, tap } = setUp();
    consent.ask(ASKED);
    tap("no");
    tap("yes");
    expect(sent).toEqual([{ type: "consent.answer", round: 3, answer: "no", wording_version: 7, language: "ur", ref: "consent:3" }]);
    consent.kept(3, "no");
    expect([consent.asked, consent.standing]).toEqual([null, "no"]);
  });

  it("test_answer_that_was_refused_is_asked_for_again_and_a_round_that_is_over_is_not", () => {
    const { consent, shown, tap } = setUp();
    consent.ask(ASKED);
    tap("yes");
    expect(consent.refused("consent:3", "wording_outdated")).toBe(true);
    expect(shown().querySelector("[role=alert]")?.textContent).toBe(recording.asked.failed);
    tap("yes");
    consent.refused("consent:3", "round_over");
    expect([consent.asked, consent.refused("seat:1", "x")]).toEqual([null, false]);
  });

  it("test_words_are_marked_with_their_own_language_and_are_text", () => {
    const { consent, shown } = setUp();
    consent.ask(ASKED);
    const body = shown().querySelector<HTMLElement>("[lang]")!;
    expect([body.lang, body.dir, body.querySelector("b")]).toEqual(["ur", "rtl", null]);
  });

  it("test_someone_who_joins_leaves_a_yes_a_yes_until_a_no", () => {
    const { consent, shown, tap, sent } = setUp();
    consent.kept(2, "yes");
    consent.ask({ ...ASKED, why: "someone_joined" });
    expect(shown().textContent).toContain(recording.asked.stands);
    tap("no");
    expect(sent).toMatchObject([{ answer: "no" }]);
  });

  it("test_taking_back_is_one_tap_that_waits_for_a_line", () => {
    const { consent, sent } = setUp();
    const host = document.createElement("div");
    render(consent.withdrawView({ room, recording, words }, true), host);
    host.querySelector("button")!.click();
    expect([sent[0]?.type, consent.standing]).toEqual(["consent.withdraw", "no"]);
    const none = document.createElement("div");
    render(consent.withdrawView({ room, recording, words }, false), none);
    expect(none.querySelector("button")).toBeNull();
  });
});
