/** The languages of callers, as an operator names them. */

/** Tag and English name of each, in the order in which they are offered. */
export const CALLER_LANGUAGES = [
  { tag: "en", name: "English" },
  { tag: "cy", name: "Welsh" },
  { tag: "ur", name: "Urdu" },
] as const;

/** A language in English; a tag that is not offered stays a tag. */
export function languageWord(tag: string): string {
  return CALLER_LANGUAGES.find((language) => language.tag === tag)?.name ?? tag;
}
