/** The operator's console at /: fills #console. */

import "../console/styles/console.css";
import { Console } from "../console/app";
import { loadStart } from "../console/pagedata";
import { errorPhrase } from "../console/phrases";
import { ProofDialog } from "../console/proof";
import { ApiError, Rest } from "../console/rest";

/** Time until a start that failed is tried again, in ms. */
const RETRY_MS = 3_000;

/** Starts the console; while Sightline does not answer, says so and tries again. */
async function start(host: HTMLElement, rest: Rest): Promise<void> {
  try {
    const { page, me } = await loadStart(rest);
    host.replaceChildren();
    new Console(host, page, me, rest).start();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const notice = document.createElement("p");
    notice.className = "starting";
    notice.setAttribute("role", "alert");
    notice.textContent = errorPhrase(error.code, error.message);
    host.replaceChildren(notice);
    setTimeout(() => void start(host, rest), RETRY_MS);
  }
}

const host = document.getElementById("console");
if (host !== null) {
  const rest = new Rest();
  const dialog = new ProofDialog((proof) => rest.giveProof(proof));
  rest.prover = () => dialog.ask();
  void start(host, rest);
}
