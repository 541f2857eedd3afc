import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FakeConnection } from "../media/fake_connection";
import type { ReceptionOffered, SeatClientMessage } from "../signalling/meetingmessages";
import { Receiving } from "./receiving";

const offer = (reception_id: string, number = 1): ReceptionOffered => ({ type: "reception.offer", reception_id, offer: number, sdp: "v=0", lines: {}, ice_servers: null });

function setUp() {
  const connections: FakeConnection[] = [];
  const sent: SeatClientMessage[] = [];
  const [onTracks, onLost] = [vi.fn(), vi.fn()];
  const receiving = new Receiving({
    send: (message) => {
      sent.push(message);
      return true;
    },
    relays: () => [], onTracks, onLost,
    createConnection: () => {
      const connection = new FakeConnection();
      connections.push(connection);
      return connection as unknown as RTCPeerConnection;
    },
  });
  return { receiving, connections, sent, onTracks, onLost, restarts: () => sent.filter(({ type }) => type === "reception.restart").length };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("Receiving", () => {
  it("test_nothing_is_asked_to_be_mended_before_there_is_anything", () => {
    const { receiving, restarts } = setUp();
    receiving.restart();
    expect([receiving.way, restarts()]).toEqual([null, 0]);
  });

  it("test_second_offer_of_the_same_reception_uses_the_same_connection", async () => {
    const { receiving, connections, sent } = setUp();
    receiving.offered(offer("r", 1));
    receiving.offered(offer("r", 2));
    await vi.advanceTimersByTimeAsync(0);
    expect([connections.length, sent.map((message) => (message.type === "reception.answer" ? message.offer : 0))]).toEqual([1, [1, 2]]);
  });

  it("test_short_interruption_is_waited_for_and_a_loss_is_mended_at_once", async () => {
    const { receiving, connections, restarts, onLost } = setUp();
    receiving.offered(offer("r"));
    await vi.advanceTimersByTimeAsync(0);
    connections[0]!.become("disconnected");
    await vi.advanceTimersByTimeAsync(3_000);
    connections[0]!.become("connected");
    await vi.advanceTimersByTimeAsync(30_000);
    expect(restarts()).toBe(0);
    connections[0]!.become("failed");
    expect(restarts()).toBe(1);
    await vi.advanceTimersByTimeAsync(8_000);
    expect(onLost).toHaveBeenCalledOnce();
  });

  it("test_reception_that_is_closed_shows_nothing_and_mends_nothing", async () => {
    const { receiving, connections, onTracks, onLost } = setUp();
    receiving.offered(offer("r"));
    await vi.advanceTimersByTimeAsync(0);
    connections[0]!.become("disconnected");
    receiving.close();
    await vi.advanceTimersByTimeAsync(30_000);
    expect([(onTracks.mock.calls.at(-1)?.[0] as Map<string, unknown>).size, onLost.mock.calls.length, connections[0]!.isClosed]).toEqual([0, 0, true]);
  });
});
