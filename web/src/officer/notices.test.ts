import { beforeEach, describe, expect, it, vi } from "vitest";
import { render } from "lit-html";
import { initialModel } from "../sharing/model";
import type { NoticeView } from "../signalling/messages";
import { bellMemory, NoticeBell, type Ringer } from "./bell";
import { officerState } from "./fake_page";
import { goneFrom, isOfNotices, noticesView, withNotices } from "./notices";
import type { OfficerPage } from "./state";

function notice(id: string, kind: NoticeView["kind"] = "assignment"): NoticeView {
  return { id, kind, subject_id: null, created_at: "2026-11-27T14:05:00.000Z" };
}

function pageWith(notices: NoticeView[], isLive = false): OfficerPage {
  const server = officerState({ now: "2026-11-27T14:06:00.000Z", notices });
  const joined = isLive ? ({ id: "s1" } as OfficerPage["joined"]) : null;
  return {
    line: "open", refusalCode: null, server, joined, sharing: initialModel(), watchers: 0, guests: 0, names: [], microphone: "off", torch: null,
    isChoosing: false, isStarting: false, notice: null,
  };
}

beforeEach(() => {
  localStorage.clear();
});

describe("what the officer is told", () => {
  it("test_notice_that_is_heard_twice_is_there_once_and_goes_when_it_was_seen", () => {
    const { server } = pageWith([notice("a")]);
    const told = withNotices(withNotices(server, { type: "officer.notice", notice: notice("b") }), { type: "officer.notice", notice: notice("a") });
    expect(told?.notices.map(({ id }) => id)).toEqual(["b", "a"]);
    expect(withNotices(told, { type: "officer.notice_seen", notice_id: "a" })?.notices.map(({ id }) => id)).toEqual(["b"]);
    expect(withNotices(null, { type: "officer.notice", notice: notice("a") })).toBeNull();
    expect(isOfNotices({ type: "officer.changed", topic: "officer.5", seq: 1 })).toBe(false);
  });

  it("test_officer_sees_the_newest_two_how_many_more_and_takes_one_down", () => {
    const seeNotice = vi.fn();
    const host = document.createElement("div");
    const page = pageWith([notice("a"), notice("b", "message"), notice("c", "view_request")]);
    render(noticesView(page, seeNotice), host);
    const shown = [...host.querySelectorAll<HTMLElement>("[data-testid=notice]")];
    expect(shown.map((one) => one.dataset.kind)).toEqual(["view_request", "message"]);
    expect(host.textContent).toContain("and 1 more");
    shown[0]?.querySelector("button")?.click();
    expect(seeNotice).toHaveBeenCalledWith("c");
    render(noticesView(pageWith([]), seeNotice), host);
    expect(host.querySelector<HTMLElement>("[data-testid=notices]")?.hidden).toBe(true);
  });

  it("test_what_is_gone_is_what_was_there_before", () => {
    expect(goneFrom(null, pageWith([notice("a")]))).toEqual([]);
    expect(goneFrom(pageWith([notice("a"), notice("b")]), pageWith([notice("b"), notice("c")]))).toEqual(["a"]);
  });
});

describe("the bell", () => {
  const ringer = { vibrate: vi.fn(), sound: vi.fn() } satisfies Ringer;
  let bell: NoticeBell;

  beforeEach(() => {
    ringer.vibrate.mockReset();
    ringer.sound.mockReset();
    bell = new NoticeBell(ringer);
  });

  const rings = (): number[] => [ringer.vibrate.mock.calls.length, ringer.sound.mock.calls.length];

  it("test_bell_rings_once_for_what_is_new_and_not_for_what_was_there", () => {
    bell.look(pageWith([notice("a")]));
    expect(rings()).toEqual([0, 0]);
    bell.look(pageWith([notice("a"), notice("b")]));
    bell.look(pageWith([notice("a"), notice("b")]));
    bell.look(pageWith([]));
    bell.look(pageWith([notice("b")]));
    expect(rings()).toEqual([1, 1]);
  });

  it("test_officer_who_is_live_feels_it_and_no_tone_is_recorded", () => {
    bell.look(pageWith([], true));
    bell.look(pageWith([notice("a")], true));
    expect(rings()).toEqual([1, 0]);
  });

  it("test_officer_who_turned_the_sound_off_hears_and_feels_nothing", () => {
    bellMemory.remember(false);
    bell.look(pageWith([]));
    bell.look(pageWith([notice("a")]));
    expect(rings()).toEqual([0, 0]);
  });
});
