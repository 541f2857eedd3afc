import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FakeSocket } from "../signalling/fake_socket";
import { MeetingApp } from "./app";
import { meeting, state } from "./samples";
import { en } from "./texts/en";

class FakeTrack extends EventTarget {
  enabled = true;
  muted = false;
  isStopped = false;
  constructor(readonly kind: string) {
    super();
  }
  stop(): void {
    this.isStopped = true;
  }
}
class FakeStream {
  constructor(private readonly tracks: FakeTrack[] = []) {}
  getTracks(): FakeTrack[] {
    return this.tracks;
  }
  getAudioTracks(): FakeTrack[] {
    return this.tracks.filter((track) => track.kind === "audio");
  }
  getVideoTracks(): FakeTrack[] {
    return this.tracks.filter((track) => track.kind === "video");
  }
}

let line: FakeSocket;
let host: HTMLElement;
let given: FakeTrack[];

async function start(isSafe = false): Promise<void> {
  host = document.createElement("div");
  document.body.replaceChildren(host);
  line = new FakeSocket();
  new MeetingApp(host, { language: "en", isSafe, state: null }, en, { openSocket: () => line as unknown as WebSocket }).start();
  line.accept();
  await drawn();
}
async function drawn(): Promise<HTMLElement> {
  await vi.advanceTimersByTimeAsync(60);
  return host;
}
const click = async (name: string): Promise<void> => (await drawn()).querySelector<HTMLButtonElement>(`[data-testid=${name}]`)!.click();

beforeEach(() => {
  sessionStorage.clear();
  given = [];
  vi.useFakeTimers({ now: Date.parse("2026-11-28T14:10:00.000Z") });
  vi.stubGlobal("MediaStream", FakeStream);
  vi.spyOn(HTMLMediaElement.prototype, "play").mockResolvedValue(undefined);
  vi.spyOn(HTMLMediaElement.prototype, "pause").mockImplementation(() => undefined);
  Object.defineProperty(HTMLMediaElement.prototype, "srcObject", { configurable: true, writable: true, value: null });
  Object.defineProperty(navigator, "mediaDevices", {
    configurable: true,
    value: Object.assign(new EventTarget(), {
      getUserMedia: () => {
        const tracks = [new FakeTrack("audio"), new FakeTrack("video")];
        given.push(...tracks);
        return Promise.resolve(new FakeStream(tracks));
      },
      enumerateDevices: () => Promise.resolve([]),
    }),
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("MeetingApp", () => {
  it("test_person_who_waits_sends_nothing_of_camera_or_microphone_to_anybody", async () => {
    await start();
    line.feed(state("waiting"));
    await drawn();
    expect(host.querySelector("[data-testid=waiting]")).not.toBeNull();
    expect([line.types, given]).toEqual([[], []]);
  });

  it("test_page_in_safe_mode_has_a_neutral_title", async () => {
    await start(true);
    line.feed(state("waiting", { safe_mode: true }));
    await drawn();
    expect(document.title).toBe("Meeting");
  });

  it("test_link_of_another_browser_is_said_and_nothing_is_tried_again", async () => {
    await start();
    line.drop(4409);
    expect((await drawn()).querySelector("h1")?.textContent).toBe(en.lobby.refused[4409].title);
  });

  it("test_ready_says_name_and_answer_and_the_queue_follows", async () => {
    await start();
    line.feed(state("check"));
    await drawn();
    host.querySelector<HTMLInputElement>("[data-testid=alone-no]")!.dispatchEvent(new Event("change"));
    await click("ready");
    expect(line.sent.at(-1)).toMatchObject({ type: "ready.say", shown_name: "Sam Hill", alone: "no" });
    line.feed({ type: "meeting.changed", meeting: meeting("waiting") });
    expect((await drawn()).querySelector("h1")?.textContent).toBe("You are number 2");
  });

  it("test_exit_turns_camera_and_microphone_off_and_tells_the_server_without_the_line", async () => {
    const beacon = vi.fn(() => true);
    Object.defineProperty(navigator, "sendBeacon", { configurable: true, value: beacon });
    await start();
    line.feed(state("check"));
    await click("start-devices");
    await drawn();
    expect(given).toHaveLength(2);
    document.dispatchEvent(new CustomEvent("sightline:exit"));
    // Pages of the tests before hear the exit, too.
    expect([given.every((track) => track.isStopped), new Set(beacon.mock.calls.map((call) => (call as unknown[])[0]))]).toEqual([true, new Set(["/meeting/leave/"])]);
  });

  it("test_silent_signal_is_one_frame_and_the_page_stays_the_same_in_every_letter", async () => {
    await start();
    line.feed(state("waiting"));
    await drawn();
    const before = [document.documentElement.outerHTML, line.sent.length];
    for (const at of [100, 300, 500]) {
      const event = new KeyboardEvent("keydown", { key: "0" });
      Object.defineProperty(event, "timeStamp", { value: at });
      document.dispatchEvent(event);
    }
    expect(line.sent.at(-1)?.type).toBe("signal.send");
    expect([document.documentElement.outerHTML, line.sent.length - 1]).toEqual(before);
    await drawn();
    expect(document.documentElement.outerHTML).toBe(before[0]);
  });

  it("test_interpreter_gives_no_signal", async () => {
    await start();
    line.feed(state("waiting", { role: "interpreter" }));
    await drawn();
    for (const at of [100, 300, 500]) document.dispatchEvent(Object.defineProperty(new KeyboardEvent("keydown", { key: "0" }), "timeStamp", { value: at }));
    expect(line.types).not.toContain("signal.send");
  });

  it("test_end_turns_all_off_and_shows_the_two_questions", async () => {
    await start();
    line.feed(state("check"));
    await click("start-devices");
    await drawn();
    line.feed({ type: "call.ended", reason: "officer", questions: true });
    line.feed({ type: "meeting.changed", meeting: meeting("over") });
    expect((await drawn()).querySelector("[data-testid=after-form]")).not.toBeNull();
    expect(given.every((track) => track.isStopped)).toBe(true);
  });

  it("test_page_that_is_early_finds_out_by_itself_when_the_waiting_room_opens", async () => {
    await start();
    line.feed(state("early"));
    await vi.advanceTimersByTimeAsync(61_000);
    expect(line.readyState).toBe(WebSocket.CLOSED);
  });

  it("test_lost_line_is_said_and_the_screen_stays", async () => {
    await start();
    line.feed(state("waiting"));
    line.drop(1006);
    expect((await drawn()).querySelector(".line-lost")?.textContent).toBe(en.lobby.offline);
    expect(host.querySelector("[data-testid=waiting]")).not.toBeNull();
  });
});
