import { describe, expect, it } from "vitest";
import { readPageData } from "./page_data";

function page(html: string): Document {
  return new DOMParser().parseFromString(`<!doctype html><html lang="cy"><body>${html}</body></html>`, "text/html");
}

describe("readPageData", () => {
  it("test_page_with_data_gives_its_language", () => {
    const data = '<script type="application/json" id="page-data">{"language":"en"}</script>';
    expect(readPageData(page(data)).language).toBe("en");
  });

  it.each(["", '<script type="application/json" id="page-data">{oops</script>', '<p id="page-data">null</p>'])(
    "test_page_with_%j_falls_back_to_its_own_language",
    (html) => {
      expect(readPageData(page(html)).language).toBe("cy");
    },
  );
});
