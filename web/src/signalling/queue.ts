/** Frames that wait for a connection: bounded, and what goes first is the oldest of the least important. */

/** `keep`: must be told (chat, stop). `newest`: only the last of its type matters (position, progress). */
export type Waiting = "keep" | "newest";

interface Entry<C> {
  message: C;
  waiting: Waiting;
}

/** A small outbox with a limit. */
export class Outbox<C extends { type: string }> {
  private entries: Entry<C>[] = [];

  /** @param limit most frames that may wait */
  constructor(private readonly limit = 64) {}

  /** Number of frames that wait. */
  get size(): number {
    return this.entries.length;
  }

  /** Add a frame; returns the frame that had to go for it, if one had to. */
  add(message: C, waiting: Waiting): C | null {
    if (waiting === "newest") {
      this.entries = this.entries.filter((entry) => entry.message.type !== message.type);
    }
    this.entries.push({ message, waiting });
    return this.entries.length > this.limit ? this.dropOne() : null;
  }

  /** Take everything out, oldest first. */
  drain(): C[] {
    const messages = this.entries.map((entry) => entry.message);
    this.entries = [];
    return messages;
  }

  private dropOne(): C | null {
    const replaceable = this.entries.findIndex((entry) => entry.waiting === "newest");
    const [dropped] = this.entries.splice(Math.max(replaceable, 0), 1);
    return dropped?.message ?? null;
  }
}
