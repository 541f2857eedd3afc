/** Builds page elements from data; text is always text, never HTML. */

type Child = Node | string | null;

interface Properties {
  class?: string;
  id?: string;
  /** Attributes; false leaves one out. */
  attributes?: Record<string, string | boolean>;
  onClick?: () => void;
}

/** Make one element, for example `el("p", { class: "hint" }, "Some words")`. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Properties = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (properties.class !== undefined) element.className = properties.class;
  if (properties.id !== undefined) element.id = properties.id;
  for (const [name, value] of Object.entries(properties.attributes ?? {})) {
    if (value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  if (properties.onClick !== undefined) element.addEventListener("click", properties.onClick);
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** The heading of a screen: it takes the focus when its screen appears, so that a screen reader begins there. */
export function heading(text: string): HTMLHeadingElement {
  return el("h1", { class: "govuk-heading-l", attributes: { tabindex: "-1" } }, text);
}

const KINDS = {
  primary: "govuk-button",
  secondary: "govuk-button govuk-button--secondary",
  stop: "govuk-button govuk-button--warning button-stop",
} as const;

/** A paragraph in GOV.UK's body type. */
export function paragraph(...words: Child[]): HTMLParagraphElement {
  return el("p", { class: "govuk-body" }, ...words);
}

/** What leads on from a screen: it stays at the bottom of the window, so that nobody has to look for it. */
export function wayOn(...controls: HTMLElement[]): HTMLElement {
  return el("div", { class: "way-on" }, ...controls);
}

/** A button. Kinds: `primary` the way on, `secondary` another way, `stop` ends everything. */
export function button(
  text: string,
  onClick: () => void,
  kind: keyof typeof KINDS = "primary",
): HTMLButtonElement {
  return el("button", { class: KINDS[kind], attributes: { type: "button" }, onClick }, text);
}

/** Set a text only when it changed: a live region that is written again is read out again. */
export function setText(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** Show or hide without taking out of the page. */
export function setShown(element: HTMLElement, isShown: boolean): void {
  element.hidden = !isShown;
}
