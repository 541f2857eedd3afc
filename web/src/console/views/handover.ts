/** Whose session it is, the offer that waits for an answer, and the dialog in which one is made. */

import { html, nothing, type TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";

import type { SessionSummary } from "../../signalling/messages";
import type { Desk, HandoverDraft } from "../desk";
import { incidentName } from "../select";
import { may } from "../state";
import { icon } from "./icons";
import { failureLine, isBusy, panel } from "./pieces";

/** At the top of the details: an offer to me, or mine to somebody else. */
export function handoverView(desk: Desk, session: SessionSummary): TemplateResult | typeof nothing {
  const { handover } = session;
  if (handover === null) return nothing;
  const key = `handover:${session.id}`;
  const isMine = handover.to_id === desk.state.me.id;
  const words = isMine ? `Handed to you by ${handover.from_name}` : `Offered to ${handover.to_name}`;
  return panel(words, html`
    <p class="handover-reason" data-testid="handover-reason">${handover.reason}</p>
    ${isMine ? answer(desk, session, key) : withdrawal(desk, session, key)}
    ${failureLine(desk, key)}`, { name: "handover" });
}

function answer(desk: Desk, session: SessionSummary, key: string): TemplateResult {
  const why = desk.local.declines[session.id];
  const isOff = isBusy(desk, key) || !desk.state.isSynced;
  if (why === undefined) {
    return html`<div class="button-row">
      <button type="button" class="button primary" data-testid="handover-accept" ?disabled=${isOff} @click=${() => desk.acts.acceptHandover(session.id)}>Accept</button>
      <button type="button" class="button" data-testid="handover-decline" @click=${() => writeDecline(desk, session.id, "")}>Decline…</button>
    </div>`;
  }
  return html`<label class="field"><span>Why not <small>${session.handover?.from_name ?? ""} reads this</small></span>
      <input type="text" maxlength="500" data-testid="decline-reason" .value=${live(why)}
        @input=${(event: Event) => writeDecline(desk, session.id, (event.target as HTMLInputElement).value)}></label>
    <div class="button-row">
      <button type="button" class="button" ?disabled=${isOff || why.trim() === ""} data-testid="decline-send"
        @click=${() => desk.acts.declineHandover(session.id)}>Decline</button>
    </div>`;
}

function writeDecline(desk: Desk, sessionId: string, text: string): void {
  desk.acts.local({ declines: { ...desk.local.declines, [sessionId]: text } });
}

function withdrawal(desk: Desk, session: SessionSummary, key: string): TemplateResult | typeof nothing {
  const isOwn = session.handover?.from_id === desk.state.me.id || may(desk.state, "session.reassign");
  if (!isOwn) return nothing;
  return html`<button type="button" class="button small" data-testid="handover-withdraw" ?disabled=${isBusy(desk, key)}
    @click=${() => desk.acts.withdrawHandover(session.id)}>Take the offer back</button>`;
}

/** Whose it is, in the facts of the incident, with what can be done about it. */
export function ownerRow(desk: Desk, session: SessionSummary): TemplateResult {
  const isMine = session.assigned_to.id === desk.state.me.id;
  const mayGive = may(desk.state, "session.control") && (isMine || may(desk.state, "session.reassign"));
  const isOpen = session.ended_at === null && session.handover === null;
  return html`<dt>Operator</dt><dd data-testid="assigned-to"><span>${isMine ? "you" : session.assigned_to.name || "nobody"}</span>
    ${isOpen && mayGive ? dialogButton(desk, "give", session) : nothing}
    ${isOpen && !isMine && may(desk.state, "session.control") ? dialogButton(desk, "take", session) : nothing}</dd>`;
}

function dialogButton(desk: Desk, kind: "give" | "take", session: SessionSummary): TemplateResult {
  return html`<button type="button" class="button small" data-testid="handover-${kind}"
    @click=${() => desk.acts.openHandover(kind, session.id)}>${kind === "give" ? "Hand over…" : "Take…"}</button>`;
}

/** The dialog: to whom, and why. */
export function handoverDialog(desk: Desk): TemplateResult | typeof nothing {
  const draft = desk.local.handover;
  const session = draft === null ? undefined : desk.state.sessions[draft.sessionId];
  if (draft === null || session === undefined) return nothing;
  const isGiving = draft.kind === "give";
  const isReady = draft.reason.trim() !== "" && (!isGiving || draft.to !== "");
  return html`<dialog class="sheet small-sheet" aria-labelledby="handover-title" data-testid="handover-dialog"
    @cancel=${(event: Event) => { event.preventDefault(); desk.acts.closeHandover(); }}>
    <form class="small-form" novalidate @submit=${(event: Event) => { event.preventDefault(); if (isReady) desk.acts.sendHandover(); }}>
      <header class="small-head"><h2 id="handover-title">${isGiving ? "Hand over" : "Take"} ${incidentName(session)}</h2>
        <button type="button" class="icon-button" aria-label="Close" @click=${() => desk.acts.closeHandover()}>${icon("close")}</button></header>
      ${isGiving ? colleagueChoice(desk, session, draft) : html`<p class="quiet-text">It is ${session.assigned_to.name || "nobody"}’s session now. They see that you took it, and why.</p>`}
      <label class="field"><span>Why <small>kept with the session</small></span>
        <textarea rows="2" maxlength="500" data-testid="handover-why" .value=${live(draft.reason)}
          @input=${(event: Event) => desk.acts.editHandover({ reason: (event.target as HTMLTextAreaElement).value })}></textarea></label>
      ${failureLine(desk, "handover")}
      <footer class="button-row">
        <button type="button" class="button" @click=${() => desk.acts.closeHandover()}>Cancel</button>
        <button type="submit" class="button primary" data-testid="handover-send" ?disabled=${!isReady || isBusy(desk, "handover")}>${isGiving ? "Offer it" : "Take it"}</button>
      </footer>
    </form>
  </dialog>`;
}

/** Everybody who may run it, those with an open console first. */
function colleagueChoice(desk: Desk, session: SessionSummary, draft: HandoverDraft): TemplateResult {
  const others = desk.local.colleagues.filter((one) => one.id !== session.assigned_to.id && one.id !== desk.state.me.id);
  return html`<fieldset class="colleagues"><legend>To</legend>
    ${others.map((one) => html`<label class="choice ${draft.to === one.id ? "is-chosen" : ""}">
      <input type="radio" name="colleague" value=${one.id} data-testid="colleague" data-name=${one.name} .checked=${live(draft.to === one.id)}
        @change=${() => desk.acts.editHandover({ to: one.id })} />
      <span>${one.name}<small>${one.role}${one.is_on_duty ? ", on duty" : ", no console open"}</small></span></label>`)}
    ${others.length === 0 ? html`<p class="quiet-text" role="status">${isBusy(desk, "colleagues") ? "Looking who is here" : "There is nobody else who may run a session."}</p>` : nothing}
    ${failureLine(desk, "colleagues")}
  </fieldset>`;
}
