import { afterEach, describe, expect, it, vi } from "vitest";
import { Microphone, type MicrophoneState } from "./microphone";

class FakeTrack extends EventTarget {
  readonly stop = vi.fn();
}

function bench(source: () => Promise<MediaStream>): { microphone: Microphone; states: MicrophoneState[]; tracks: unknown[] } {
  const [states, tracks]: [MicrophoneState[], unknown[]] = [[], []];
  const microphone = new Microphone((track, state) => {
    states.push(state);
    tracks.push(track);
  }, source);
  return { microphone, states, tracks };
}

function streamOf(track: FakeTrack): MediaStream {
  return { getAudioTracks: () => [track], getTracks: () => [track] } as unknown as MediaStream;
}

function named(name: string): Error {
  return Object.assign(new Error(name), { name });
}

afterEach(() => {
  vi.useRealTimers();
});

describe("a microphone", () => {
  it("test_officer_turning_it_off_frees_the_phones_own_microphone", async () => {
    const track = new FakeTrack();
    const { microphone, states, tracks } = bench(() => Promise.resolve(streamOf(track)));
    await microphone.turnOn();
    expect(tracks.at(-1)).toBe(track);
    microphone.turnOff();
    expect(track.stop).toHaveBeenCalled();
    expect(states).toEqual(["asking", "on", "off"]);
    expect(tracks.at(-1)).toBeNull();
  });

  it("test_officer_turning_it_off_before_the_answer_is_not_heard", async () => {
    const track = new FakeTrack();
    const { microphone, states } = bench(() => Promise.resolve(streamOf(track)));
    const asked = microphone.turnOn();
    microphone.turnOff();
    await asked;
    expect(states.at(-1)).toBe("off");
    expect(track.stop).toHaveBeenCalled();
  });

  it("test_officer_who_pauses_and_resumes_before_the_answer_is_heard_by_one_microphone", async () => {
    const tracks = [new FakeTrack(), new FakeTrack()];
    const answers: ((stream: MediaStream) => void)[] = [];
    const { microphone, tracks: heard } = bench(() => new Promise((resolve) => answers.push(resolve)));
    const first = microphone.turnOn();
    microphone.turnOff();
    const second = microphone.turnOn();
    answers[0]!(streamOf(tracks[0]!));
    await first;
    expect(tracks[0]!.stop).toHaveBeenCalledOnce();
    answers[1]!(streamOf(tracks[1]!));
    await second;
    expect(tracks[1]!.stop).not.toHaveBeenCalled();
    expect(heard.filter((track) => track !== null)).toEqual([tracks[1]]);
    expect(microphone.state).toBe("on");
  });

  it("test_microphone_that_was_refused_is_not_asked_for_again", async () => {
    vi.useFakeTimers();
    const source = vi.fn(() => Promise.reject(named("NotAllowedError")));
    const { microphone, states } = bench(source);
    await microphone.turnOn();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(source).toHaveBeenCalledOnce();
    expect(states.at(-1)).toBe("refused");
  });

  it("test_microphone_that_a_call_took_comes_back_by_itself", async () => {
    vi.useFakeTimers();
    const tracks = [new FakeTrack(), new FakeTrack()];
    let calls = 0;
    const { microphone, states } = bench(() => {
      const track = tracks[calls++ === 0 ? 0 : 1]!;
      return calls === 2 ? Promise.reject(named("NotReadableError")) : Promise.resolve(streamOf(track));
    });
    await microphone.turnOn();
    tracks[0]!.dispatchEvent(new Event("ended"));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(states.at(-1)).toBe("on");
    expect(calls).toBe(3);
  });
});
