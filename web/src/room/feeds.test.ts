import { describe, expect, it, vi } from "vitest";
import type { Capture } from "../media/capture";
import { FakeConnection } from "../media/fake_connection";
import type { SeatClientMessage } from "../signalling/meetingmessages";
import { Feeds } from "./feeds";

const ANSWER = "v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\n";

function setUp(isPhone = false) {
  const connections: FakeConnection[] = [];
  const sent: SeatClientMessage[] = [];
  const capture = { sound: { kind: "audio" }, picture: { kind: "video" }, resize: vi.fn() } as unknown as Capture;
  const screenTrack = Object.assign(new EventTarget(), { kind: "video", contentHint: "", stop: vi.fn() });
  const screen = { getTracks: () => [screenTrack], getVideoTracks: () => [screenTrack] } as unknown as MediaStream;
  const askScreen = vi.fn(() => Promise.resolve(screen));
  const feeds = new Feeds({
    capture, isPhone, askScreen,
    send: (message) => {
      sent.push(message);
      return true;
    },
    onCamera: () => undefined, onScreen: () => undefined,
    createConnection: () => {
      const connection = new FakeConnection();
      connections.push(connection);
      return connection as unknown as RTCPeerConnection;
    },
  });
  return { feeds, connections, sent, capture, askScreen, screenTrack };
}

describe("Feeds", () => {
  it("test_candidates_go_out_with_the_feed_and_only_after_it_was_taken", async () => {
    const { feeds, connections, sent } = setUp();
    expect(await feeds.offer([])).toContain("m=video");
    connections[0]!.find("candidate:1");
    expect(sent).toEqual([]);
    await feeds.joined("f1", ANSWER);
    expect(sent).toMatchObject([{ type: "feed.candidate", feed_id: "f1" }]);
  });

  it("test_other_network_offers_camera_and_screen_anew", async () => {
    const { feeds, sent } = setUp();
    await feeds.offer([]);
    await feeds.joined("f1", ANSWER);
    await feeds.share([]);
    await feeds.opened("s1", ANSWER);
    await feeds.restart([]);
    expect(sent.filter(({ type }) => type === "feed.restart")).toMatchObject([{ feed_id: "f1" }, { feed_id: "s1" }]);
  });

  it("test_screen_is_shared_sharp_and_its_end_in_the_browser_is_told", async () => {
    const { feeds, connections, sent, screenTrack } = setUp();
    await feeds.share([]);
    expect(sent).toMatchObject([{ type: "feed.open", source: "screen", ref: "screen" }]);
    expect([screenTrack.contentHint, connections.at(-1)!.encodings.length]).toEqual(["detail", 1]);
    await feeds.opened("s1", ANSWER);
    screenTrack.dispatchEvent(new Event("ended"));
    expect(sent.at(-1)).toEqual({ type: "feed.close", feed_id: "s1" });
    expect([feeds.sharedScreen, connections.at(-1)!.isClosed]).toEqual([null, true]);
  });

  it("test_person_who_turns_back_from_sharing_shares_nothing", async () => {
    const { feeds, sent, askScreen } = setUp();
    askScreen.mockRejectedValueOnce(new Error("NotAllowedError"));
    await feeds.share([]);
    expect([sent, feeds.sharedScreen]).toEqual([[], null]);
  });

  it("test_phone_in_a_call_of_many_sends_a_small_picture_and_a_desk_never", async () => {
    const phone = setUp(true);
    await phone.feeds.offer([]);
    phone.feeds.resize(8);
    expect(phone.capture.resize).toHaveBeenLastCalledWith("small");
    phone.feeds.resize(3);
    expect(phone.capture.resize).toHaveBeenLastCalledWith("whole");
    const desk = setUp();
    desk.feeds.resize(12);
    expect(desk.capture.resize).toHaveBeenLastCalledWith("whole");
  });

  it("test_seat_that_is_given_up_sends_nothing_more", async () => {
    const { feeds, connections, sent } = setUp();
    await feeds.offer([]);
    await feeds.joined("f1", ANSWER);
    feeds.stop();
    connections[0]!.find("candidate:9");
    expect([connections[0]!.isClosed, sent]).toEqual([true, []]);
  });
});
