import { render } from "lit-html";
import { describe, expect, it, vi } from "vitest";
import type { DeskClientMessage } from "../signalling/deskmessages";
import { DeskActs } from "./acts";
import { waits } from "./samples";
import { waitingView, type Asking, type WaitingScreen } from "./waiting";

const NOW = Date.parse("2026-11-28T14:06:00.000Z");

function setUp(more: Partial<WaitingScreen> = {}) {
  const sent: DeskClientMessage[] = [];
  const acts = new DeskActs({
    send: (message) => {
      sent.push(message);
      return true;
    },
    redraw: () => undefined, now: () => 0,
  });
  const ask = vi.fn<(asking: Asking | null) => void>();
  const host = document.createElement("div");
  const show = (change: Partial<WaitingScreen> = {}): void =>
    void render(waitingView({ waiting: [waits("a")], acts, isInside: true, isLeader: true, isLocked: false, asking: null, ask, now: NOW, ...more, ...change }), host);
  show();
  const button = (name: string): HTMLButtonElement => host.querySelector<HTMLButtonElement>(`[data-testid=${name}]`)!;
  return { host, sent, ask, show, button };
}

describe("the waiting list of a desk", () => {
  it("test_officer_outside_of_the_call_and_a_locked_room_let_nobody_in", () => {
    expect(setUp({ isInside: false }).button("admit").disabled).toBe(true);
    expect(setUp({ isLocked: true }).button("admit").disabled).toBe(true);
    expect(setUp({ waiting: [waits("a", { is_private: true })] }).button("admit").disabled).toBe(true);
    expect(setUp({ isLeader: false }).button("remove").disabled).toBe(true);
  });

  it("test_admit_is_one_press_with_the_person_as_shown", () => {
    const { button, sent } = setUp({ waiting: [waits("a", { admission: 4 })] });
    button("admit").click();
    expect(sent).toMatchObject([{ type: "person.admit", participant_id: "a", admission: 4 }]);
  });

  it("test_removing_asks_twice_and_wants_a_reason", () => {
    const { button, ask, show, sent } = setUp();
    button("remove").click();
    expect([sent, ask.mock.calls[0]?.[0]]).toEqual([[], { id: "a", what: "remove", text: "" }]);
    show({ asking: { id: "a", what: "remove", text: " " } });
    expect(button("asking-go").disabled).toBe(true);
    button("removal-wrong_person").dispatchEvent(new Event("change"));
    expect(ask).toHaveBeenLastCalledWith({ id: "a", what: "remove", text: "wrong_person" });
    show({ asking: { id: "a", what: "remove", text: "wrong_person" } });
    button("asking-go").click();
    expect(sent).toMatchObject([{ type: "person.remove", reason: "wrong_person" }]);
  });

  it("test_officer_reads_wait_check_and_the_answer_about_being_alone", () => {
    const check = { at: "2026-11-28T13:59:00.000Z", camera: "ok", microphone: "failed", speaker: "unsaid", udp: "ok", tcp: "ok", tls: "absent", rtt_ms: 40, up_kbit_s: 900, loss_pct: 0, browser: "", codes: [] } as const;
    const { host } = setUp({ waiting: [waits("a", { alone: "unsaid", check: { ...check, codes: [] }, is_here: false })] });
    const text = host.textContent.replace(/\s+/g, " ");
    for (const words of ["6 min 00 s", "Would rather not say", "Microphone fails", "TLS not there", "40 ms", "Not on the page now"]) expect(text).toContain(words);
  });

  it("test_who_was_sent_away_is_listed_below_with_what_was_said_and_no_buttons", () => {
    const { host } = setUp({ waiting: [waits("b", { state: "sent_away", told: { text: "<i>Later</i>" } }), waits("a")] });
    const rows = [...host.querySelectorAll<HTMLElement>("[data-testid=waits]")];
    expect(rows.map((row) => row.dataset.id)).toEqual(["a", "b"]);
    expect([rows[1]?.querySelector("button"), rows[1]?.querySelector("i"), rows[1]?.textContent.includes("<i>Later</i>")]).toEqual([null, null, true]);
  });
});
