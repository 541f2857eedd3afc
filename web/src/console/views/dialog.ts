/** The frame of a small dialog: a title, a way out, and what it is about. */

import { html, type TemplateResult } from "lit-html";

import type { Desk } from "../desk";
import { icon } from "./icons";

/** A dialog about the console itself. Escape and the cross close it; the browser keeps the focus inside. */
export function dialogView(desk: Desk, { title, testId }: { title: string; testId: string }, body: TemplateResult): TemplateResult {
  const close = (): void => desk.acts.openDialog(null);
  return html`<dialog class="sheet small-sheet" aria-labelledby="dialog-title" data-testid=${testId}
    @cancel=${(event: Event) => { event.preventDefault(); close(); }}>
    <header class="sheet-head"><h2 id="dialog-title">${title}</h2><span class="spacer"></span>
      <button type="button" class="icon-button" aria-label="Close" title="Close" data-testid="close-dialog" @click=${close}>${icon("close")}</button>
    </header>
    <div class="small-sheet-body">${body}</div>
  </dialog>`;
}
