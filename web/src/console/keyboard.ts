/** The keys of the console. Letters alone are for who wants them, and never while somebody types. Pure. */

/** What a key can do. */
export type KeyAct =
  | "new" | "wall" | "incident" | "search" | "chat" | "help" | "settings" | "picture" | "list" | "stage" | "map" | "theme"
  | "one" | "four" | "nine" | "pin" | "before" | "after" | "talk" | "fleet";

/** One line of the list of keys. */
export interface Shortcut {
  act: KeyAct;
  /** As it is written on the keyboard. */
  keys: string;
  label: string;
}

/** Keys with Alt: always on. */
export const ALT_KEYS: Readonly<Record<string, Shortcut>> = {
  KeyN: { act: "new", keys: "Alt+N", label: "New incident" },
  KeyW: { act: "wall", keys: "Alt+W", label: "Session or wall" },
  KeyI: { act: "incident", keys: "Alt+I", label: "Session, or its whole incident" },
  KeyS: { act: "search", keys: "Alt+S", label: "Search past sessions" },
  KeyA: { act: "fleet", keys: "Alt+A", label: "Drones (aircraft) and their flights" },
  KeyC: { act: "chat", keys: "Alt+C", label: "Write to the caller" },
  KeyB: { act: "picture", keys: "Alt+B", label: "Blur the picture, or show it" },
  KeyK: { act: "help", keys: "Alt+K", label: "This list" },
};

/** Keys alone, by what they write: off in a field, and off altogether where the operator wants it. */
export const SINGLE_KEYS: Readonly<Record<string, Shortcut>> = {
  "?": { act: "help", keys: "?", label: "This list" },
  ",": { act: "settings", keys: ",", label: "Settings" },
  b: { act: "picture", keys: "B", label: "Blur the picture, or show it" },
  l: { act: "list", keys: "L", label: "To the list of sessions" },
  s: { act: "stage", keys: "S", label: "To the picture, or to the wall" },
  i: { act: "incident", keys: "I", label: "Session, or its whole incident" },
  m: { act: "map", keys: "M", label: "To the map" },
  v: { act: "talk", keys: "V", label: "Held down: speak to the officer" },
  "1": { act: "one", keys: "1", label: "Wall of one picture" },
  "4": { act: "four", keys: "4", label: "Wall of four" },
  "9": { act: "nine", keys: "9", label: "Wall of nine" },
  p: { act: "pin", keys: "P", label: "Pin the picture with the focus, or let it go" },
  "[": { act: "before", keys: "[", label: "Page of the wall before" },
  "]": { act: "after", keys: "]", label: "Next page of the wall" },
  t: { act: "theme", keys: "T", label: "Dark or light" },
};

/** The part of a key press that counts. */
export type KeyPress = Pick<KeyboardEvent, "key" | "code" | "altKey" | "ctrlKey" | "metaKey" | "target">;

/** What a key press asks for, or null. */
export function keyAct(press: KeyPress, usesSingleKeys: boolean): KeyAct | null {
  if (press.ctrlKey || press.metaKey) return null;
  if (press.altKey) return ALT_KEYS[press.code]?.act ?? null;
  if (!usesSingleKeys || isTyping(press.target)) return null;
  return SINGLE_KEYS[press.key.toLowerCase()]?.act ?? null;
}

/** Whether what has the focus takes letters. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.closest("input, textarea, select, [contenteditable]") !== null;
}

/** The row or tile that an arrow key leads to from `index` among `count` in `columns`; null when the key leads nowhere. */
export function rovingTarget(key: string, index: number, count: number, columns = 1): number | null {
  if (index < 0 || count === 0) return null;
  const steps: Record<string, number> = { ArrowDown: columns, ArrowUp: -columns, Home: -index, End: count - 1 - index };
  if (columns > 1) Object.assign(steps, { ArrowRight: 1, ArrowLeft: -1 });
  const step = steps[key];
  return step === undefined ? null : Math.min(Math.max(index + step, 0), count - 1);
}
