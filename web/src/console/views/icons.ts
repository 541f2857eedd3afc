/** The few signs of the console, drawn as lines of 16 x 16. They never stand without words or a label. */

import { html, svg, type SVGTemplateResult, type TemplateResult } from "lit-html";

const SHAPES = {
  copy: svg`<rect x="5.5" y="5.5" width="8" height="8" rx="1.5" /><path d="M10.5 3.5v-1h-8v8h1" />`,
  done: svg`<path d="m3 8.5 3.2 3.2L13 4.8" />`,
  expand: svg`<path d="M2.5 6v-3.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10" />`,
  plus: svg`<path d="M8 3v10M3 8h10" />`,
  minus: svg`<path d="M3 8h10" />`,
  close: svg`<path d="m3.5 3.5 9 9m0-9-9 9" />`,
  eye: svg`<path d="M1.5 8S4 3.8 8 3.8 14.5 8 14.5 8 12 12.2 8 12.2 1.5 8 1.5 8Z" /><circle cx="8" cy="8" r="1.9" />`,
  aim: svg`<circle cx="8" cy="8" r="4" /><path d="M8 1v3M8 12v3M1 8h3M12 8h3" />`,
  fit: svg`<path d="M2.5 5.5v-3h3M10.5 2.5h3v3M13.5 10.5v3h-3M5.5 13.5h-3v-3" /><circle cx="6" cy="9.5" r="1" /><circle cx="10" cy="6.5" r="1" />`,
  chat: svg`<path d="M2.5 3.5h11v7.5H7l-3 2.5V11H2.5z" />`,
  wall: svg`<rect x="2.5" y="2.5" width="4.5" height="4.5" /><rect x="9" y="2.5" width="4.5" height="4.5" /><rect x="2.5" y="9" width="4.5" height="4.5" /><rect x="9" y="9" width="4.5" height="4.5" />`,
  incident: svg`<rect x="2" y="2.5" width="7.5" height="6" rx="1" /><path d="M12 3.500h2M12 6.500h2M2 11.500h12M2 14h8" />`,
  one: svg`<rect x="2" y="3" width="12" height="10" rx="1" />`,
  sound: svg`<path d="M2.5 6v4h2.3L8.5 13V3L4.8 6zM11 5.8a3.2 3.2 0 0 1 0 4.4M12.8 4a5.6 5.6 0 0 1 0 8" />`,
  mute: svg`<path d="M2.5 6v4h2.3L8.5 13V3L4.8 6zM11 6.2l3.6 3.6m0-3.6L11 9.8" />`,
  mic: svg`<rect x="6" y="1.5" width="4" height="7.500" rx="2" /><path d="M3.500 7.500a4.500 4.500 0 0 0 9 0M8 12v2.500M5.500 14.500h5" />`,
  search: svg`<circle cx="7" cy="7" r="4.2" /><path d="m10.2 10.2 3.6 3.6" />`,
  warning: svg`<path d="M8 2.2 14.5 13.5h-13zM8 6.5v3.4M8 11.6v.4" />`,
  before: svg`<path d="M10 3 5 8l5 5" />`,
  after: svg`<path d="m6 3 5 5-5 5" />`,
  shield: svg`<path d="M8 1.8 13 3.6v4c0 3.2-2 5.3-5 6.6-3-1.3-5-3.4-5-6.6v-4zM8 5.5v5M5.5 8h5" />`,
  drone: svg`<circle cx="3.5" cy="3.5" r="2" /><circle cx="12.5" cy="3.5" r="2" /><circle cx="3.5" cy="12.5" r="2" /><circle cx="12.5" cy="12.5" r="2" /><path d="m5 5 6 6m0-6-6 6" />`,
  pin: svg`<path d="M6 2.5h4l-.5 4 2.5 2.5H4L6.5 6.5zM8 9v4.5" />`,
  blur: svg`<path d="M1.5 8S4 3.8 8 3.8 14.5 8 14.5 8 12 12.2 8 12.2 1.5 8 1.5 8ZM2.5 13.5l11-11" />`,
  keys: svg`<rect x="1.5" y="4" width="13" height="8.5" rx="1.2" /><path d="M4 6.7h.01M6.7 6.7h.01M9.300 6.7h.01M12 6.7h.01M5 10h6" />`,
  settings: svg`<path d="M2.5 4.5h6M11.5 4.5h2M2.5 11.5h2M7.5 11.5h6" /><circle cx="10" cy="4.5" r="1.5" /><circle cx="6" cy="11.5" r="1.5" />`,
  play: svg`<path d="M4.5 3v10l8-5z" />`,
} satisfies Record<string, SVGTemplateResult>;

/** One sign; it is decoration, its button carries the label. */
export function icon(name: keyof typeof SHAPES): TemplateResult {
  return html`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">${SHAPES[name]}</svg>`;
}
