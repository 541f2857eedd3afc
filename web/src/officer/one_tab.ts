/** Which tab of a browser tells where the officer is: the one that was shown last, for phones give a hidden one no position. */

const LOCK = "sightline-duty";

/** One tab's place among those of its browser. Where there are no locks each tab sends, and the server keeps a fix once. */
export class OneTab {
  /** Whether this tab is the one. */
  isMine = false;
  /** Whether another tab took the place. */
  isElsewhere = false;
  /** What was asked for last; the answer to anything before is void. */
  private asked: AbortController | null = null;
  private giveBack = (): void => undefined;

  /** @param changed hears when the place is had or lost; @param locks null: there are none */
  constructor(private readonly changed: () => void, private readonly locks: Pick<LockManager, "request"> | null = browserLocks()) {}

  /** The tab on the screen takes the place at once, from whichever has it; a hidden one when no other has it. */
  want(): void {
    if (this.isMine) return;
    if (this.locks === null) this.set(true, false);
    else void this.ask(this.locks, document.visibilityState !== "hidden");
  }

  /** Have it no more, and do not wait for it. */
  leave(): void {
    this.asked?.abort();
    this.asked = null;
    this.isMine = this.isElsewhere = false;
    this.giveBack();
  }

  private async ask(locks: Pick<LockManager, "request">, steal: boolean): Promise<void> {
    this.asked?.abort();
    const mine = new AbortController();
    this.asked = mine;
    try {
      await locks.request(LOCK, steal ? { steal } : { signal: mine.signal }, () => this.hold(mine));
    } catch (error) {
      if (this.asked !== mine) return;
      const isTaken = error instanceof DOMException && error.name === "AbortError";
      this.set(!isTaken, isTaken);
      if (isTaken) void this.ask(locks, false);
    }
  }

  /** The place is had until this resolves. */
  private hold(mine: AbortController): Promise<void> | undefined {
    if (this.asked !== mine) return undefined;
    const held = new Promise<void>((resolve) => { this.giveBack = resolve; });
    this.set(true, false);
    return held;
  }

  private set(isMine: boolean, isElsewhere: boolean): void {
    this.isMine = isMine;
    this.isElsewhere = isElsewhere;
    this.changed();
  }
}

function browserLocks(): LockManager | null {
  // eslint-disable-next-line compat/compat -- Safari has it from 15.4 on
  return "locks" in navigator ? navigator.locks : null;
}
