/** The desk of one consultation at /consultations/<id>/: fills #desk. */

import "../desk/styles/desk.css";
import { ProofDialog } from "../console/proof";
import { Rest } from "../console/rest";
import { DeskApp } from "../desk/desk";
import { loadTexts } from "../meeting/texts";
import { readDeskPage } from "../desk/pagedata";

async function begin(host: HTMLElement): Promise<void> {
  const rest = new Rest();
  const dialog = new ProofDialog((proof) => rest.giveProof(proof));
  rest.prover = () => dialog.ask();
  // The room's words are those of a person's page, which loads them by language: officers read English.
  const texts = await loadTexts("en");
  host.replaceChildren();
  new DeskApp(host, readDeskPage(), rest, texts).start();
}

const host = document.getElementById("desk");
if (host !== null) void begin(host);
