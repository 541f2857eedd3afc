/** For tests: the locks of one browser, as its tabs see them. One name is enough. */

interface Ask {
  tab: FakeTabLocks;
  callback: LockGrantedCallback<unknown>;
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
}

/** What all tabs of a browser want. */
export class FakeLocks {
  private holder: Ask | null = null;
  private readonly queue: Ask[] = [];

  /** A new tab. */
  tab(): FakeTabLocks {
    return new FakeTabLocks(this);
  }

  add(ask: Ask, { steal, signal }: LockOptions): void {
    signal?.addEventListener("abort", () => {
      if (this.leave(ask)) ask.reject(new DOMException("", "AbortError"));
    });
    if (steal === true) {
      this.holder?.reject(new DOMException("", "AbortError"));
      this.holder = null;
      this.queue.unshift(ask);
    } else {
      this.queue.push(ask);
    }
    this.grant();
  }

  /** The tab is gone, without a word. */
  close(tab: FakeTabLocks): void {
    for (const ask of this.queue.filter((one) => one.tab === tab)) this.leave(ask);
    if (this.holder?.tab === tab) this.holder = null;
    this.grant();
  }

  private leave(ask: Ask): boolean {
    const at = this.queue.indexOf(ask);
    if (at >= 0) this.queue.splice(at, 1);
    return at >= 0;
  }

  private grant(): void {
    const next = this.holder === null ? this.queue.shift() : undefined;
    if (next === undefined) return;
    this.holder = next;
    // As in a browser the answer never comes before the question has been put.
    void Promise.resolve().then(() => next.callback({ name: "", mode: "exclusive" })).then((value) => {
      if (this.holder !== next) return;
      this.holder = null;
      next.resolve(value);
      this.grant();
    });
  }
}

/** `navigator.locks` of one tab. */
export class FakeTabLocks implements Pick<LockManager, "request"> {
  constructor(private readonly locks: FakeLocks) {}

  request(...given: unknown[]): Promise<never> {
    const [, options, callback] = given as [string, LockOptions, LockGrantedCallback<unknown>];
    return new Promise<unknown>((resolve, reject) => {
      this.locks.add({ tab: this, callback, resolve, reject }, options);
    }) as Promise<never>;
  }

  close(): void {
    this.locks.close(this);
  }
}
