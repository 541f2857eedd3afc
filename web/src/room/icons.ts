/** The signs of a call's controls, drawn as lines of 24 x 24. They never stand without words. */

import { html, svg, type SVGTemplateResult, type TemplateResult } from "lit-html";

const SHAPES = {
  microphone: svg`<rect x="9" y="3" width="6" height="11" rx="3" /><path d="M5.5 11.500a6.500 6.500 0 0 0 13 0M12 18v3M8.500 21h7" />`,
  microphone_off: svg`<path d="M9 6a3 3 0 0 1 6 0v5m-1.500 2.600A3 3 0 0 1 9 11V9M5.500 11.500a6.500 6.500 0 0 0 10.400 5.200M18.500 11.500a6.500 6.500 0 0 1-.5 2.500M12 18v3M8.500 21h7M4 3l16 18" />`,
  camera: svg`<rect x="3" y="6.500" width="12" height="11" rx="2" /><path d="m15 11 6-3.500v9L15 13" />`,
  camera_off: svg`<path d="M8.500 6.500H13a2 2 0 0 1 2 2V11l6-3.500v9l-3-1.750M15 15.500a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2v-7a2 2 0 0 1 1.500-1.940M4 3l16 18" />`,
  hand: svg`<path d="M7 12V6a1.500 1.500 0 0 1 3 0v4-6a1.500 1.500 0 0 1 3 0v6-5a1.500 1.500 0 0 1 3 0v6-3a1.500 1.500 0 0 1 3 0v6a7 7 0 0 1-7 7h-1c-2.500 0-4-1.200-5.200-3.300L3.600 13.300a1.500 1.500 0 0 1 2.500-1.600z" />`,
  screen: svg`<rect x="3" y="4.500" width="18" height="12" rx="1.500" /><path d="M8.500 20.500h7M12 16.500v4M12 13.500v-6m-3 2.700 3-2.700 3 2.700" />`,
  chat: svg`<path d="M4 5h16v11h-9l-4.500 4V16H4z" />`,
  people: svg`<circle cx="9" cy="8.500" r="3.500" /><path d="M2.500 19.500a6.500 6.500 0 0 1 13 0M16 5.300a3.500 3.500 0 0 1 0 6.400M18 14.300a6.500 6.500 0 0 1 3.500 5.200" />`,
  files: svg`<path d="M6 3h8l4 4v14H6zM14 3v4h4" />`,
  more: svg`<path d="M5 12h.01M12 12h.01M19 12h.01" />`,
  leave: svg`<path d="M3 14.500c5-5 13-5 18 0l-2.200 2.200-3.600-1.700v-2.500a12 12 0 0 0-6.400 0V15l-3.600 1.700z" />`,
} satisfies Record<string, SVGTemplateResult>;

export type RoomIcon = keyof typeof SHAPES;

/** One sign; it is decoration, its button carries the words. */
export function roomIcon(name: RoomIcon): TemplateResult {
  return html`<svg class="room-icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">${SHAPES[name]}</svg>`;
}
