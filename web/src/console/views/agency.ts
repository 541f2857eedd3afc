/** Sharing with an outside agency: what stands, who of it waits or watches, the keys, the end; and the form that begins it. */

import { html, nothing, type TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";

import type { AgencyMessageView, AgencyShareView, AgencyViewerView, SessionSummary } from "../../signalling/messages";
import { KINDS, missingOf, PURPOSES, type AgencyDraft } from "../agencydraft";
import type { Desk } from "../desk";
import { incidentName } from "../select";
import { may } from "../state";
import { clock } from "../times";
import { icon } from "./icons";
import { copyButton, failureLine, isBusy } from "./pieces";

/** Times for which a picture is shared, in minutes. */
const MINUTES: readonly (readonly [number, string])[] = [[15, "15 minutes"], [30, "30 minutes"], [60, "1 hour"], [120, "2 hours"], [240, "4 hours"], [720, "12 hours"]];
const MOST_VIEWERS = 10;
/** A code is good for so long, in ms. */
const CODE_MS = 600_000;
const SENDING: Readonly<Record<AgencyMessageView["state"], string>> = {
  queued: "on its way", sending: "on its way", sent: "sent", delivered: "delivered", failed: "NOT delivered",
};

/** The agencies that may watch a session. */
export function agencySharesView(desk: Desk, session: SessionSummary): TemplateResult[] {
  return session.agencies.map((share) => shareView(desk, session, share));
}

function shareView(desk: Desk, session: SessionSummary, share: AgencyShareView): TemplateResult {
  const watching = share.viewers.filter((viewer) => viewer.is_watching).length;
  return html`<div class="share-line" data-testid="agency-line" data-share-id=${share.id}>
    <p><b>Shared with ${share.agency}</b> until ${clock(share.ends_at)}: ${share.purpose}</p>
    <p class="quiet-text">${KINDS[share.kind]} · ${share.contact_name}, ${share.contact_phone_masked} · ${watching} of ${share.most_viewers} watching</p>
    ${share.link_message === null ? nothing : html`<p class="quiet-text" data-testid="agency-email">E-mail to ${share.contact_email_masked}: ${sending(share.link_message)}</p>`}
    ${share.viewers.length === 0 ? html`<p class="quiet-text">Nobody has opened the link yet</p>`
      : html`<ul class="agency-viewers">${share.viewers.map((viewer) => viewerView(desk, session, share, viewer))}</ul>`}
    ${failureLine(desk, `agency:${share.id}`)}
    ${may(desk.state, "share.grant") ? buttons(desk, session, share) : nothing}
  </div>`;
}

function sending({ state, failure_reason }: AgencyMessageView): string {
  return failure_reason === "" ? SENDING[state] : `${SENDING[state]} (${failure_reason.replace(/[_-]+/g, " ")})`;
}

function viewerView(desk: Desk, session: SessionSummary, share: AgencyShareView, viewer: AgencyViewerView): TemplateResult {
  if (viewer.verified_at !== null) {
    return html`<li data-testid="agency-viewer">${icon("eye")}<b>${viewer.name}</b> <span class="quiet-text">${viewer.is_watching ? "is watching" : "was let in, is not watching"}</span>
      ${dismissButton(desk, session, share, viewer)}</li>`;
  }
  const code = desk.local.agencyCodes[viewer.id];
  const isBusyNow = isBusy(desk, `agency:${share.id}`) || !may(desk.state, "share.grant");
  return html`<li data-testid="agency-viewer"><b>${viewer.name}</b> <span class="quiet-text">waits with the code: ${codeState(viewer, desk.now)}</span>
    ${code === undefined || Date.parse(code.expires_at) <= desk.now
      ? html`<span class="button-row"><button type="button" class="button small" data-testid="agency-read-code" ?disabled=${isBusyNow} title="Showing it is written to the audit"
            @click=${() => desk.acts.readAgencyCode(session.id, share.id, viewer.id)}>Read out the code</button>
          <button type="button" class="button small" data-testid="agency-resend" ?disabled=${isBusyNow}
            @click=${() => desk.acts.resendAgencyCode(session.id, share.id, viewer.id)}>Send a new code</button></span>`
      : html`<p class="agency-code">“Your code is <b data-testid="agency-code">${code.code.slice(0, 3)} ${code.code.slice(3)}</b>” <span class="quiet-text">until ${clock(code.expires_at)}</span></p>`}
    ${dismissButton(desk, session, share, viewer)}</li>`;
}

/** Ends it for one of them: one click, and one to confirm. */
function dismissButton(desk: Desk, session: SessionSummary, share: AgencyShareView, { id, name }: AgencyViewerView): TemplateResult | typeof nothing {
  if (!may(desk.state, "share.grant")) return nothing;
  if (desk.local.agencyEndingId !== id) {
    return html`<button type="button" class="button small danger-quiet" data-testid="agency-dismiss" ?disabled=${!desk.state.isSynced}
      aria-label=${`End it for ${name}`} @click=${() => desk.acts.local({ agencyEndingId: id })}>End it for them</button>`;
  }
  return html`<button type="button" class="button small danger" data-testid="agency-dismiss-sure" ?disabled=${!desk.state.isSynced}
      title="They can come back with a new code only" @click=${() => desk.acts.dismissAgencyViewer(session.id, share.id, id)}>End it for ${name}</button>
    <button type="button" class="button small" @click=${() => desk.acts.local({ agencyEndingId: null })}>Let them watch</button>`;
}

function codeState({ code_message, code_made_at }: AgencyViewerView, now: number): string {
  if (code_made_at !== null && now - Date.parse(code_made_at) > CODE_MS) return "too old";
  return code_message === null ? "not sent" : `text ${sending(code_message)}`;
}

function buttons(desk: Desk, session: SessionSummary, share: AgencyShareView): TemplateResult {
  const link = desk.local.agencyLinks[share.id];
  return html`${link === undefined ? nothing : html`<div class="agency-link"><input readonly data-testid="agency-link" aria-label="Link for ${share.agency}" .value=${link}
      @focus=${(event: Event) => (event.target as HTMLInputElement).select()} />${copyButton(desk, link, "Copy the link", "agency-copy")}</div>`}
    <div class="button-row">
      ${link === undefined
        ? html`<button type="button" class="button small" data-testid="agency-show-link" ?disabled=${isBusy(desk, `agency:${share.id}`)} title="Showing it is written to the audit"
            @click=${() => desk.acts.showAgencyLink(session.id, share.id)}>Show the link</button>`
        : html`<button type="button" class="button small" @click=${() => desk.acts.hideAgencyLink(share.id)}>Hide the link</button>`}
      ${endButton(desk, session, share)}
    </div>`;
}

/** One click, and one to confirm. */
function endButton(desk: Desk, session: SessionSummary, share: AgencyShareView): TemplateResult {
  if (desk.local.agencyEndingId !== share.id) {
    return html`<button type="button" class="button small danger-quiet" data-testid="agency-revoke" ?disabled=${!desk.state.isSynced}
      aria-label=${`End sharing with ${share.agency}`} @click=${() => desk.acts.local({ agencyEndingId: share.id })}>End sharing</button>`;
  }
  return html`<button type="button" class="button small danger" data-testid="agency-revoke-sure" ?disabled=${!desk.state.isSynced}
      @click=${() => desk.acts.revokeAgency(session.id, share.id)}>End it now</button>
    <button type="button" class="button small" @click=${() => desk.acts.local({ agencyEndingId: null })}>Keep sharing</button>`;
}

/** The dialog's second part: what stands, and the form. */
export function agencyTab(desk: Desk, session: SessionSummary, tabs: TemplateResult): TemplateResult {
  const draft = desk.local.agency;
  const missing = missingOf(draft);
  const isReady = missing === null && desk.state.isSynced && !isBusy(desk, "agency");
  const send = (event: Event): void => {
    event.preventDefault();
    if (isReady) desk.acts.sendAgency();
  };
  return html`<dialog class="sheet small-sheet" aria-labelledby="share-title" data-testid="share-dialog"
    @cancel=${(event: Event) => { event.preventDefault(); desk.acts.closeShare(); }}>
    <form class="small-form agency-form" novalidate @submit=${send}>
      <header class="small-head"><h2 id="share-title">Share ${incidentName(session)}</h2>
        <button type="button" class="icon-button" aria-label="Close" @click=${() => desk.acts.closeShare()}>${icon("close")}</button></header>
      ${tabs}
      ${agencySharesView(desk, session)}
      <p class="quiet-text">They open a link, type their name and enter a code from the contact’s phone. They see the live picture with their name over it${session.kind === "caller" ? "" : `, with its sound when the ${session.kind === "flight" ? "drone" : "officer’s phone"} sends it`}, the position and the reference, and nothing else. Each look is in the audit.</p>
      ${fields(desk, draft)}
      ${failureLine(desk, "agency")}
      <footer class="button-row">
        <span class="quiet-text spacer" data-testid="agency-missing">${missing ?? ""}</span>
        <button type="button" class="button" @click=${() => desk.acts.closeShare()}>Close</button>
        <button type="submit" class="button primary" data-testid="agency-send" ?disabled=${!isReady}>Share</button>
      </footer>
    </form>
  </dialog>`;
}

function fields(desk: Desk, draft: AgencyDraft): TemplateResult {
  const choices = (known: Readonly<Record<string, string>>): [string, string][] => Object.entries(known);
  const times = MINUTES.map(([minutes, words]): [string, string] => [String(minutes), `${clock(desk.now + minutes * 60_000).slice(0, 5)}, ${words}`]);
  const people = Array.from({ length: MOST_VIEWERS }, (_, index): [string, string] => [String(index + 1), String(index + 1)]);
  const number = (key: "minutes" | "most_viewers") => (value: string) => desk.acts.editAgency({ [key]: Number(value) });
  return html`<div class="agency-fields">
    ${choice("Kind", "agency-kind", draft.kind, choices(KINDS), (value) => desk.acts.editAgency({ kind: value as AgencyDraft["kind"] }))}
    ${text(desk, "Name of the agency", "they read it", "agency", 80)}
    ${text(desk, "Contact", "", "contact_name", 80)}
    ${text(desk, "Contact’s mobile", "codes go there", "contact_phone", 32, "tel")}
    ${text(desk, "Contact’s e-mail", "the link goes there; empty: copy it", "contact_email", 254, "email")}
    ${choice("Purpose", "agency-purpose", draft.purpose, choices(PURPOSES), (value) => desk.acts.editAgency({ purpose: value as AgencyDraft["purpose"] }))}
    ${text(desk, "More about it", draft.purpose === "other" ? "they read it" : "may be empty; they read it", "purpose_text", 300)}
    ${choice("Until", "agency-minutes", String(draft.minutes), times, number("minutes"))}
    ${choice("People who may watch", "agency-viewers", String(draft.most_viewers), people, number("most_viewers"))}
  </div>`;
}

type TextField = "agency" | "contact_name" | "contact_phone" | "contact_email" | "purpose_text";

function text(desk: Desk, label: string, hint: string, field: TextField, most: number, type = "text"): TemplateResult {
  return html`<label class="field"><span>${label} ${hint === "" ? nothing : html`<small>${hint}</small>`}</span>
    <input type=${type} maxlength=${most} autocomplete="off" data-testid=${`agency-${field.replace("_", "-")}`} .value=${live(desk.local.agency[field])}
      @input=${(event: Event) => desk.acts.editAgency({ [field]: (event.target as HTMLInputElement).value })} /></label>`;
}

function choice(label: string, testId: string, value: string, options: [string, string][], choose: (value: string) => void): TemplateResult {
  return html`<label class="field"><span>${label}</span><select data-testid=${testId} .value=${live(value)}
    @change=${(event: Event) => choose((event.target as HTMLSelectElement).value)}>
    ${options.map(([code, words]) => html`<option value=${code} ?selected=${code === value}>${words}</option>`)}</select></label>`;
}
