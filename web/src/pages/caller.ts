/** The caller's page at /live/: fills #caller. Its data is JSON in #page-data: {language, safe_mode}. */

import "../styles/caller.scss";
import { CallerApp } from "../caller/app";
import { readPageData } from "../caller/page_data";

const host = document.getElementById("caller");
if (host !== null) new CallerApp(host, readPageData()).start();
