import { describe, expect, it, vi } from "vitest";
import { FakeConnection } from "./fake_connection";
import { Reception, type FeedTracks, type Lines } from "./reception";

const LINES: Lines = {
  "0": { feed_id: "a", medium: "audio" }, "1": { feed_id: "a", medium: "video" }, "2": { feed_id: "b", medium: "audio" },
};

function line(mid: string, track: string, audioLevel?: number): FakeConnection["transceivers"][number] {
  const source = audioLevel === undefined ? {} : { audioLevel };
  return { mid, receiver: { track, getSynchronizationSources: () => [source] } };
}

function setUp() {
  const connection = new FakeConnection();
  connection.transceivers = [line("0", "voice a", 0.2), line("1", "picture a"), line("2", "voice b")];
  const wire = { answer: vi.fn(), candidate: vi.fn() };
  const seen: Record<string, FeedTracks>[] = [];
  const states: string[] = [];
  const reception = new Reception(
    wire,
    { onTracks: (tracks) => seen.push(Object.fromEntries(tracks)), onState: (state) => states.push(state) },
    [],
    { createConnection: () => connection as unknown as RTCPeerConnection },
  );
  return { connection, wire, seen, states, reception };
}

describe("Reception", () => {
  it("test_reception_answers_with_the_offers_number_and_maps_tracks_by_line", async () => {
    const { wire, seen, reception } = setUp();
    await reception.accept({ offer: 4, sdp: "v=0", lines: LINES });
    expect(wire.answer).toHaveBeenCalledWith(expect.any(String), 4);
    expect(seen).toEqual([{ a: { audio: "voice a", video: "picture a" }, b: { audio: "voice b", video: null } }]);
  });

  it("test_line_that_is_reused_by_another_person_is_theirs_from_that_offer_on", async () => {
    const { connection, seen, reception } = setUp();
    await reception.accept({ offer: 1, sdp: "v=0", lines: LINES });
    connection.transceivers[0]!.receiver.track = "voice c";
    await reception.accept({ offer: 2, sdp: "v=0", lines: { "0": { feed_id: "c", medium: "audio" } } });
    expect(seen.at(-1)).toEqual({ c: { audio: "voice c", video: null } });
  });

  it("test_offers_are_answered_one_after_the_other", async () => {
    const { connection, wire, reception } = setUp();
    const open: string[] = [];
    const set = connection.setRemoteDescription.bind(connection);
    connection.setRemoteDescription = (description) => {
      open.push(connection.signalingState);
      return set(description);
    };
    await Promise.all([1, 2, 3].map((offer) => reception.accept({ offer, sdp: "v=0", lines: LINES })));
    expect(open).toEqual(["stable", "stable", "stable"]);
    expect(wire.answer.mock.calls.map((call) => (call as unknown[])[1])).toEqual([1, 2, 3]);
  });

  it("test_offer_that_cannot_be_taken_is_a_loss_and_the_next_one_is_still_answered", async () => {
    const { connection, wire, states, reception } = setUp();
    connection.createAnswer = vi.fn().mockRejectedValueOnce(new Error("no")).mockResolvedValue({ type: "answer", sdp: "v=0" });
    await reception.accept({ offer: 1, sdp: "v=0", lines: LINES });
    expect(states).toEqual(["lost"]);
    await reception.accept({ offer: 2, sdp: "v=0", lines: LINES });
    expect(wire.answer).toHaveBeenCalledOnce();
  });

  it("test_reception_says_levels_only_of_feeds_whose_level_is_known", async () => {
    const { reception } = setUp();
    await reception.accept({ offer: 1, sdp: "v=0", lines: LINES });
    expect([...reception.levels()]).toEqual([["a", 0.2]]);
  });

  it("test_reception_that_is_closed_answers_nothing_and_says_nothing", async () => {
    const { connection, wire, states, reception } = setUp();
    const accepting = reception.accept({ offer: 1, sdp: "v=0", lines: LINES });
    reception.close();
    await accepting;
    connection.become("failed");
    connection.find("candidate:1");
    expect([wire.answer.mock.calls, wire.candidate.mock.calls, states]).toEqual([[], [], []]);
    expect(reception.levels().size).toBe(0);
  });
});
