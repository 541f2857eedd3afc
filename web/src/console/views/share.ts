/** What of a session another force may watch: who of it does, until when, the way to end it, and the dialog that begins it. */

import { html, nothing, type TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";

import type { SessionSummary, ShareView } from "../../signalling/messages";
import type { Desk, ShareDraft } from "../desk";
import { hasEnded, incidentName, isByOrder } from "../select";
import { LEAST_PURPOSE } from "../shareacts";
import { partnerName } from "../sharedstate";
import { may } from "../state";
import { clock } from "../times";
import { agencyTab, agencySharesView } from "./agency";
import { icon } from "./icons";
import { failureLine } from "./pieces";
import { showingView } from "./showing";

/** Times for which a session is shared, in minutes. */
const MINUTES: readonly (readonly [number, string])[] = [[15, "15 minutes"], [30, "30 minutes"], [60, "1 hour"], [120, "2 hours"], [240, "4 hours"], [720, "12 hours"]];

/** In the part about sharing: what is shared, and the way to share. Of a session that is over, its recording is shared still. */
export function sharesView(desk: Desk, session: SessionSummary): TemplateResult | typeof nothing {
  if (hasEnded(session) && session.shares.length === 0) return nothing;
  const isPossible = may(desk.state, "share.grant") && session.link_kind === "location_video" && (session.state === "live" || session.state === "consented");
  return html`${session.shares.map((share) => shareLine(desk, session, share))}
    ${hasEnded(session) ? nothing : agencySharesView(desk, session)}
    ${failureLine(desk, `share:${session.id}`)}
    ${isPossible ? html`<div class="button-row"><button type="button" class="button small" data-testid="share" ?disabled=${!desk.state.isSynced}
      @click=${() => desk.acts.openShare(session.id)}>Share with a force or an agency…</button></div>` : nothing}
    ${showingView(desk, session, isPossible)}`;
}

function shareLine(desk: Desk, session: SessionSummary, share: ShareView): TemplateResult {
  const name = partnerName(desk.state.shared, share.force);
  const who = share.watchers.length === 0 ? "nobody of it is watching" : `watching: ${share.watchers.join(", ")}`;
  return html`<div class="share-line" data-testid="share-line" data-force=${share.force}>
    <p><b>Shared with ${name}</b> until ${clock(share.ends_at)}, ${whatOf(session, share)}: ${share.purpose}</p>
    ${hasEnded(session) ? nothing : html`<p class="quiet-text" data-testid="share-watchers">${who}</p>`}
    ${may(desk.state, "share.grant") ? html`<button type="button" class="button small danger-quiet" data-testid="share-revoke" ?disabled=${!desk.state.isSynced}
      aria-label=${`End sharing with ${name}`} @click=${() => desk.acts.revokeShare(session.id, share.id)}>End sharing</button>` : nothing}
  </div>`;
}

/** What of it they see, in the words of the dialog. */
function whatOf(session: SessionSummary, { recording, chat }: ShareView): string {
  if (hasEnded(session)) return "the recording";
  return `${recording ? "live and the recording" : "live only"}${chat ? ", with messages" : ""}`;
}

/** The dialog: with whom, what for, until when, with the recording and the messages or without. */
export function shareDialog(desk: Desk): TemplateResult | typeof nothing {
  const draft = desk.local.share;
  const session = draft === null ? undefined : desk.state.sessions[draft.sessionId];
  if (draft === null || session === undefined) return nothing;
  if (desk.local.shareTab === "agency") return agencyTab(desk, session, tabsView(desk));
  const isReady = draft.force !== "" && draft.purpose.trim().length >= LEAST_PURPOSE && desk.state.isSynced;
  const send = (event: Event): void => {
    event.preventDefault();
    if (isReady) desk.acts.sendShare(Math.round(desk.now) + draft.minutes * 60_000);
  };
  return html`<dialog class="sheet small-sheet" aria-labelledby="share-title" data-testid="share-dialog"
    @cancel=${(event: Event) => { event.preventDefault(); desk.acts.closeShare(); }}>
    <form class="small-form" novalidate @submit=${send}>
      <header class="small-head"><h2 id="share-title">Share ${incidentName(session)}</h2>
        <button type="button" class="icon-button" aria-label="Close" @click=${() => desk.acts.closeShare()}>${icon("close")}</button></header>
      ${tabsView(desk)}
      <p class="quiet-text">${whatTheyGet(session, draft)} Each look is in both forces’ audits.</p>
      ${forceChoice(desk, session, draft)}
      <label class="field"><span>Purpose <small>they read it</small></span>
        <textarea rows="2" maxlength="300" data-testid="share-purpose" .value=${live(draft.purpose)}
          @input=${(event: Event) => desk.acts.editShare({ purpose: (event.target as HTMLTextAreaElement).value })}></textarea></label>
      <label class="field"><span>Until</span>
        <select data-testid="share-minutes" .value=${live(String(draft.minutes))}
          @change=${(event: Event) => desk.acts.editShare({ minutes: Number((event.target as HTMLSelectElement).value) })}>
          ${MINUTES.map(([minutes, words]) => html`<option value=${minutes} ?selected=${minutes === draft.minutes}>${clock(desk.now + minutes * 60_000).slice(0, 5)}, ${words}</option>`)}
        </select></label>
      ${recordingChoice(desk, session, draft)}
      <label class="tick"><input type="checkbox" data-testid="share-chat" .checked=${live(draft.chat)}
        @change=${(event: Event) => desk.acts.editShare({ chat: (event.target as HTMLInputElement).checked })} /> They may read the messages, too</label>
      ${failureLine(desk, "share")}
      <footer class="button-row">
        <button type="button" class="button" @click=${() => desk.acts.closeShare()}>Cancel</button>
        <button type="submit" class="button primary" data-testid="share-send" ?disabled=${!isReady}>Share</button>
      </footer>
    </form>
  </dialog>`;
}

/** With whom: another force of the platform, or an agency that is not on it. */
function tabsView(desk: Desk): TemplateResult {
  const tab = (name: "force" | "agency", words: string): TemplateResult => html`<button type="button" class="tab" data-testid="share-tab-${name}"
    aria-pressed=${desk.local.shareTab === name} @click=${() => desk.acts.local({ shareTab: name })}>${words}</button>`;
  return html`<div class="tabs" role="group" aria-label="With whom">${tab("force", "Another force")}${tab("agency", "Outside agency")}</div>`;
}

/** A caller's page sends no sound; an officer's and a drone may. */
function whatTheyGet(session: SessionSummary, { recording }: ShareDraft): string {
  const rest = recording ? "play the recording once it is sealed, and nothing else." : "and nothing else.";
  return isByOrder(session)
    ? `They see the live picture, hear its sound when the ${session.kind === "flight" ? "drone" : "officer’s phone"} sends it, see the position and the reference, ${rest}`
    : `They see the live picture, the position and the reference, ${rest}`;
}

/** Live only, unless somebody chooses more; where nobody agreed to a recording there is none to choose. */
function recordingChoice(desk: Desk, session: SessionSummary, draft: ShareDraft): TemplateResult {
  const mayRecord = isByOrder(session) || session.consent?.scopes.includes("recording") === true;
  const choice = (recording: boolean, words: string, note: string): TemplateResult => html`<label class="choice ${draft.recording === recording ? "is-chosen" : ""}">
    <input type="radio" name="share-recording" value=${String(recording)} data-testid=${recording ? "share-recording" : "share-live-only"}
      .checked=${live(draft.recording === recording)} ?disabled=${recording && !mayRecord}
      @change=${() => desk.acts.editShare({ recording })} /><span>${words}<small>${note}</small></span></label>`;
  return html`<fieldset class="colleagues"><legend>They see</legend>
    ${choice(false, "Live only", "it ends with the session")}
    ${choice(true, "Live and the recording", mayRecord ? "to be played until that time, also when the session is over" : "the caller has not agreed to be recorded")}
  </fieldset>`;
}

/** Every force but ours that does not watch it already; where its time is over it may be let in anew. */
function forceChoice(desk: Desk, session: SessionSummary, draft: ShareDraft): TemplateResult {
  const taken = session.shares.filter((share) => Date.parse(share.ends_at) > desk.now).map((share) => share.force);
  const free = desk.state.shared.partners.filter((one) => !taken.includes(one.schema));
  return html`<fieldset class="colleagues"><legend>With</legend>
    ${free.map((one) => html`<label class="choice ${draft.force === one.schema ? "is-chosen" : ""}">
      <input type="radio" name="share-force" value=${one.schema} data-testid="share-force" .checked=${live(draft.force === one.schema)}
        @change=${() => desk.acts.editShare({ force: one.schema })} /><span>${one.name}</span></label>`)}
    ${free.length === 0 ? html`<p class="quiet-text" role="status">There is no other force to share it with.</p>` : nothing}
  </fieldset>`;
}
