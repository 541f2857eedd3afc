/** The colours of the page around the map, and what positions look like in each. */

import type { Freshness } from "./freshness";

export type MapTheme = "dark" | "light";

/** Colours of positions, as canvas takes them; tones as "red, green, blue". */
export interface MarkerPalette {
  tones: Record<Freshness, string>;
  /** Under the trail, so that it stands out of the lines of the grid. */
  casing: string;
  ring: string;
  chosenRing: string;
  name: string;
  nameGround: string;
  chosenGround: string;
}

export const MARKERS: Record<MapTheme, MarkerPalette> = {
  dark: {
    tones: { fresh: "63, 184, 255", ageing: "255, 181, 71", stale: "150, 160, 172" },
    casing: "rgba(8, 14, 22, 0.55)",
    ring: "rgba(8, 14, 22, 0.9)",
    chosenRing: "rgba(255, 255, 255, 0.95)",
    name: "#eef4fa",
    nameGround: "rgba(20, 30, 42, 0.86)",
    chosenGround: "rgba(14, 74, 116, 0.94)",
  },
  light: {
    tones: { fresh: "0, 103, 184", ageing: "176, 100, 0", stale: "92, 104, 118" },
    casing: "rgba(255, 255, 255, 0.8)",
    ring: "rgba(255, 255, 255, 0.95)",
    chosenRing: "rgba(8, 14, 22, 0.9)",
    name: "#0f1720",
    nameGround: "rgba(255, 255, 255, 0.92)",
    chosenGround: "rgba(200, 226, 250, 0.96)",
  },
};
