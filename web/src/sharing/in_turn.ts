/** Takes events one after the other, also those that taking one causes. */
export class InTurn<Event> {
  private readonly waiting: Event[] = [];
  private isBusy = false;

  constructor(private readonly take: (event: Event) => void) {}

  /** Take it now, or after those that wait. */
  add(event: Event): void {
    this.waiting.push(event);
    if (this.isBusy) return;
    this.isBusy = true;
    try {
      for (let next = this.waiting.shift(); next !== undefined; next = this.waiting.shift()) this.take(next);
    } finally {
      this.isBusy = false;
    }
  }
}
