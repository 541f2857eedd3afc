/** People who ask for another time. Saying "moved" moves nothing by itself: the officer changes the booking. */

import { html, nothing, type TemplateResult } from "lit-html";

import { dayAndTime } from "../meeting/when";
import type { MoveView } from "../signalling/deskmessages";

/** What the card does. */
export interface MoveActs {
  readonly answer: (move: MoveView, answer: "moved" | "kept") => void;
  /** Give the consultation another time. */
  readonly change: () => void;
  failure: string | null;
}

/** The requests that stand; nothing while there are none. */
export function movesView(moves: readonly MoveView[], acts: MoveActs): TemplateResult | typeof nothing {
  const open = moves.filter((move) => move.answer === "");
  if (open.length === 0) return nothing;
  return html`<section class="card card-moves" aria-labelledby="moves-title" data-testid="moves"><h2 id="moves-title">Asks for another time</h2>
    <ul>${open.map((move) => html`<li data-testid="move"><p><b><bdi>${move.name}</bdi></b>, ${dayAndTime(move.asked_at, "en-GB")}</p><p><bdi>${move.text}</bdi></p>
      <div class="card-acts"><button type="button" class="button primary" data-testid="move-change" @click=${() => acts.change()}>Change the time</button>
        <button type="button" class="button" data-testid="move-moved" @click=${() => acts.answer(move, "moved")}>Is moved</button>
        <button type="button" class="button" data-testid="move-kept" @click=${() => acts.answer(move, "kept")}>Stays as it is</button></div></li>`)}</ul>
    ${acts.failure === null ? nothing : html`<p class="failure" role="alert">${acts.failure}</p>`}</section>`;
}
