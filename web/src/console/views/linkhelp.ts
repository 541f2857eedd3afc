/** When a link does not arrive or does not open: once more, to another number, or by e-mail. */

import { html, nothing, type TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";

import type { SessionSummary } from "../../signalling/messages";
import type { Desk, RedirectDraft } from "../desk";
import { failureLine, isBusy } from "./pieces";

const RESENDABLE: readonly string[] = ["sent", "delivered", "failed"];
const READABLE: readonly string[] = [...RESENDABLE, "queued", "sending", "opened"];

/** The ways out, in the order in which they are tried. A new link makes the one before void. */
export function linkHelp(desk: Desk, session: SessionSummary): TemplateResult | typeof nothing {
  const { invitation } = session;
  if (invitation === null || session.state === "live") return nothing;
  const draft = desk.local.redirects[session.id];
  const open = (kind: RedirectDraft["kind"]): void => write(desk, session.id, { kind, text: "" });
  return html`<div class="link-help" data-testid="link-help">
    <div class="button-row">
      ${RESENDABLE.includes(invitation.state)
        ? html`<button type="button" class="button small" data-testid="resend" title="The same link in another message" ?disabled=${isBusy(desk, `invitation:${session.id}`)}
            @click=${() => desk.acts.resend(session.id)}>Send again</button>`
        : nothing}
      <button type="button" class="button small" data-testid="other-number" aria-expanded=${draft?.kind === "phone"} @click=${() => open("phone")}>Other number…</button>
      <button type="button" class="button small" data-testid="by-email" aria-expanded=${draft?.kind === "email"} @click=${() => open("email")}>By e-mail…</button>
      ${READABLE.includes(invitation.state)
        ? html`<button type="button" class="button small" data-testid="read-code" title="Showing it is written to the audit" ?disabled=${isBusy(desk, `code:${session.id}`)}
            @click=${() => desk.acts.showCode(session.id)}>Read out the code</button>`
        : nothing}
    </div>
    ${draft === undefined ? nothing : redirectForm(desk, session, draft)}
    ${failureLine(desk, `invitation:${session.id}`)} ${failureLine(desk, `code:${session.id}`)}
  </div>`;
}

function redirectForm(desk: Desk, session: SessionSummary, draft: RedirectDraft): TemplateResult {
  const isPhone = draft.kind === "phone";
  const submit = (event: Event): void => {
    event.preventDefault();
    desk.acts.redirect(session.id);
  };
  return html`<form class="redirect" novalidate @submit=${submit}>
    <label class="field"><span>${isPhone ? "Other mobile" : "E-mail address"} <small>a new link; the one before stops working</small></span>
      <input type=${isPhone ? "tel" : "email"} autocomplete="off" spellcheck="false" maxlength="254" data-testid="redirect-to" .value=${live(draft.text)}
        @input=${(event: Event) => write(desk, session.id, { ...draft, text: (event.target as HTMLInputElement).value })}></label>
    <button type="submit" class="button primary" data-testid="redirect-send"
      ?disabled=${draft.text.trim() === "" || isBusy(desk, `invitation:${session.id}`)}>Send new link</button>
  </form>`;
}

function write(desk: Desk, sessionId: string, draft: RedirectDraft): void {
  desk.acts.local({ redirects: { ...desk.local.redirects, [sessionId]: draft } });
}
