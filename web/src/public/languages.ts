/** Marks text that is in another language than its page: how it is read out, and from which side it is written. */

const FROM_THE_RIGHT = new Set(["ar", "fa", "ur"]);

/** Set language and direction of an element; returns it. */
export function inLanguage<E extends HTMLElement>(element: E, language: string): E {
  element.lang = language;
  element.dir = FROM_THE_RIGHT.has(language.toLowerCase().split("-")[0] ?? "") ? "rtl" : "ltr";
  return element;
}
