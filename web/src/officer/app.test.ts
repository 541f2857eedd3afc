import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { rememberPicture } from "../sharing/picture_memory";
import { streamView } from "../sharing/samples";
import { Bench, liveSession, officerState, SESSION } from "./fake_page";
import { screenOf, watchersLine, watchersNames } from "./state";

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
  vi.useFakeTimers({ toFake: ["setTimeout", "setInterval"] }); // no socket is opened again after its test
});

afterEach(() => {
  vi.useRealTimers();
});

describe("the officer's page", () => {
  it("test_officer_is_live_in_two_taps_with_camera_and_position_at_once", () => {
    const bench = new Bench().open().goLive();
    expect(bench.line.sent).toContainEqual({ type: "live.start", incident_id: null, ref: "start" });
    expect(screenOf(bench.page)).toBe("live");
    expect(bench.done).toEqual(expect.arrayContaining(["prepare", "open_camera", "watch_position"]));
    expect(bench.done.filter((what) => what === "open_camera")).toHaveLength(1);
    expect(bench.sound).toHaveBeenCalledOnce();
  });

  it("test_officer_always_reads_who_watches", () => {
    const bench = new Bench().open().goLive().arrive();
    expect(watchersLine(bench.page)).toBe("Control room: nobody is watching");
    let seq = 1;
    const seen = (count: number, guests: number): string => {
      seq += 1;
      bench.line.feed({ type: "watch.changed", watching: true, count, guests, revision: 3 + seq, topic: `caller.${SESSION}`, seq });
      return watchersLine(bench.page);
    };
    expect(seen(2, 0)).toBe("Control room: 2 watching");
    expect(seen(2, 1)).toBe("Control room: 2 watching, 1 from outside the force");
    expect(seen(2, 2)).toBe("Control room: nobody is watching, but 2 from outside the force");
    const names = ["Alex Morgan", "Essex: 1"];
    bench.line.feed({ type: "watch.changed", watching: true, count: 2, guests: 1, names, revision: 8, topic: `caller.${SESSION}`, seq: 5 });
    expect(watchersNames(bench.page)).toBe("Alex Morgan, Essex: 1");
    bench.line.drop(4012);
    expect(watchersNames(bench.page)).toBe("");
    expect(watchersLine(bench.page)).toContain("Not connected");
  });

  it("test_officer_whose_tab_had_the_camera_on_is_live_again_without_a_tap", () => {
    rememberPicture(SESSION);
    const bench = new Bench().open(officerState({ live: liveSession({ stream: streamView("live") }) }));
    expect(screenOf(bench.page)).toBe("live");
    expect(bench.done).toContain("open_camera");
  });

  it("test_officer_who_is_live_on_another_phone_takes_nothing_over_without_a_tap", () => {
    const bench = new Bench().open(officerState({ live: liveSession({ stream: streamView("live") }) }));
    expect(screenOf(bench.page)).toBe("elsewhere");
    expect(bench.effects).toEqual([]);
    bench.app.live.takeOver();
    expect(bench.done).toContain("open_camera");
  });

  it("test_officer_whose_picture_another_phone_took_over_does_not_take_it_back", () => {
    const bench = new Bench().open().goLive().arrive();
    bench.effects.length = 0;
    const replaced = { ...streamView("ended"), end_reason: "replaced" };
    bench.line.feed({ type: "stream.changed", stream: replaced, revision: 7, topic: `caller.${SESSION}`, seq: 2 });
    expect(bench.done).toEqual(["stop_everything"]);
    expect(bench.page.notice).toBe("elsewhere");
  });

  it("test_officer_whose_line_comes_back_says_again_what_was_lost_and_keeps_the_picture", () => {
    const bench = new Bench().open().goLive().arrive();
    bench.effects.length = 0;
    bench.line.drop(4012);
    bench.app.start();
    bench.line.accept();
    bench.line.feed(officerState({ live: liveSession({ stream: streamView("live") }) }));
    expect(screenOf(bench.page)).toBe("live");
    expect(bench.done).not.toContain("publish");
  });

  it("test_officer_whose_picture_was_taken_over_while_nothing_was_heard_does_not_take_it_back", () => {
    const bench = new Bench().open().goLive().arrive();
    bench.effects.length = 0;
    bench.line.drop(4012);
    bench.app.start();
    bench.line.accept();
    bench.line.feed(officerState({ live: liveSession({ stream: streamView("live", "s2") }) }));
    expect(bench.done).toEqual(["stop_everything"]);
    expect(screenOf(bench.page)).toBe("elsewhere");
    // On a line that shares nothing, and there it stays so.
    expect(bench.sockets).toHaveLength(3);
    bench.open(officerState({ live: liveSession({ stream: streamView("live", "s2") }) }));
    expect(bench.page).toMatchObject({ joined: null, notice: "elsewhere" });
  });

  it("test_officer_whose_answer_was_lost_with_the_line_offers_the_picture_again", () => {
    const bench = new Bench().open().goLive();
    bench.shares.dispatch({ type: "camera_opened", facing: "environment" });
    bench.line.drop(4012);
    bench.app.start();
    bench.line.accept();
    bench.effects.length = 0;
    bench.line.feed(officerState({ live: liveSession({ stream: streamView("admitted") }) }));
    expect(bench.done).toContain("publish");
    expect(screenOf(bench.page)).toBe("live");
  });

  it("test_officer_whose_stop_or_pause_waits_for_a_line_says_of_which_session", () => {
    const bench = new Bench().open().goLive().arrive();
    bench.line.drop(4012);
    bench.app.live.setPaused(true);
    bench.app.live.stop();
    bench.app.start();
    bench.line.accept();
    const stops = bench.line.sent.filter(({ type }) => type === "stream.stop" || type === "session.stop");
    expect(stops).toEqual([{ type: "stream.stop", session_id: SESSION }, { type: "session.stop", session_id: SESSION }]);
  });

  it("test_officer_stops_what_another_phone_shares_by_its_session", () => {
    const bench = new Bench().open(officerState({ live: liveSession({ stream: streamView("live") }) }));
    bench.app.live.stop();
    expect(bench.line.sent.at(-1)).toEqual({ type: "session.stop", session_id: SESSION });
  });

  it("test_officer_whose_session_ended_while_nothing_was_heard_is_off", () => {
    const bench = new Bench().open().goLive().arrive();
    bench.line.drop(4012);
    bench.app.start();
    bench.open(officerState());
    expect(bench.done.at(-1)).toBe("stop_everything");
    expect(bench.page.notice).toBe("ended");
    expect(screenOf(bench.page)).toBe("home");
  });

  it("test_officer_whom_the_control_room_ended_is_told", () => {
    const bench = new Bench().open().goLive().arrive();
    bench.line.feed({ type: "session.ended", by: "user", reason: "operator", topic: `caller.${SESSION}`, seq: 2 });
    expect(bench.done.at(-1)).toBe("stop_everything");
    expect(bench.page).toMatchObject({ joined: null, notice: "ended", microphone: "off" });
  });

  it("test_officer_who_stops_without_a_line_is_off_at_once_and_says_so_later", () => {
    const bench = new Bench().open().goLive().arrive();
    bench.line.drop(4012);
    bench.app.live.stop();
    expect(bench.done).toContain("stop_everything");
    expect(bench.page.notice).toBe("stopped");
    bench.app.start();
    bench.line.accept();
    expect(bench.line.types).toContain("session.stop");
    bench.line.feed(officerState({ live: liveSession({ stream: streamView("live") }) }));
    expect(screenOf(bench.page)).toBe("home");
  });

  it("test_officer_who_pauses_films_and_hears_nothing", () => {
    const bench = new Bench().open().goLive().arrive();
    bench.app.live.setPaused(true);
    expect(bench.done.at(-1)).toBe("close_camera");
    expect(bench.line.types.at(-1)).toBe("stream.stop");
    expect(bench.page).toMatchObject({ microphone: "off", joined: { id: SESSION } });
    bench.app.live.setPaused(false);
    expect(bench.done.at(-1)).toBe("open_camera");
  });

  it("test_officer_who_wants_no_sound_is_not_asked_for_the_microphone_again", () => {
    const bench = new Bench().open().goLive();
    bench.app.live.setMicrophone(false);
    expect(new Bench().open().goLive().sound).not.toHaveBeenCalled();
  });

  it("test_officer_without_a_line_is_told_that_going_live_failed", () => {
    const bench = new Bench().open();
    bench.line.drop(4012);
    bench.app.goLive(null);
    expect(bench.page).toMatchObject({ notice: "failed", isStarting: false });
  });

  it("test_officer_who_was_signed_out_sends_nothing_more", () => {
    const bench = new Bench().open().goLive().arrive();
    bench.line.drop(4401);
    expect(bench.done.at(-1)).toBe("stop_everything");
    expect(screenOf(bench.page)).toBe("refused");
  });
});
