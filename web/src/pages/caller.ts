/** The caller's page at /live/: fills #caller. Its data is JSON in #page-data: {language, safe_mode, state}. */

import "../styles/caller.scss";
import { CallerApp } from "../caller/app";
import { readPageData } from "../public/page_data";
import { loadTexts } from "../caller/texts";
import type { CallerState } from "../signalling/messages";

async function begin(host: HTMLElement): Promise<void> {
  const page = readPageData<CallerState>();
  const texts = await loadTexts(page.language);
  new CallerApp(host, page, texts).start();
}

const host = document.getElementById("caller");
if (host !== null) void begin(host);
