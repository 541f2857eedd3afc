/** Keeps the screen on while sharing, where the browser can: a dark screen stops the camera. */

/** Holds at most one wake lock; the browser drops it when the page is hidden, so it is asked for again after that. */
export class ScreenLock {
  private lock: WakeLockSentinel | null = null;
  private isWanted = false;

  /** Keep the screen on. Without the means, or with an empty battery, nothing happens. */
  async hold(): Promise<void> {
    this.isWanted = true;
    if (!("wakeLock" in navigator) || (this.lock !== null && !this.lock.released)) return;
    try {
      // eslint-disable-next-line compat/compat -- asked for above: Safari has it from 16.4 on
      const lock = await navigator.wakeLock.request("screen");
      if (this.mayHold()) this.lock = lock;
      else await lock.release();
    } catch {
      this.lock = null;
    }
  }

  /** Asked again after the wait: the end may have come meanwhile. */
  private mayHold(): boolean {
    return this.isWanted;
  }

  /** Let the screen go dark again. */
  async release(): Promise<void> {
    this.isWanted = false;
    const lock = this.lock;
    this.lock = null;
    await lock?.release().catch(() => undefined);
  }
}
