/** The map of an agency's page: one position, followed. Loaded by itself, for the picture must not wait for it. */

import { SituationMap } from "../map/situation";
import type { Fix, SessionKind } from "../signalling/messages";

/** One map in one element. */
export class PlaceMap {
  private readonly map: SituationMap;
  private isPlaced = false;

  constructor(element: HTMLElement, tilesUrl: string) {
    const nothing = (): void => undefined;
    this.map = new SituationMap(element, tilesUrl, { onChoose: nothing, onMoved: nothing, onTileFailure: nothing }, []);
    new ResizeObserver(() => this.map.resized()).observe(element);
  }

  /** Shows a position with its accuracy, as old as it is at `now` (ms of the server's clock). */
  show(fix: Fix, label: string, kind: SessionKind, now: number): void {
    const marker = { sessionId: "", label, fix, isChosen: true, kind, hasEnded: false };
    this.map.show({ markers: [marker], trail: [], now, theme: "dark" });
    this.map.follow(fix, !this.isPlaced);
    this.isPlaced = true;
  }

  /** Shows no position any more; the next is shown as the first was. */
  clear(): void {
    if (!this.isPlaced) return;
    this.map.show({ markers: [], trail: [], now: 0, theme: "dark" });
    this.isPlaced = false;
  }

  /** Takes the map off the page. */
  dispose(): void {
    this.map.dispose();
  }
}
