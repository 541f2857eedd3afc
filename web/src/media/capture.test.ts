import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Capture } from "./capture";

class FakeTrack extends EventTarget {
  enabled = true;
  muted = false;
  isStopped = false;
  readonly applyConstraints = vi.fn(() => Promise.resolve());
  constructor(readonly kind: "audio" | "video") {
    super();
  }
  stop(): void {
    this.isStopped = true;
  }
}

function streamOf(tracks: FakeTrack[]): MediaStream {
  const of = (kind: string) => tracks.filter((track) => track.kind === kind);
  return { getTracks: () => tracks, getAudioTracks: () => of("audio"), getVideoTracks: () => of("video") } as unknown as MediaStream;
}

/** Answers as a phone does: whatever is asked for is there, unless a failure waits. */
function setUp() {
  const asked: MediaStreamConstraints[] = [];
  const given: FakeTrack[] = [];
  const failures: string[] = [];
  const getUserMedia = (wish: MediaStreamConstraints): Promise<MediaStream> => {
    asked.push(wish);
    const failure = failures.shift();
    if (failure !== undefined) return Promise.reject(Object.assign(new Error(""), { name: failure }));
    const kinds = [wish.audio === false ? null : "audio", wish.video === false ? null : "video"] as const;
    const tracks = kinds.flatMap((kind) => (kind === null ? [] : [new FakeTrack(kind)]));
    given.push(...tracks);
    return Promise.resolve(streamOf(tracks));
  };
  const changed = vi.fn();
  const capture = new Capture(changed, { isSecureContext: true, navigator: { mediaDevices: { getUserMedia } } });
  return { asked, given, failures, capture, changed };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("Capture", () => {
  it("test_person_who_refuses_is_asked_once_and_has_neither", async () => {
    const { asked, failures, capture } = setUp();
    failures.push("NotAllowedError");
    await capture.open();
    expect([asked.length, capture.fault, capture.standing]).toEqual([1, "denied", { camera: "refused", microphone: "refused" }]);
    expect([capture.sound, capture.picture]).toEqual([null, null]);
  });

  it("test_both_are_asked_for_in_one_question", async () => {
    const { asked, capture } = setUp();
    await capture.open();
    expect(asked).toHaveLength(1);
    expect(capture.standing).toEqual({ camera: "on", microphone: "on" });
    await capture.open();
    expect(asked).toHaveLength(1);
  });

  it("test_person_without_a_camera_is_heard_all_the_same", async () => {
    const { asked, failures, capture } = setUp();
    failures.push("NotFoundError");
    await capture.open();
    expect(asked[1]).toMatchObject({ video: false });
    expect([capture.fault, capture.standing]).toEqual(["not_found", { camera: "refused", microphone: "on" }]);
  });

  it("test_mute_is_silence_of_the_same_track_also_of_one_that_comes_later", async () => {
    const { given, capture } = setUp();
    capture.setMuted(true);
    await capture.open();
    const [sound] = given;
    expect(sound!.enabled).toBe(false);
    capture.setMuted(false);
    expect([sound!.enabled, capture.sound]).toEqual([true, sound]);
  });

  it("test_camera_goes_off_and_on_without_the_microphone", async () => {
    const { asked, given, capture } = setUp();
    await capture.open();
    await capture.setCamera(false);
    expect([given[1]!.isStopped, given[0]!.isStopped, capture.picture]).toEqual([true, false, null]);
    await capture.setCamera(true);
    expect(asked[1]).toMatchObject({ audio: false });
    expect(capture.standing.camera).toBe("on");
  });

  it("test_camera_turned_off_while_it_is_asked_for_stays_off", async () => {
    const { given, capture } = setUp();
    await capture.open();
    await capture.setCamera(false);
    const opening = capture.setCamera(true);
    await capture.setCamera(false);
    await opening;
    expect([capture.picture, given[2]!.isStopped, capture.standing.camera]).toEqual([null, true, "off"]);
  });

  it("test_microphone_that_a_telephone_call_took_is_fetched_back", async () => {
    const { asked, given, failures, capture } = setUp();
    await capture.open();
    failures.push("NotReadableError");
    given[0]!.dispatchEvent(new Event("ended"));
    await vi.advanceTimersByTimeAsync(10);
    expect(capture.standing.microphone).toBe("lost");
    await vi.advanceTimersByTimeAsync(2_500);
    expect(asked.at(-1)).toMatchObject({ video: false });
    expect([capture.standing.microphone, capture.sound]).toEqual(["on", given.at(-1)]);
  });

  it("test_other_camera_is_asked_for_by_name_and_the_present_one_goes_first", async () => {
    const { asked, given, capture } = setUp();
    await capture.open();
    await capture.choose({ camera: "rear" });
    expect(given[1]!.isStopped).toBe(true);
    expect(asked[1]).toMatchObject({ audio: false, video: { deviceId: { exact: "rear" } } });
  });

  it("test_hidden_page_pauses_the_picture_and_says_so", async () => {
    const { given, capture, changed } = setUp();
    await capture.open();
    changed.mockClear();
    given[1]!.dispatchEvent(new Event("mute"));
    expect([capture.isPaused, changed.mock.calls.length]).toEqual([true, 1]);
  });

  it("test_close_stops_all_and_nothing_comes_back", async () => {
    const { given, capture } = setUp();
    await capture.open();
    capture.close();
    given[0]!.dispatchEvent(new Event("ended"));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(given.every((track) => track.isStopped)).toBe(true);
    expect(given).toHaveLength(2);
  });
});
