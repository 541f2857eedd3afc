/** The form for a new link: incident on the left, risk assessment on the right, one button at the end. */

import { html, nothing, type TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";

import type { LinkKind } from "../../signalling/messages";
import type { Desk } from "../desk";
import { canKeepRefused, missing, refusalsOf, suggestsSafeMode, typed, type FormField, type IncidentForm, type SendingStep } from "../incidentform";
import { CALLER_LANGUAGES } from "../languages";
import { linkKindWord } from "../select";
import { may } from "../state";
import { icon } from "./icons";
import { questionsView } from "./questions";

const LINK_RISK = {
  none: "The questions come with the type of incident.", clear: "Answered: nothing speaks against the link", blocked: "The link is blocked",
};

/** The dialog. It is opened and closed with the form itself; what is typed stays until the link is sent. */
export function newIncidentView(desk: Desk): TemplateResult | typeof nothing {
  const { form } = desk;
  if (form === null) return nothing;
  return html`<dialog class="sheet" aria-labelledby="sheet-title" data-testid="incident-dialog"
    @cancel=${(event: Event) => { event.preventDefault(); desk.acts.closeForm(); }}>
    <form class="sheet-form" novalidate @submit=${(event: Event) => { event.preventDefault(); desk.acts.submitForm("send"); }}>
      <header class="sheet-head">
        <h2 id="sheet-title">${titleOf(form)}</h2>
        <span class="spacer"></span>
        <button type="button" class="button small quiet" data-testid="discard-form" @click=${() => desk.acts.discardForm()}>Clear</button>
        <button type="button" class="icon-button" aria-label="Close; what you typed is kept" title="Close; what you typed is kept"
          data-testid="close-form" @click=${() => desk.acts.closeForm()}>${icon("close")}</button>
      </header>
      <div class="sheet-body">
        <div class="sheet-left">${incidentFields(desk, form)} ${linkFields(desk, form)}</div>
        <div class="sheet-right">${questionsView(desk, { form, change: desk.acts.changeForm, step: 3, words: LINK_RISK })}</div>
      </div>
      ${footer(desk, form)}
    </form>
  </dialog>`;
}

function titleOf(form: IncidentForm): string {
  return form.incident === null ? "New incident" : `Link for ${form.incident.reference}`;
}

/** A field of text with its message. */
function textField(
  desk: Desk, form: IncidentForm, name: FormField,
  options: { label: string; hint: string; testId: string; type?: string; placeholder?: string; isLocked: boolean },
): TemplateResult {
  const error = form.fieldErrors[name];
  const change = (event: Event): void => desk.acts.changeForm((now) => typed(now, { [name]: (event.target as HTMLInputElement).value }));
  return html`<label class="field ${error === undefined ? "" : "has-error"}">
    <span>${options.label} <small>${options.hint}</small></span>
    <input type=${options.type ?? "text"} autocomplete="off" spellcheck="false" data-testid=${options.testId}
      placeholder=${options.placeholder ?? ""} .value=${live(form[name])} ?disabled=${options.isLocked}
      aria-invalid=${error === undefined ? "false" : "true"} @input=${change} />
    ${error === undefined ? nothing : html`<em class="failure" role="alert" data-testid="error-${name}">${error}</em>`}
  </label>`;
}

function incidentFields(desk: Desk, form: IncidentForm): TemplateResult {
  const isLocked = form.incident !== null;
  return html`<fieldset class="block"><legend><b>1</b>Incident</legend>
    <div class="choices" role="radiogroup" aria-label="Type of incident">
      ${desk.fetched.incidentTypes.map((type) => html`<label class="choice ${form.typeCode === type.code ? "is-chosen" : ""}">
        <input type="radio" name="incident-type" value=${type.code} ?disabled=${isLocked} .checked=${live(form.typeCode === type.code)}
          data-testid="incident-type" @change=${() => desk.acts.changeForm((now) => typed(now, { typeCode: type.code }))} />
        <span>${type.label}</span></label>`)}
    </div>
    ${form.fieldErrors.typeCode === undefined ? nothing : html`<em class="failure" role="alert">${form.fieldErrors.typeCode}</em>`}
    ${descriptionField(desk, form, isLocked)}
    ${textField(desk, form, "externalReference", {
      label: "Command and control reference", hint: "optional", testId: "incident-external-reference", placeholder: "for example CAD 1234 22 NOV", isLocked,
    })}
  </fieldset>`;
}

function descriptionField(desk: Desk, form: IncidentForm, isLocked: boolean): TemplateResult {
  const error = form.fieldErrors.description;
  return html`<label class="field"><span>What is happening <small>your own words, optional</small></span>
    <textarea rows="3" maxlength="4000" data-testid="incident-text" ?disabled=${isLocked} .value=${live(form.description)}
      @input=${(event: Event) => desk.acts.changeForm((now) => typed(now, { description: (event.target as HTMLTextAreaElement).value }))}></textarea>
    ${error === undefined ? nothing : html`<em class="failure" role="alert">${error}</em>`}</label>`;
}

/** Kind of link and number. Both stand once the session exists. */
function linkFields(desk: Desk, form: IncidentForm): TemplateResult {
  const isLocked = form.session !== null;
  return html`<fieldset class="block"><legend><b>2</b>Link</legend>
    <div class="kinds" role="radiogroup" aria-label="Kind of link">
      ${kindChoice(desk, form, "location_video", "Asked one after the other", isLocked)}
      ${kindChoice(desk, form, "location", "No camera is asked for", isLocked)}
      ${kindChoice(desk, form, "location_upload", "What was taken before", isLocked)}
    </div>
    <div class="field-pair">
      ${form.session === null
        ? textField(desk, form, "phone", {
            label: "Caller’s mobile", hint: "for the text", testId: "phone-number", type: "tel", placeholder: "07700 900123", isLocked,
          })
        : html`<p class="fixed">To <b class="mono">${form.session.phoneMasked}</b></p>`}
      ${languageField(desk, form, isLocked)}
    </div>
    ${safeModeField(desk, form, isLocked)}
  </fieldset>`;
}

/** In which language the caller reads. */
function languageField(desk: Desk, form: IncidentForm, isLocked: boolean): TemplateResult {
  const choose = (event: Event): void => desk.acts.changeForm((now) => typed(now, { language: (event.target as HTMLSelectElement).value }));
  return html`<label class="field"><span>Caller’s language</span>
    <select data-testid="caller-language" ?disabled=${isLocked} @change=${choose}>
      ${CALLER_LANGUAGES.map(({ tag, name }) => html`<option value=${tag} .selected=${form.language === tag}>${name}</option>`)}
    </select></label>`;
}

/** Whether somebody may see the phone. */
function safeModeField(desk: Desk, form: IncidentForm, isLocked: boolean): TemplateResult {
  const tick = (event: Event): void => desk.acts.changeForm((now) => typed(now, { isSafe: (event.target as HTMLInputElement).checked }));
  return html`<label class="choice kind safe-choice ${form.isSafe ? "is-chosen" : ""}">
      <input type="checkbox" data-testid="safe-mode-choice" ?disabled=${isLocked} .checked=${live(form.isSafe)} @change=${tick} />
      <span>Safe mode<small>Neutral text message, dark silent page, answers by a tap</small></span></label>
    ${suggestsSafeMode(form) && !form.isSafe
      ? html`<p class="question-advice" role="status" data-testid="safe-mode-suggested">${icon("warning")}<span>The answers say that somebody may see the phone. If a link is sent all the same, use safe mode.</span></p>`
      : nothing}`;
}

function kindChoice(desk: Desk, form: IncidentForm, kind: LinkKind, hint: string, isLocked: boolean): TemplateResult {
  return html`<label class="choice kind ${form.linkKind === kind ? "is-chosen" : ""}">
    <input type="radio" name="link-kind" value=${kind} data-testid="link-kind-${kind}" ?disabled=${isLocked}
      .checked=${live(form.linkKind === kind)} @change=${() => desk.acts.changeForm((now) => typed(now, { linkKind: kind }))} />
    <span>${linkKindWord(kind)}<small>${hint}</small></span></label>`;
}

const BUSY_WORDS: Record<SendingStep, string> = {
  incident: "Opening the incident…", session: "Checking the number…", risk: "Keeping the answers…",
  override: "Keeping the override…", send: "Sending the link…",
};

/** What is missing, what went wrong, and the button. */
function footer(desk: Desk, form: IncidentForm): TemplateResult {
  const mayOverride = may(desk.state, "risk.override");
  const open = missing(form, mayOverride);
  const isBlocked = refusalsOf(form).length > 0;
  return html`<footer class="sheet-foot">
    <div class="sheet-note" aria-live="polite">
      ${form.error === null ? nothing : html`<p class="failure" role="alert" data-testid="form-error">${form.error}</p>`}
      ${form.error === null && open.length > 0 ? html`<p class="quiet-text" data-testid="form-missing">Still to do: ${open.join("; ")}.</p>` : nothing}
    </div>
    ${canKeepRefused(form, mayOverride)
      ? html`<button type="button" class="button" data-testid="keep-refused" ?disabled=${form.busy !== null}
          @click=${() => desk.acts.submitForm("keep")}>Keep for a supervisor</button>`
      : nothing}
    <button type="submit" class="button large ${isBlocked ? "danger" : "primary"}" data-testid="send-link"
      ?disabled=${open.length > 0 || form.busy !== null}>${sendLabel(form, isBlocked, mayOverride)}</button>
  </footer>`;
}

function sendLabel(form: IncidentForm, isBlocked: boolean, mayOverride: boolean): string {
  if (form.busy !== null) return BUSY_WORDS[form.busy];
  if (!isBlocked) return "Send link";
  return mayOverride ? "Override and send link" : "Link blocked";
}
