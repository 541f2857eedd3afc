/** The relays of a seat: they are good for ten minutes, and whoever connects later has to ask for new ones. */

import type { IceServer } from "../signalling/messages";

/** After this time what is here is not used for a new connection, in ms. */
const GOOD_FOR_MS = 8 * 60_000;

/** The newest that the server gave. */
export class Relays {
  private servers: IceServer[] | null = null;
  private at = 0;
  private waiting: ((servers: IceServer[]) => void)[] = [];

  /** @param ask asks the server for new ones; returns whether the question went out */
  constructor(private readonly ask: () => boolean, private readonly now: () => number = () => Date.now()) {}

  /** The server gave these. */
  take(servers: IceServer[]): void {
    this.servers = servers;
    this.at = this.now();
    const waiting = this.waiting;
    this.waiting = [];
    for (const go of waiting) go(servers);
  }

  /** What there is, however old: better than none for a connection that stands. */
  get last(): IceServer[] {
    return this.servers ?? [];
  }

  /** Good ones, at once where they are here. A question that cannot be asked now is answered with what there is. */
  good(): Promise<IceServer[]> {
    if (this.servers !== null && this.now() - this.at < GOOD_FOR_MS) return Promise.resolve(this.servers);
    if (this.waiting.length === 0 && !this.ask()) return Promise.resolve(this.last);
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  /** The server refused, or the line is gone: go on with what there is. */
  giveUp(): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (const go of waiting) go(this.last);
  }
}
