/** A press that was meant for the row that stood there a moment ago: news moves the list, and the hand is on its way. */

/** A row that slid under a still pointer is not what the hand aimed at for so long, in ms. */
export const SLID_MS = 400;

/** Knows which row is under the pointer, and whether the hand or the list brought it there. */
export class SteadyPress {
  private place: { x: number; y: number } | null = null;
  private under: Element | null = null;
  private slidAt = -Infinity;

  constructor(
    private readonly rowAt: (x: number, y: number) => Element | null,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** The hand moved the pointer: a row that it came to by that is meant. */
  pointed(x: number, y: number): void {
    this.place = { x, y };
    const row = this.rowAt(x, y);
    if (row !== this.under) this.slidAt = -Infinity;
    this.under = row;
  }

  /** The pointer is somewhere else. */
  left(): void {
    this.place = null;
    this.under = null;
  }

  /** The page was drawn: another row under the pointer was brought there by the list. */
  drawn(): void {
    if (this.place === null) return;
    const row = this.rowAt(this.place.x, this.place.y);
    if (row !== this.under) this.slidAt = this.now();
    this.under = row;
  }

  /** Whether a press now means the row under the pointer. */
  isMeant(): boolean {
    return this.now() - this.slidAt >= SLID_MS;
  }
}

/** Listens on the page, holds back presses that mean another row, and says so by `held`. */
export function holdPresses(host: HTMLElement, held: () => void): SteadyPress {
  const steady = new SteadyPress((x, y) => document.elementFromPoint(x, y)?.closest(".sessions .row") ?? null);
  host.addEventListener("pointermove", (event) => steady.pointed(event.clientX, event.clientY), { passive: true });
  host.addEventListener("pointerleave", () => steady.left());
  host.addEventListener("click", (event) => {
    const isByPointer = event.detail > 0;
    if (!isByPointer || steady.isMeant() || (event.target as Element).closest(".sessions .row") === null) return;
    event.preventDefault();
    event.stopPropagation();
    held();
  }, { capture: true });
  return steady;
}
