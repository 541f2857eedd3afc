/** Holds one value and tells who listens when it changes. */

/** A value that is changed by actions through a pure reducer. */
export class Store<S, A> {
  private listeners: ((after: S, before: S) => void)[] = [];

  constructor(private current: S, private readonly reducer: (state: S, action: A) => S) {}

  /** The value as it is now. */
  get state(): S {
    return this.current;
  }

  /** Changes the value; listeners hear only of real changes. */
  dispatch(action: A): void {
    const before = this.current;
    this.current = this.reducer(before, action);
    if (this.current === before) return;
    for (const listener of this.listeners) listener(this.current, before);
  }

  /** Calls `listener` after each change. */
  subscribe(listener: (after: S, before: S) => void): void {
    this.listeners.push(listener);
  }
}
