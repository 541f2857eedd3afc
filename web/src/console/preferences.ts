/** What a workstation remembers of its operator's habits: read with care, for a storage holds whatever it likes. */

/** system: as the workstation itself is set. */
export type Theme = "system" | "dark" | "light";

/** Which live pictures come first on the wall. */
export type WallRule = "mine" | "newest" | "unattended";

/** Numbers of pictures that a wall can have. */
export const PLACES = [1, 4, 9] as const;
export type Places = (typeof PLACES)[number];

/** How the wall is laid out. */
export interface WallChoice {
  places: Places;
  rule: WallRule;
  /** Sessions that keep the first places, in the order in which they were pinned. */
  pinned: readonly string[];
  page: number;
  hasMap: boolean;
}

/** Everything that is remembered. */
export interface Preferences {
  theme: Theme;
  /** New pictures are blurred until they are asked for. */
  blursNew: boolean;
  /** Shortcuts of one letter are on. Those with Alt always are. */
  singleKeys: boolean;
  /** 0 to 1. */
  volume: number;
  /** Signals that make no sound. */
  silenced: readonly string[];
  wall: WallChoice;
}

const KEY = "sightline.console.preferences";
const THEMES: readonly Theme[] = ["system", "dark", "light"];
const RULES: readonly WallRule[] = ["mine", "newest", "unattended"];
const MAX_PINNED = 9;

/** What holds on a workstation that remembers nothing. */
export const DEFAULTS: Preferences = {
  theme: "system", blursNew: true, singleKeys: true, volume: 0.6, silenced: [],
  wall: { places: 4, rule: "mine", pinned: [], page: 0, hasMap: true },
};

/** The kept preferences; what is missing or nonsense is as on a new workstation. */
export function readPreferences(storage: Storage | null): Preferences {
  const kept = recordOf(read(storage, KEY));
  const wall = recordOf(kept.wall);
  return {
    theme: oneOf(THEMES, kept.theme, DEFAULTS.theme),
    blursNew: typeof kept.blursNew === "boolean" ? kept.blursNew : DEFAULTS.blursNew,
    singleKeys: typeof kept.singleKeys === "boolean" ? kept.singleKeys : DEFAULTS.singleKeys,
    volume: typeof kept.volume === "number" ? Math.min(1, Math.max(0, kept.volume)) : DEFAULTS.volume,
    silenced: textsOf(kept.silenced),
    wall: {
      places: oneOf(PLACES, wall.places, DEFAULTS.wall.places),
      rule: oneOf(RULES, wall.rule, DEFAULTS.wall.rule),
      pinned: textsOf(wall.pinned).slice(-MAX_PINNED),
      page: 0,
      hasMap: typeof wall.hasMap === "boolean" ? wall.hasMap : DEFAULTS.wall.hasMap,
    },
  };
}

/** Keeps preferences; a storage that is full or forbidden only forgets them. */
export function keepPreferences(storage: Storage | null, preferences: Preferences): void {
  keep(storage, KEY, preferences);
}

const PICTURES_KEY = "sightline.console.pictures";

/** Which pictures this operator asked for in this window; nobody else's choice counts. */
export function readPictureChoices(storage: Storage | null, userId: string): Record<string, boolean> {
  const kept = recordOf(read(storage, PICTURES_KEY));
  const choices = kept.userId === userId ? recordOf(kept.choices) : {};
  return Object.fromEntries(Object.entries(choices).filter((one): one is [string, boolean] => typeof one[1] === "boolean"));
}

/** Keeps the choices for as long as the window is open. */
export function keepPictureChoices(storage: Storage | null, userId: string, choices: Record<string, boolean>): void {
  keep(storage, PICTURES_KEY, { userId, choices });
}

/** The theme to draw in, where the workstation itself is set to light or dark. */
export function themeOf(theme: Theme, isSystemLight: boolean): "dark" | "light" {
  if (theme === "system") return isSystemLight ? "light" : "dark";
  return theme;
}

function keep(storage: Storage | null, key: string, value: unknown): void {
  try {
    storage?.setItem(key, JSON.stringify(value));
  } catch {
    // Nothing depends on it.
  }
}

function read(storage: Storage | null, key: string): unknown {
  try {
    return JSON.parse(storage?.getItem(key) ?? "null");
  } catch {
    return null;
  }
}

function oneOf<T>(choices: readonly T[], kept: unknown, otherwise: T): T {
  return choices.find((choice) => choice === kept) ?? otherwise;
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
