/** The operator's console at /: fills #console. Its data is JSON in #page-data: {map_tiles_url, force, me}. */

import "../console/styles/console.css";
import { Console } from "../console/app";
import { readPageData } from "../console/pagedata";

const host = document.getElementById("console");
if (host !== null) {
  const { page, me } = readPageData();
  host.replaceChildren();
  new Console(host, page, me).start();
}
