import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { uploadMemory } from "./upload_memory";
import { PIECE, Uploader, type UploadLine } from "./uploader";

/** A server in memory that speaks as much of tus as the page asks for. */
class FakeServer {
  size = 0;
  whole = 0;
  readonly asked: string[] = [];
  /** Answers that take the place of the next ones. */
  readonly failures: (number | "network" | null)[] = [];

  readonly fetch = (async (_url: string, init: RequestInit): Promise<Response> => {
    await Promise.resolve();
    const method = init.method ?? "";
    const headers = new Headers(init.headers);
    this.asked.push(`${method} ${headers.get("Upload-Offset") ?? ""}`.trim());
    const failure = this.failures.shift();
    if (failure === "network") throw new TypeError("Failed to fetch");
    if (failure != null) return Response.json({ code: failure === 413 ? "too_large" : "later" }, { status: failure });
    if (method === "POST") {
      this.whole = Number(headers.get("Upload-Length"));
      return new Response(null, { status: 201, headers: { Location: "/live/uploads/1/" } });
    }
    if (method === "PATCH") this.size += (init.body as ArrayBuffer).byteLength;
    return new Response(null, { status: 200, headers: { "Upload-Offset": `${this.size}`, "Upload-Length": `${this.whole}` } });
  }) as typeof fetch;
}

const film = (size: number): File => new File([new Uint8Array(size)], "film.mp4", { lastModified: 7 });

function start(server: FakeServer): { uploader: Uploader; last: () => UploadLine | undefined } {
  let lines: UploadLine[] = [];
  const uploader = new Uploader((now) => (lines = now), uploadMemory("s1", false), "/live/uploads/", server.fetch);
  return { uploader, last: () => lines.at(-1) };
}

beforeEach(() => {
  localStorage.clear();
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});
afterEach(() => void vi.useRealTimers());

describe("Uploader", () => {
  it("test_uploader_sends_a_file_in_pieces_and_says_so", async () => {
    const server = new FakeServer();
    const { uploader, last } = start(server);
    uploader.add([film(PIECE + 10)]);
    await vi.waitFor(() => expect(last()?.state).toBe("done"));
    expect(server.asked).toEqual(["POST", "PATCH 0", `PATCH ${PIECE}`]);
    expect(server.size).toBe(PIECE + 10);
  });

  it("test_uploader_waits_for_the_line_and_goes_on_where_the_server_stands", async () => {
    const server = new FakeServer();
    const { uploader, last } = start(server);
    server.failures.push(null, null, "network");
    uploader.add([film(PIECE * 2)]);
    await vi.waitFor(() => expect(last()?.state).toBe("paused"));
    window.dispatchEvent(new Event("online"));
    await vi.waitFor(() => expect(last()?.state).toBe("done"));
    expect(server.asked.filter((one) => one === "POST")).toHaveLength(1);
    expect(server.size).toBe(PIECE * 2);
  });

  it("test_uploader_of_a_page_that_was_loaded_again_resumes_the_same_file_only", async () => {
    const server = new FakeServer();
    server.size = PIECE;
    server.whole = PIECE + 5;
    localStorage.setItem(`upload:s1:film.mp4:${PIECE + 5}:7`, "/live/uploads/1/");
    const { uploader, last } = start(server);
    uploader.add([film(PIECE + 5)]);
    await vi.waitFor(() => expect(last()?.state).toBe("done"));
    expect(server.asked).toEqual(["HEAD", `PATCH ${PIECE}`]);
  });

  it("test_uploader_says_why_a_file_was_refused_and_tries_no_more", async () => {
    const server = new FakeServer();
    server.failures.push(413);
    const { uploader, last } = start(server);
    uploader.add([film(5)]);
    await vi.waitFor(() => expect(last()).toMatchObject({ state: "refused", problem: "too_large" }));
    expect(server.asked).toEqual(["POST"]);
  });

  it("test_uploader_that_was_stopped_sends_nothing_more", async () => {
    const server = new FakeServer();
    const { uploader } = start(server);
    uploader.stop();
    uploader.add([film(5)]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(server.size).toBe(0);
    expect(server.asked).toEqual([]);
  });
});
