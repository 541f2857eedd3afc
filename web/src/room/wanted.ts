/** Which layer of each picture this page needs: from how large each is shown, and from how much the line carries. */

import type { WantedLayer } from "../signalling/meetingmessages";

/** How much of others' pictures the line carries, best first. */
export const DOWN_STEPS = ["all", "low", "few", "voice"] as const;
export type DownStep = (typeof DOWN_STEPS)[number];

/** One picture that could be shown. */
export interface WantedTile {
  feedId: string;
  /** CSS pixels; 0: it has no place on the screen. */
  width: number;
  isScreen: boolean;
  /** The speaker, or an interpreter: the last to lose its picture. */
  isKept: boolean;
  /** A signer's hands need more than the lowest layer. */
  isSigner: boolean;
}

/** Up to these widths, in device pixels, the low and the middle layer are enough. */
const LOW_PX = 240;
const MIDDLE_PX = 640;
/** Time between two questions, in ms. */
const EVERY_MS = 500;
/** Most pictures in one question. */
const MOST = 32;

/** The layer of each feed. */
export function layersFor(tiles: readonly WantedTile[], step: DownStep, pixelRatio: number): Record<string, WantedLayer> {
  const wanted: Record<string, WantedLayer> = {};
  for (const tile of tiles.slice(0, MOST)) wanted[tile.feedId] = layerOf(tile, step, pixelRatio);
  return wanted;
}

function layerOf(tile: WantedTile, step: DownStep, pixelRatio: number): WantedLayer {
  if (tile.width === 0 || step === "voice") return "off";
  if (step === "few" && !tile.isKept) return "off";
  if (tile.isScreen) return "high";
  if (tile.isSigner) return step === "all" && tile.width * pixelRatio > MIDDLE_PX ? "high" : "middle";
  if (step !== "all") return "low";
  const wide = tile.width * pixelRatio;
  return wide <= LOW_PX ? "low" : wide <= MIDDLE_PX ? "middle" : "high";
}

/** Asks the server for layers: for what has changed only, and not more often than twice a second. */
export class LayerAsker {
  private asked = "";
  private next: Record<string, WantedLayer> | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly send: (wanted: Record<string, WantedLayer>) => boolean) {}

  /** The page needs these now. */
  want(wanted: Record<string, WantedLayer>): void {
    if (Object.keys(wanted).length === 0 || keyOf(wanted) === this.asked) {
      this.next = null;
      return;
    }
    this.next = wanted;
    if (this.timer === undefined) this.ask();
  }

  /** The reception is new, or the line was lost: the server knows nothing any more. */
  forget(): void {
    this.asked = "";
    this.next = null;
  }

  /** The room is left. */
  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.forget();
  }

  private ask(): void {
    const { next } = this;
    this.next = null;
    if (next !== null && this.send(next)) this.asked = keyOf(next);
    this.timer = setTimeout(() => {
      this.timer = undefined;
      if (this.next !== null) this.ask();
    }, EVERY_MS);
  }
}

function keyOf(wanted: Record<string, WantedLayer>): string {
  return Object.entries(wanted).map(([id, layer]) => `${id}:${layer}`).sort().join();
}
