import { beforeEach, describe, expect, it, vi } from "vitest";
import { StillSender, type StillState } from "./still_sender";

const PICTURE = new Blob([new Uint8Array([1, 2, 3])], { type: "image/jpeg" });
const HASH = "039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81";

class Photographer {
  takePhoto(): Promise<Blob> {
    return Promise.resolve(PICTURE);
  }
}

function start(answers: (number | "network")[], hasCamera = true) {
  const states: StillState[] = [];
  const refused: string[] = [];
  const sent: { url: string; hash: string }[] = [];
  const fetcher = ((url: string, init: RequestInit) => {
    sent.push({ url, hash: new Headers(init.headers).get("X-Still-Hash") ?? "" });
    const answer = answers.shift() ?? 201;
    if (answer === "network") return Promise.reject(new TypeError("Failed to fetch"));
    return Promise.resolve(new Response(null, { status: answer }));
  }) as typeof fetch;
  const track = {} as MediaStreamTrack;
  const camera = hasCamera ? ({ getVideoTracks: () => [track] } as unknown as MediaStream) : null;
  const host = {
    camera: () => camera, preview: document.createElement("video"), address: "/live/stills/",
    refuse: (_askId: string, reason: string) => void refused.push(reason), tell: (state: StillState) => void states.push(state),
  };
  return { sender: new StillSender(host, fetcher), states, refused, sent };
}

beforeEach(() => void vi.stubGlobal("ImageCapture", Photographer));

describe("StillSender", () => {
  it("test_sender_with_the_camera_off_says_so_and_sends_nothing", async () => {
    const { sender, states, refused, sent } = start([], false);
    await sender.answer("a1");
    expect([states, refused, sent]).toEqual([["sending", "refused"], ["no_camera"], []]);
  });

  it("test_sender_sends_the_picture_with_its_own_hash_once", async () => {
    const { sender, states, sent } = start([201]);
    await Promise.all([sender.answer("a1"), sender.answer("a1")]);
    expect(sent).toHaveLength(1);
    expect(sent[0]?.hash).toBe(HASH);
    expect(sent[0]?.url).toContain("purpose=asked&ask=a1&taken_at=");
    expect(states).toEqual(["sending", "sent"]);
  });

  it("test_sender_without_a_line_sends_the_same_picture_once_it_is_back", async () => {
    const { sender, states, sent } = start(["network", 503, 201]);
    const answered = sender.answer("a1");
    for (const count of [1, 2]) {
      await vi.waitFor(() => expect(states.filter((state) => state === "waiting")).toHaveLength(count));
      await new Promise((resolve) => setTimeout(resolve, 5));
      window.dispatchEvent(new Event("online"));
    }
    await answered;
    expect(sent.map((one) => one.hash)).toEqual([HASH, HASH, HASH]);
    expect(states.at(-1)).toBe("sent");
  });

  it("test_sender_whose_picture_is_refused_tries_no_more", async () => {
    const { sender, states, sent } = start([415]);
    await sender.answer("a1");
    expect(sent).toHaveLength(1);
    expect(states).toEqual(["sending", "failed"]);
  });

  it("test_sender_that_was_stopped_drops_what_waits_and_sends_in_the_next_session", async () => {
    const { sender, sent } = start(["network", 201]);
    const waiting = sender.answer("a1");
    await vi.waitFor(() => expect(sent).toHaveLength(1));
    sender.stop();
    await new Promise((resolve) => setTimeout(resolve, 5));
    window.dispatchEvent(new Event("online"));
    await waiting;
    expect(sent).toHaveLength(1);
    await sender.takeOwn();
    expect(sent).toHaveLength(2);
    expect(sent[1]?.url).toContain("purpose=own&taken_at=");
  });
});
