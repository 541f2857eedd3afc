/** Reads what the server's template gave to the page's script. */

/** S: what the page's socket says first. */
export interface PageData<S> {
  /** Tag of the page's language, for example "en". */
  language: string;
  /** Somebody who must not know may see the screen. */
  isSafe: boolean;
  /** What the server knew when it made the page; the socket says it again. Null: wait for the socket. */
  state: S | null;
}

/** The page's data; what is missing is taken from the document itself. */
export function readPageData<S>(page: Document = document): PageData<S> {
  const fallback = page.documentElement.lang === "" ? "en" : page.documentElement.lang;
  const text = page.getElementById("page-data")?.textContent ?? "{}";
  try {
    const data = JSON.parse(text) as { language?: unknown; safe_mode?: unknown; state?: S } | null;
    const language = typeof data?.language === "string" ? data.language : fallback;
    return { language, isSafe: data?.safe_mode === true, state: data?.state ?? null };
  } catch {
    return { language: fallback, isSafe: false, state: null };
  }
}
