/** Reads what the server's template gave to the page's script. */

export interface PageData {
  /** Tag of the page's language, for example "en". */
  language: string;
}

/** The page's data; what is missing is taken from the document itself. */
export function readPageData(page: Document = document): PageData {
  const fallback = page.documentElement.lang === "" ? "en" : page.documentElement.lang;
  const text = page.getElementById("page-data")?.textContent ?? "{}";
  try {
    const data = JSON.parse(text) as Partial<PageData> | null;
    return { language: typeof data?.language === "string" ? data.language : fallback };
  } catch {
    return { language: fallback };
  }
}
