/** An outside agency's live page at /agency/live/: fills #agency. Its data is JSON in #page-data. */

import "../agency/styles/agency.css";
import { AgencyApp, type AgencyPageData } from "../agency/app";

const host = document.getElementById("agency");
if (host !== null) {
  const page = JSON.parse(document.getElementById("page-data")?.textContent ?? "{}") as AgencyPageData;
  new AgencyApp(host, page).start();
}
