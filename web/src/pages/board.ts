/** The board of consultations at /consultations/: fills #board. */

import "../desk/styles/board.css";
import { ProofDialog } from "../console/proof";
import { Rest } from "../console/rest";
import { BoardApp } from "../desk/board";
import { readDeskPage } from "../desk/pagedata";

const host = document.getElementById("board");
if (host !== null) {
  const rest = new Rest();
  const dialog = new ProofDialog((proof) => rest.giveProof(proof));
  rest.prover = () => dialog.ask();
  host.replaceChildren();
  new BoardApp(host, readDeskPage(), rest).start();
}
