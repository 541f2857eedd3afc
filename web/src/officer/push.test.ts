import { beforeEach, describe, expect, it, vi } from "vitest";
import { openPage, readPush, showPush, type PushScope, type WorkerWindow } from "./push";

const ID = "0123456789abcdef0123456789abcdef";
const PUSHED = JSON.stringify({ kind: "assignment", id: ID });

function windowAt(path: string, visibilityState: DocumentVisibilityState = "hidden"): WorkerWindow {
  return { url: `https://herts.example${path}`, visibilityState, focus: vi.fn(() => Promise.resolve()) };
}

class Phone implements PushScope {
  readonly windows: WorkerWindow[] = [];
  readonly shown: { title: string; options: NotificationOptions }[] = [];
  readonly opened: string[] = [];
  readonly registration = {
    /** As a phone does: one with the same tag takes the place of the one before. */
    showNotification: (title: string, options: NotificationOptions): Promise<void> => {
      const same = this.shown.findIndex((one) => one.options.tag === options.tag);
      this.shown.splice(same === -1 ? this.shown.length : same, 1, { title, options });
      return Promise.resolve();
    },
  };
  readonly clients = {
    matchAll: (): Promise<readonly WorkerWindow[]> => Promise.resolve(this.windows),
    openWindow: (address: string): Promise<unknown> => Promise.resolve(this.opened.push(address)),
  };
}

let phone: Phone;
beforeEach(() => {
  phone = new Phone();
});

describe("the officer's phone while the page is closed", () => {
  it("test_officer_reads_on_the_locked_screen_that_there_is_something_and_no_more", async () => {
    await showPush(phone, PUSHED);
    expect(phone.shown).toEqual([{
      title: "Control room: new assignment",
      options: expect.objectContaining({ body: "Tap to open.", tag: ID, lang: "en", silent: false }) as unknown,
    }]);
  });

  it("test_notice_that_is_pushed_twice_is_shown_once_and_another_beside_it", async () => {
    await showPush(phone, PUSHED);
    await showPush(phone, PUSHED);
    await showPush(phone, JSON.stringify({ kind: "message", id: ID.replace("0", "f") }));
    await showPush(phone, JSON.stringify({ kind: "consultation", id: ID.replace("0", "e") }));
    expect(phone.shown.map((one) => one.title)).toEqual(["Control room: new assignment", "Control room: new message", "Control room: consultation"]);
  });

  it("test_officer_who_has_the_page_in_view_is_not_rung_twice", async () => {
    phone.windows.push(windowAt("/officer/", "visible"));
    await showPush(phone, PUSHED);
    expect(phone.shown[0]?.options.silent).toBe(true);
  });

  it.each([null, "", "nonsense", "null", "7", '{"kind":"gossip","id":"x"}', `{"kind":"message","id":"${ID}0"}`, `{"kind":"toString","id":"${ID.slice(1)}"}`])(
    "test_push_of_%j_shows_nothing_of_what_it_says",
    async (text) => {
      expect(readPush(text)).toBeNull();
      await showPush(phone, text);
      expect(phone.shown[0]).toMatchObject({ title: "Control room", options: { body: "Tap to open." } });
    },
  );

  it("test_tap_brings_the_officers_page_to_the_front_and_no_other", async () => {
    const [other, officer] = [windowAt("/account/"), windowAt("/officer/")];
    phone.windows.push(other, officer);
    await openPage(phone);
    expect(officer.focus).toHaveBeenCalledOnce();
    expect(other.focus).not.toHaveBeenCalled();
    expect(phone.opened).toEqual([]);
  });

  it("test_tap_opens_the_page_where_none_is_open", async () => {
    phone.windows.push(windowAt("/sign-in/"));
    await openPage(phone);
    expect(phone.opened).toEqual(["/officer/"]);
  });
});
