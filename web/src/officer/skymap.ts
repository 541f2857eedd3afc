/** The map of a drone on an officer's page: where it is, how it came there, and what its camera sees. Loaded by itself, for the picture must not wait for it. */

import { FlightLayer } from "../map/flightlayer";
import { SituationMap } from "../map/situation";
import type { Fix, FlightNow } from "../signalling/messages";

/** What is drawn. */
export interface FlownMap {
  flight: FlightNow | null;
  /** Oldest first. */
  trail: readonly Fix[];
  label: string;
  /** Milliseconds of the server's clock. */
  now: number;
  /** The line is lost, and everything old. */
  isOld: boolean;
}

/** One map in one element. */
export class SkyMap {
  private readonly layer = new FlightLayer();
  private readonly map: SituationMap;
  private isPlaced = false;

  constructor(element: HTMLElement, tilesUrl: string) {
    const nothing = (): void => undefined;
    this.map = new SituationMap(element, tilesUrl, { onChoose: nothing, onMoved: nothing, onTileFailure: nothing }, [this.layer]);
    new ResizeObserver(() => this.map.resized()).observe(element);
  }

  show({ flight, trail, label, now, isOld }: FlownMap): void {
    const fix = trail.at(-1);
    const markers = fix === undefined ? [] : [{ sessionId: "", label, fix, isChosen: true, kind: "flight" as const, hasEnded: false }];
    this.map.show({ markers, trail, now, theme: "dark" });
    this.layer.show(flight === null ? null : { flights: [flight], chosenId: flight.session_id, now, theme: "dark", isOld, point: null });
    if (fix === undefined) return;
    this.map.follow(fix, !this.isPlaced);
    this.isPlaced = true;
  }

  dispose(): void {
    this.map.dispose();
  }
}
