/**
 * The words of the caller's page by language: one file each, all of the shape of the English one. The wording of the
 * consent itself comes from the server: it is versioned and approved there.
 */

import { en, type Texts } from "./texts/en";

export type { Texts };

const LANGUAGES: Record<string, Texts> = { en };

/** The words for a language tag ("en", "en-GB", "cy"); English where there are none yet. */
export function textsFor(language: string): Texts {
  return LANGUAGES[language.toLowerCase().split("-")[0] ?? "en"] ?? en;
}
