/** The colours of the page around the map, and what positions look like in each. */

import type { OfficerStatus } from "../signalling/messages";
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

/** Colours of officers on duty; tones as "red, green, blue", and what is lettered on them. */
export interface OfficerPalette {
  tones: Record<Exclude<OfficerStatus, "off_duty">, string>;
  onTone: string;
  ring: string;
  chosenRing: string;
  /** Within the edge of an old position. */
  hollow: string;
  text: string;
  quiet: string;
  nameGround: string;
  clusterGround: string;
  clusterEdge: string;
  accuracy: string;
}

export const OFFICERS: Record<MapTheme, OfficerPalette> = {
  dark: {
    tones: { available: "61, 220, 151", en_route: "255, 181, 71", at_scene: "196, 167, 255" },
    onTone: "#07120d",
    ring: "rgba(8, 14, 22, 0.9)",
    chosenRing: "rgba(255, 255, 255, 0.95)",
    hollow: "rgba(14, 22, 32, 0.85)",
    text: "#eef4fa",
    quiet: "#8a9bad",
    nameGround: "rgba(20, 30, 42, 0.78)",
    clusterGround: "rgba(24, 36, 50, 0.94)",
    clusterEdge: "rgba(143, 168, 194, 0.95)",
    accuracy: "rgba(143, 168, 194, 0.16)",
  },
  light: {
    tones: { available: "7, 98, 57", en_route: "138, 84, 0", at_scene: "88, 53, 168" },
    onTone: "#ffffff",
    ring: "rgba(255, 255, 255, 0.95)",
    chosenRing: "rgba(8, 14, 22, 0.95)",
    hollow: "rgba(255, 255, 255, 0.9)",
    text: "#0f1720",
    quiet: "#4a5a6a",
    nameGround: "rgba(255, 255, 255, 0.86)",
    clusterGround: "rgba(255, 255, 255, 0.96)",
    clusterEdge: "rgba(51, 66, 79, 0.95)",
    accuracy: "rgba(51, 66, 79, 0.12)",
  },
};
