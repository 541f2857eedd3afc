/** Takes the picture that the control room asked for, and sends it with its own hash, if need be once the line is back. */

import { csrfToken } from "../signalling/csrf";
import { takePicture } from "../media/picture";
import type { StillRefusal } from "../signalling/messages";

/** How a picture that was asked for stands; `refused` by this phone, `failed` at the server. */
export type StillState = "sending" | "waiting" | "sent" | "refused" | "failed";

/** The parts of the page that a sender works with. */
export interface StillHost {
  /** The camera's stream, or null while it is off. */
  camera(): MediaStream | null;
  preview: HTMLVideoElement;
  /** Where pictures are sent to. */
  address: string;
  refuse(askId: string, reason: StillRefusal): void;
  tell(state: StillState): void;
}

/** Time between two tries over a line that is down, in ms. */
const RETRY_MS = 3_000;

/** Answers the requests of one page, each once. */
export class StillSender {
  private readonly taken = new Set<string>();
  /** Counts the ends: what was begun before one is not sent after it. */
  private ends = 0;

  constructor(private readonly host: StillHost, private readonly fetcher: typeof fetch = (...given) => fetch(...given)) {}

  /** Take and send one picture; a request that is known already is being answered. */
  async answer(askId: string): Promise<void> {
    if (this.taken.has(askId)) return;
    this.taken.add(askId);
    await this.takeAndSend(askId);
  }

  /** Take and send one that nobody asked for. */
  async takeOwn(): Promise<void> {
    await this.takeAndSend(null);
  }

  private async takeAndSend(askId: string | null): Promise<void> {
    this.host.tell("sending");
    const [takenAt, ends] = [Date.now(), this.ends];
    const picture = await this.take(askId);
    if (picture !== null) await this.send(askId, picture, takenAt, ends);
  }

  /** Nothing of what was begun until now leaves the phone any more. */
  stop(): void {
    this.ends += 1;
  }

  private async take(askId: string | null): Promise<Blob | null> {
    const camera = this.host.camera();
    const reason: StillRefusal | null = camera === null ? "no_camera" : hasHash() ? null : "not_supported";
    if (camera !== null && reason === null) {
      try {
        return await takePicture(camera, this.host.preview);
      } catch {
        return this.refuse(askId, "failed");
      }
    }
    return this.refuse(askId, reason ?? "failed");
  }

  private refuse(askId: string | null, reason: StillRefusal): null {
    if (askId !== null) this.host.refuse(askId, reason);
    this.host.tell("refused");
    return null;
  }

  private async send(askId: string | null, picture: Blob, takenAt: number, ends: number): Promise<void> {
    const body = await picture.arrayBuffer();
    const hash = await sha256(body);
    while (this.ends === ends) {
      const status = await this.post(askId, body, hash, takenAt);
      if (status !== null && status < 500 && status !== 429) {
        this.host.tell(status < 300 ? "sent" : "failed");
        return;
      }
      this.host.tell("waiting");
      await waitForLine(RETRY_MS);
    }
  }

  /** The answer's status, or null without one. */
  private async post(askId: string | null, body: ArrayBuffer, hash: string, takenAt: number): Promise<number | null> {
    const purpose = askId === null ? { purpose: "own" } : { purpose: "asked", ask: askId };
    const query = new URLSearchParams({ ...purpose, taken_at: `${takenAt}` });
    const headers = { "Content-Type": "image/jpeg", "X-Still-Hash": hash, "X-CSRFToken": csrfToken(), Accept: "application/json" };
    try {
      const answer = await this.fetcher(`${this.host.address}?${query}`, { method: "POST", headers, body, credentials: "same-origin" });
      return answer.status;
    } catch {
      return null;
    }
  }
}

/** Resolves when the browser says that it is back on a network, and after `atMost_ms` in any case. */
export function waitForLine(atMost_ms: number): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      window.removeEventListener("online", done);
      resolve();
    };
    const timer = setTimeout(done, atMost_ms);
    window.addEventListener("online", done);
  });
}

/** SHA-256 in hex. */
export async function sha256(content: ArrayBuffer): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", content);
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Browsers leave hashing out of pages that did not come securely. */
function hasHash(): boolean {
  return (crypto as Partial<Crypto>).subtle !== undefined;
}
