/** A person's page of a meeting at /meeting/: fills #meeting. Its data is JSON in #page-data: {language, safe_mode, state}. */

import "../meeting/styles/meeting.scss";
import { MeetingApp } from "../meeting/app";
import { loadTexts } from "../meeting/texts";
import { readPageData } from "../public/page_data";
import type { MeetingState } from "../signalling/meetingmessages";

async function begin(host: HTMLElement): Promise<void> {
  const page = readPageData<MeetingState>();
  const texts = await loadTexts(page.language);
  new MeetingApp(host, page, texts).start();
}

const host = document.getElementById("meeting");
if (host !== null) void begin(host);
