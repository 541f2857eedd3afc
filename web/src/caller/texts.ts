/**
 * The words of the caller's page by language: one file each, all of the shape of the English one, and only the one that
 * is needed is loaded. The wording of the consent itself comes from the server: it is versioned and approved there.
 */

import type { Texts } from "./texts/en";

export type { Texts };

/** How the words of each language of the caller's page are loaded. */
export const LANGUAGES: Readonly<Record<string, () => Promise<Texts>>> = {
  en: async () => (await import("./texts/en")).en,
  cy: async () => (await import("./texts/cy")).cy,
  ur: async () => (await import("./texts/ur")).ur,
};

const DEFAULT = "en";

/** The page's language for a tag ("en-GB" is "en"); English for any that it has no words in. */
export function pageLanguage(tag: string): string {
  const [base = DEFAULT] = tag.toLowerCase().split("-");
  return Object.keys(LANGUAGES).includes(base) ? base : DEFAULT;
}

/** Load the words for a language tag; English for any other. Throws what `import` throws without a line. */
export async function loadTexts(tag: string): Promise<Texts> {
  const load = LANGUAGES[pageLanguage(tag)];
  return load === undefined ? (await import("./texts/en")).en : load();
}
