/** Which messages have surely arrived: a pong proves all that was sent before its ping, and not that it was acted upon. */

/** C: what this page sends. Bounded by the heartbeat: what a pong proves is let go. */
export class Unproven<C> {
  private count = 0;
  private sent: { number: number; message: C }[] = [];
  private readonly pings = new Map<string, number>();

  /** A message was handed to the line. */
  add(message: C): void {
    this.count += 1;
    this.sent.push({ number: this.count, message });
  }

  /** A ping went out, after all that was sent so far. */
  pinged(sent_at: string): void {
    this.pings.set(sent_at, this.count);
  }

  /** Its pong came back. */
  proven(sent_at: string): void {
    const last = this.pings.get(sent_at);
    if (last === undefined) return;
    this.pings.delete(sent_at);
    this.sent = this.sent.filter(({ number }) => number > last);
  }

  /** The line is gone: returns what nobody knows of, oldest first, and begins anew. */
  drain(): C[] {
    const lost = this.sent.map(({ message }) => message);
    this.sent = [];
    this.pings.clear();
    return lost;
  }
}
