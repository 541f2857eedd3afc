/** Sends chosen files by tus 1.0, piece by piece, so that a lost line or a reload costs one piece at most. */

import { csrfToken } from "../signalling/csrf";
import { waitForLine } from "./still_sender";
import type { UploadMemory } from "./upload_memory";

/** `paused`: no line; it goes on by itself. */
export type UploadLineState = "queued" | "sending" | "paused" | "done" | "refused";

/** One chosen file as the screen shows it; `problem` is the server's code. */
export interface UploadLine {
  key: string;
  name: string;
  bytes: number;
  sent: number;
  state: UploadLineState;
  problem: string | null;
}

/** Bytes of one piece. */
export const PIECE = 2 * 1024 * 1024;
const RETRY_MS = 3_000;
/** Answers after which the same request may succeed later. */
const LATER = new Set([0, 423, 429, 500, 502, 503, 504]);

/** An answer that says no. */
class Refused extends Error {
  constructor(readonly status: number, readonly code: string) {
    super(code);
  }
}

/** Sends the files of one session, one after the other. */
export class Uploader {
  private readonly lines = new Map<string, UploadLine>();
  private readonly waiting: { key: string; file: File }[] = [];
  private isSending = false;
  private readonly stopped = new AbortController();

  /**
   * @param memory keeps the address of an upload that has begun through a reload
   * @param door where uploads are begun, for example "/live/uploads/"
   */
  constructor(
    private readonly tell: (lines: UploadLine[]) => void,
    private readonly memory: UploadMemory,
    private readonly door: string,
    private readonly fetcher: typeof fetch = (...given) => fetch(...given),
  ) {}

  /** Queue files; one that is on its way already, or done, is not sent twice. */
  add(files: readonly File[]): void {
    for (const file of files) {
      const key = `${file.name}:${file.size}:${file.lastModified}`;
      const known = this.lines.get(key);
      if (known !== undefined && known.state !== "refused") continue;
      this.lines.set(key, { key, name: file.name, bytes: file.size, sent: 0, state: "queued", problem: null });
      this.waiting.push({ key, file });
    }
    this.show();
    void this.work();
  }

  /** Nothing leaves the phone any more. */
  stop(): void {
    this.waiting.length = 0;
    this.stopped.abort();
  }

  private async work(): Promise<void> {
    if (this.isSending) return;
    this.isSending = true;
    for (let next = this.waiting.shift(); next !== undefined; next = this.waiting.shift()) await this.send(next.key, next.file);
    this.isSending = false;
  }

  private async send(key: string, file: File): Promise<void> {
    while (!this.stopped.signal.aborted) {
      try {
        await this.carry(key, file);
        this.change(key, { state: "done", sent: file.size });
        return;
      } catch (error) {
        const refused = error instanceof Refused ? error : new Refused(0, "network");
        if (!LATER.has(refused.status)) {
          this.memory.drop(key);
          this.change(key, { state: "refused", problem: refused.code });
          return;
        }
        this.change(key, { state: "paused" });
        await waitForLine(RETRY_MS);
      }
    }
  }

  /** Go on from where the server stands, to the end. Throws Refused, or what fetch throws without a line. */
  private async carry(key: string, file: File): Promise<void> {
    const address = (await this.resume(key, file)) ?? (await this.create(key, file));
    let offset = address.offset;
    this.change(key, { state: "sending", sent: offset });
    while (offset < file.size) {
      offset = await this.piece(address.url, file, offset);
      this.change(key, { state: "sending", sent: offset });
    }
  }

  private async resume(key: string, file: File): Promise<{ url: string; offset: number } | null> {
    const url = this.memory.read(key);
    if (url === null) return null;
    const answer = await this.call("HEAD", url);
    if (answer.ok && answer.headers.get("Upload-Length") === `${file.size}`) {
      return { url, offset: Number(answer.headers.get("Upload-Offset")) };
    }
    if (LATER.has(answer.status)) throw new Refused(answer.status, "later");
    this.memory.drop(key);
    return null;
  }

  private async create(key: string, file: File): Promise<{ url: string; offset: number }> {
    const name = base64(new TextEncoder().encode(file.name));
    const answer = await this.call("POST", this.door, { "Upload-Length": `${file.size}`, "Upload-Metadata": `filename ${name}` });
    const url = answer.headers.get("Location");
    if (!answer.ok || url === null) throw await refusalOf(answer);
    this.memory.keep(key, url);
    return { url, offset: 0 };
  }

  /** Send one piece; returns where the server stands now. */
  private async piece(url: string, file: File, offset: number): Promise<number> {
    const body = await file.slice(offset, offset + PIECE).arrayBuffer();
    const headers = { "Content-Type": "application/offset+octet-stream", "Upload-Offset": `${offset}`, ...(await checksum(body)) };
    const answer = await this.call("PATCH", url, headers, body);
    if (answer.ok) return Number(answer.headers.get("Upload-Offset"));
    // Another place than we thought, or damaged on its way: ask, and send from there.
    if (answer.status === 409 || answer.status === 460) {
      const now = await this.call("HEAD", url);
      if (now.ok) return Number(now.headers.get("Upload-Offset"));
    }
    throw await refusalOf(answer);
  }

  private call(method: string, url: string, more: Record<string, string> = {}, body: ArrayBuffer | null = null): Promise<Response> {
    const headers = { "Tus-Resumable": "1.0.0", "X-CSRFToken": csrfToken(), Accept: "application/json", ...more };
    return this.fetcher(url, { method, headers, body, credentials: "same-origin", signal: this.stopped.signal });
  }

  private change(key: string, change: Partial<UploadLine>): void {
    const line = this.lines.get(key);
    if (line !== undefined) this.lines.set(key, { ...line, ...change });
    this.show();
  }

  private show(): void {
    this.tell([...this.lines.values()]);
  }
}

async function refusalOf(answer: Response): Promise<Refused> {
  const said = (await answer.json().catch(() => null)) as { code?: unknown } | null;
  return new Refused(answer.status, typeof said?.code === "string" ? said.code : "refused");
}

/** The piece's SHA-256, where the browser can: damage on the way is noticed at once. */
async function checksum(body: ArrayBuffer): Promise<Record<string, string>> {
  const subtle = (crypto as Partial<Crypto>).subtle;
  if (subtle === undefined) return {};
  return { "Upload-Checksum": `sha256 ${base64(new Uint8Array(await subtle.digest("SHA-256", body)))}` };
}

function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}
