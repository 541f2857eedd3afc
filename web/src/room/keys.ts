/** Single keys of the call. Off while somebody types, and with any modifier: browsers and screen readers have those. */

export type CallKey = "mute" | "camera" | "hand" | "chat";

const KEYS: Readonly<Record<string, CallKey>> = { m: "mute", v: "camera", h: "hand", c: "chat" };
const TYPING = "input:not([type=checkbox]):not([type=radio]):not([type=button]), textarea, select, [contenteditable=true]";

/** What a key asks for; null for nothing of ours. */
export function callKey(event: KeyboardEvent): CallKey | null {
  if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || event.repeat || event.defaultPrevented) return null;
  const target = event.target instanceof Element ? event.target : null;
  if (target?.closest(TYPING) != null) return null;
  return KEYS[event.key.toLowerCase()] ?? null;
}

/** What a key does in a call. */
export interface KeyActs {
  own: { toggleMute(): void; toggleCamera(): void; toggleHand(): void };
  readonly open: (panel: "chat") => void;
  isPrivate: boolean;
}

/** Do what was pressed; returns whether it was something of ours. */
export function pressKey(call: KeyActs, event: KeyboardEvent): boolean {
  const key = callKey(event);
  if (key === null || (call.isPrivate && (key === "hand" || key === "chat"))) return false;
  event.preventDefault();
  if (key === "mute") call.own.toggleMute();
  else if (key === "camera") call.own.toggleCamera();
  else if (key === "hand") call.own.toggleHand();
  else call.open("chat");
  return true;
}
