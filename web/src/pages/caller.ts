/** The caller's page at /live/: fills #caller. Its data is JSON in #page-data: {language, safe_mode, state}. */

import "../styles/caller.scss";
import { CallerApp } from "../caller/app";
import { readPageData } from "../caller/page_data";
import { loadTexts } from "../caller/texts";

async function begin(host: HTMLElement): Promise<void> {
  const page = readPageData();
  const texts = await loadTexts(page.language);
  new CallerApp(host, page, texts).start();
}

const host = document.getElementById("caller");
if (host !== null) void begin(host);
