import { render } from "lit-html";
import { describe, expect, it, vi } from "vitest";
import { person, room } from "../room/samples";
import type { DeskClientMessage } from "../signalling/deskmessages";
import { DeskActs } from "./acts";
import { rosterView, type RosterScreen } from "./roster";
import { line } from "./samples";

function setUp(more: Partial<RosterScreen> = {}) {
  const sent: DeskClientMessage[] = [];
  const acts = new DeskActs({
    send: (message) => {
      sent.push(message);
      return true;
    },
    redraw: () => undefined, now: () => 0,
  });
  const spies = { askRemoval: vi.fn(), resend: vi.fn(), rearm: vi.fn(), showLink: vi.fn(), withdraw: vi.fn() };
  const host = document.createElement("div");
  render(rosterView({
    people: [line("a")], room: room([]), acts, isInside: true, isLeader: true, isOver: false, link: null, failure: null, now: Date.parse("2026-11-28T14:00:00.000Z"), removing: null,
    ...spies, ...more,
  }), host);
  return { host, sent, ...spies, button: (name: string) => host.querySelector<HTMLButtonElement>(`[data-testid=${name}]`) };
}

describe("the people of a consultation", () => {
  it("test_who_does_not_lead_removes_nobody_and_who_is_outside_puts_nobody_back", () => {
    const inside = { people: [line("a", { state: "admitted" })], room: room([person("a")]) };
    expect(setUp({ ...inside, isLeader: false }).button("remove-inside")?.disabled).toBe(true);
    expect(setUp({ ...inside, isInside: false }).button("put-back")?.disabled).toBe(true);
  });

  it("test_removing_asks_twice", () => {
    const inside = { people: [line("a", { state: "admitted", admission: 2 })], room: room([person("a")]) };
    const first = setUp(inside);
    first.button("remove-inside")!.click();
    expect([first.sent, first.askRemoval.mock.calls]).toEqual([[], [["a"]]]);
    const second = setUp({ ...inside, removing: "a" });
    second.button("remove-yes")!.click();
    expect(second.sent).toMatchObject([{ type: "person.remove", participant_id: "a", admission: 2 }]);
  });

  it("test_muting_is_only_asked_for_and_not_of_who_is_silent", () => {
    const { button, sent } = setUp({ people: [line("a", { state: "admitted" })], room: room([person("a")]) });
    button("ask-mute")!.click();
    expect(sent).toMatchObject([{ type: "person.mute", participant_id: "a" }]);
    expect(setUp({ people: [line("a", { state: "admitted" })], room: room([person("a", { is_muted: true })]) }).button("ask-mute")).toBeNull();
  });

  it("test_link_is_shown_on_request_only_and_its_code_as_an_image", () => {
    const { host, button, showLink } = setUp();
    expect(host.querySelector("[data-testid=shown-link]")).toBeNull();
    button("show-link")!.click();
    expect(showLink).toHaveBeenCalledWith("a");
    const shown = setUp({ link: { personId: "a", url: "https://herts.example/m/t/", qr_svg: "<svg onload='x'></svg>" } }).host;
    expect([shown.querySelector("svg"), shown.querySelector("img")?.getAttribute("src")?.startsWith("data:image/svg+xml,%3Csvg")]).toEqual([null, true]);
  });

  it("test_nothing_is_offered_for_who_is_gone_or_after_the_end", () => {
    expect(setUp({ people: [line("a", { state: "removed" })] }).host.querySelector("button")).toBeNull();
    expect(setUp({ isOver: true }).host.querySelector("button")).toBeNull();
  });
});
