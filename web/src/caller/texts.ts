/**
 * The words of the caller's page by language: one file each, all of the shape of the English one. The wording of the
 * consent itself comes from the server: it is versioned and approved there.
 */

import { cy } from "./texts/cy";
import { en, type Texts } from "./texts/en";
import { ur } from "./texts/ur";

export type { Texts };

/** The languages of the caller's page. */
export const LANGUAGES: Record<string, Texts> = { en, cy, ur };

/** The words for a language tag ("en", "en-GB", "cy"); English for any other. */
export function textsFor(language: string): Texts {
  return LANGUAGES[language.toLowerCase().split("-")[0] ?? "en"] ?? en;
}
