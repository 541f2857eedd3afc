/** The code to read out to a caller who cannot find or open the text: asked for by a click, because each look is audited. */

import { html, nothing, type TemplateResult } from "lit-html";

import type { SessionSummary } from "../../signalling/messages";
import type { Desk } from "../desk";
import type { LinkCode } from "../rest";
import { hasEnded } from "../select";
import { spelled } from "../spelling";
import { may } from "../state";
import { expiresIn, failureLine, isBusy, panel } from "./pieces";

const USABLE: readonly string[] = ["queued", "sending", "sent", "delivered", "failed", "opened"];

/** While another browser may still open the link: its code, or the way to it. */
export function codeView(desk: Desk, session: SessionSummary): TemplateResult | typeof nothing {
  if (!isForCode(desk, session)) return nothing;
  const code = desk.local.codes[session.id];
  // A code of a link that was replaced meanwhile is nobody's.
  const isCurrent = code !== undefined && code.invitation_id === session.invitation?.id;
  return panel("Code to read out", isCurrent ? codeLines(code) : offer(desk, session), {
    name: "code", aside: isCurrent ? hideButton(desk, session) : showButton(desk, session),
  });
}

function isForCode(desk: Desk, session: SessionSummary): boolean {
  const { invitation } = session;
  if (invitation === null || hasEnded(session) || !may(desk.state, "link.send")) return false;
  const hasRunOut = invitation.state !== "opened" && (expiresIn(session, desk.now) ?? 0) <= 0;
  return USABLE.includes(invitation.state) && !hasRunOut;
}

function offer(desk: Desk, session: SessionSummary): TemplateResult {
  return html`<p class="quiet-text">For a caller who cannot find or open the text.</p>
    ${failureLine(desk, `code:${session.id}`)}`;
}

function showButton(desk: Desk, session: SessionSummary): TemplateResult {
  return html`<button type="button" class="button small" data-testid="show-code" ?disabled=${isBusy(desk, `code:${session.id}`)}
    title="Showing it is written to the audit" @click=${() => desk.acts.showCode(session.id)}>Show the code</button>`;
}

/** What to say, and the code with the words of the radio alphabet. */
function codeLines({ address, code }: LinkCode): TemplateResult {
  return html`<p class="code-say" data-testid="code-say">“Open the internet on your phone and go to <b>${address}</b>. Enter this code, then tap Continue.”</p>
    <div class="code" data-testid="code" role="group" aria-label=${`Code ${code}`}>
      ${spelled(code).map((group) => html`<ol class="code-group">
        ${group.map(({ character, word }) => html`<li><b>${character}</b><span>${word === character ? "" : word}</span></li>`)}
      </ol>`)}
    </div>`;
}

function hideButton(desk: Desk, session: SessionSummary): TemplateResult {
  return html`<button type="button" class="button small" data-testid="hide-code" @click=${() => desk.acts.hideCode(session.id)}>Hide</button>`;
}
