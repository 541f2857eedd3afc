/** The words of a person's page by language: four files each, all of the shape of the English ones, loaded when needed. */

import type { CallTexts } from "../room/texts";
import type { LobbyTexts } from "./texts/en/lobby";

/** All the words of one language. */
export type MeetingTexts = CallTexts & { lobby: LobbyTexts };

/** How the words of each language are loaded. */
export const LANGUAGES: Readonly<Record<string, () => Promise<MeetingTexts>>> = {
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
export async function loadTexts(tag: string): Promise<MeetingTexts> {
  const load = LANGUAGES[pageLanguage(tag)];
  return load === undefined ? (await import("./texts/en")).en : load();
}
