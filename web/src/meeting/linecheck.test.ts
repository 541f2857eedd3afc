import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Capture } from "../media/capture";
import { FakeConnection } from "../media/fake_connection";
import { room } from "../room/samples";
import type { IceServer } from "../signalling/messages";
import type { MeetingClientMessage } from "../signalling/meetingmessages";
import { LineCheck, onlyBy, type LineCheckParts } from "./linecheck";

const ANSWER = "v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\n";
const SERVERS: IceServer[] = [{ urls: ["turn:a?transport=udp", "turn:a?transport=tcp"], username: "u", credential: "c" }];

/** Lets media through by these ways only, and answers every join. */
function setUp(ways: { normal?: boolean; udp?: boolean; tcp?: boolean } = { normal: true }, more: Partial<LineCheckParts> = {}, servers = SERVERS) {
  const sent: MeetingClientMessage[] = [];
  let works = false;
  const capture = {
    open: () => Promise.resolve(), standing: { camera: "on", microphone: "on" }, fault: null, sound: { kind: "audio" }, picture: { kind: "video" },
  };
  const check: LineCheck = new LineCheck({
    capture: capture as unknown as Capture, hasFrames: () => true, browser: "Firefox", isSilent: false, playTone: () => undefined, onChange: () => undefined,
    meter: () => ({ read: () => 0.5, close: () => undefined }),
    send: (message) => {
      sent.push(message);
      if (message.type === "check.begin") queueMicrotask(() => check.receive({ type: "check.ready", ice_servers: servers }));
      if (message.type === "place.join") queueMicrotask(() => join(message.ref ?? ""));
      return true;
    },
    createConnection: () => {
      const connection = new FakeConnection();
      const stats = [{ type: "inbound-rtp", bytesReceived: 9 }, { type: "candidate-pair", nominated: true, localCandidateId: "L" }, { id: "L", type: "local-candidate", protocol: "udp" }];
      connection.getStats = () => Promise.resolve(new Map(works ? stats.map((stat, index) => [`${index}`, stat]) : []));
      return connection as unknown as RTCPeerConnection;
    },
    ...more,
  });
  const join = (ref: string): void => {
    works = ways[(ref.split(":")[2] ?? "") as keyof typeof ways] === true;
    check.receive({ type: "place.joined", place_id: "p", feed_id: "f", sdp: ANSWER, room: room([]), ref });
    check.receive({ type: "reception.offer", reception_id: ref, offer: 1, sdp: "v=0", lines: {} });
  };
  const report = (): unknown => sent.find((message) => message.type === "check.report");
  return { check, sent, capture, report };
}

/** Runs to the end; the person hears the tone. */
async function run(check: LineCheck, heard: boolean | null = true): Promise<void> {
  const running = check.run();
  for (let second = 0; second < 90; second += 1) {
    await vi.advanceTimersByTimeAsync(1_000);
    if (check.wantsHeard && heard !== null) check.answer(heard);
  }
  await running;
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("LineCheck", () => {
  it("test_camera_that_was_refused_is_one_sentence_and_the_rest_is_checked_all_the_same", async () => {
    const { check, capture, report } = setUp();
    Object.assign(capture, { standing: { camera: "refused", microphone: "refused" }, fault: "denied", sound: null, picture: null });
    await run(check);
    expect(report()).toMatchObject({ results: { camera: "failed", microphone: "failed", speaker: "ok", udp: "ok", codes: ["denied"] } });
  });

  it("test_network_that_lets_nothing_through_is_said_and_reported", async () => {
    const { check, report } = setUp({});
    await run(check);
    expect(report()).toMatchObject({ results: { udp: "failed", tcp: "failed", tls: "absent", codes: ["no_path"] } });
  });

  it("test_network_that_blocks_the_fast_way_works_by_the_slow_one", async () => {
    const { check, report } = setUp({ tcp: true });
    await run(check);
    expect(report()).toMatchObject({ results: { udp: "failed", tcp: "ok", codes: ["udp_blocked"] } });
  });

  it("test_way_that_works_at_once_is_not_tried_by_a_relay_again", async () => {
    const { check, sent, report } = setUp({ normal: true, tcp: true });
    await run(check);
    const joins = sent.flatMap((message) => (message.type === "place.join" ? [message.ref] : []));
    expect(joins).toEqual(["check:1:normal", "check:1:tcp"]);
    expect([check.isDone, check.running, report()]).toMatchObject([true, null, { results: { udp: "ok", tcp: "ok", tls: "absent", codes: ["slow"] } }]);
  });

  it("test_server_that_gives_no_relays_leaves_the_network_unchecked", async () => {
    const { check, report } = setUp({ normal: true }, { send: () => false });
    await run(check);
    expect(report()).toBeUndefined();
    expect(check.results).toMatchObject({ camera: "ok", udp: "unsaid", codes: ["not_checked"] });
  });

  it("test_quiet_microphone_and_a_tone_that_nobody_heard_are_said", async () => {
    const { check } = setUp({ normal: true }, { meter: () => ({ read: () => 0, close: () => undefined }) });
    await run(check, false);
    expect(check.results).toMatchObject({ microphone: "failed", speaker: "failed" });
    expect(check.results.codes.slice(0, 2)).toEqual(["silent", "no_tone"]);
  });

  it("test_tone_that_is_not_answered_is_not_blamed_and_in_safe_mode_nothing_sounds", async () => {
    const silent = setUp();
    await run(silent.check, null);
    expect(silent.check.results.speaker).toBe("unsaid");
    const playTone = vi.fn();
    const safe = setUp({ normal: true }, { isSilent: true, playTone });
    await run(safe.check);
    safe.check.playAgain();
    expect([playTone.mock.calls, safe.check.results.speaker]).toEqual([[], "unsaid"]);
  });

  it("test_check_that_is_stopped_reports_what_it_found_and_goes_no_further", async () => {
    const { check, sent } = setUp();
    const running = check.run();
    await vi.advanceTimersByTimeAsync(500);
    expect(check.wantsHeard).toBe(true);
    check.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    await running;
    expect(sent).toMatchObject([{ type: "check.report", results: { camera: "ok", microphone: "ok", udp: "unsaid", codes: ["stopped"] } }]);
  });
});

describe("onlyBy", () => {
  it("test_each_way_has_its_own_relay_with_its_credential", () => {
    const servers: IceServer[] = [{ urls: "stun:s" }, ...SERVERS, { urls: ["turns:b:443"], username: "v" }];
    expect(onlyBy(servers, "udp")).toEqual([{ urls: "turn:a?transport=udp", username: "u", credential: "c" }]);
    expect(onlyBy(servers, "tcp")[0]?.urls).toBe("turn:a?transport=tcp");
    expect(onlyBy(servers, "tls")).toEqual([{ urls: "turns:b:443", username: "v" }]);
    expect(onlyBy([{ urls: "turn:plain" }], "udp")[0]?.urls).toBe("turn:plain");
    expect(onlyBy([{ urls: "stun:s" }], "tls")).toEqual([]);
  });
});
