/** Reads what the server's template gave to the page's script. */

export interface PageData {
  /** Tag of the page's language, for example "en". */
  language: string;
  /** Somebody who must not know may see the screen. */
  isSafe: boolean;
}

/** The page's data; what is missing is taken from the document itself. */
export function readPageData(page: Document = document): PageData {
  const fallback = page.documentElement.lang === "" ? "en" : page.documentElement.lang;
  const text = page.getElementById("page-data")?.textContent ?? "{}";
  try {
    const data = JSON.parse(text) as { language?: unknown; safe_mode?: unknown } | null;
    const language = typeof data?.language === "string" ? data.language : fallback;
    return { language, isSafe: data?.safe_mode === true };
  } catch {
    return { language: fallback, isSafe: false };
  }
}
