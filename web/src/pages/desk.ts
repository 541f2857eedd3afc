/** The desk of one consultation at /consultations/<id>/: fills #desk. */

import "../desk/styles/desk.css";
import { ProofDialog } from "../console/proof";
import { Rest } from "../console/rest";
import { DeskApp } from "../desk/desk";
import { readDeskPage } from "../desk/pagedata";

const host = document.getElementById("desk");
if (host !== null) {
  const rest = new Rest();
  const dialog = new ProofDialog((proof) => rest.giveProof(proof));
  rest.prover = () => dialog.ask();
  host.replaceChildren();
  new DeskApp(host, readDeskPage(), rest).start();
}
