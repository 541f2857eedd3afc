/** The form for a drone's flight: what is planned on the left, risk assessment on the right, plan and launch at the end. */

import { html, nothing, type TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";

import type { Desk } from "../desk";
import {
  isForSupervisor, hasAnswers, missingOfLaunch, missingOfPlan, type FlightField, type FlightForm, type FlightStep,
} from "../flightform";
import { basisWords, BASES } from "../flightphrases";
import type { LawfulBasis } from "../fleetrest";
import { refusalsOf, typed } from "../riskform";
import { may } from "../state";
import { icon } from "./icons";
import { questionsView } from "./questions";

const FLIGHT_RISK = {
  none: "The questions come in a moment.", clear: "Answered: nothing speaks against the flight", blocked: "The flight is blocked",
};

/** The dialog. What is typed stays until the flight is planned. */
export function planFlightView(desk: Desk): TemplateResult | typeof nothing {
  const form = desk.flight;
  if (form === null) return nothing;
  const name = form.incident.external_reference === "" ? form.incident.reference : form.incident.external_reference;
  return html`<dialog class="sheet" aria-labelledby="flight-title" data-testid="flight-dialog"
    @cancel=${(event: Event) => { event.preventDefault(); desk.acts.closeFlight(); }}>
    <form class="sheet-form" novalidate @submit=${(event: Event) => { event.preventDefault(); desk.acts.submitFlight("launch"); }}>
      <header class="sheet-head">
        <h2 id="flight-title">${form.planned === null ? "Drone flight" : "Planned flight"} for ${name}</h2>
        <span class="spacer"></span>
        <button type="button" class="icon-button" aria-label="Close; what you typed is kept" title="Close; what you typed is kept"
          data-testid="close-flight" @click=${() => desk.acts.closeFlight()}>${icon("close")}</button>
      </header>
      <div class="sheet-body">
        <div class="sheet-left">${form.planned === null ? [whoFields(desk, form), whyFields(desk, form)] : plannedView(form)}</div>
        <div class="sheet-right">${questionsView(desk, { form, change: desk.acts.changeFlight, step: form.planned === null ? 3 : 2, words: FLIGHT_RISK })}</div>
      </div>
      ${footer(desk, form)}
    </form>
  </dialog>`;
}

/** What was planned stands. */
function plannedView(form: FlightForm): TemplateResult {
  return html`<fieldset class="block"><legend><b>1</b>Planned</legend>
    <dl class="facts" data-testid="flight-planned">
      <dt>Aircraft</dt><dd>${form.planned?.aircraft}</dd>
      <dt>Pilot</dt><dd>${form.planned?.pilot}</dd>
      <dt>Purpose</dt><dd>${form.purpose}</dd>
      ${form.lawfulBasis === "" ? nothing : html`<dt>Basis</dt><dd>${basisWords({ lawful_basis: form.lawfulBasis, authorisation: form.authorisation })}</dd>`}
    </dl></fieldset>`;
}

/** What flies, and who flies it. */
function whoFields(desk: Desk, form: FlightForm): TemplateResult {
  const { fleet } = desk;
  const aircraft = fleet.aircraft.map((one) => {
    const isTaken = fleet.openFlightOf(one.id) !== undefined;
    return { id: one.id, words: `${one.make} ${one.model} ${one.serial}${isTaken ? " (has a flight)" : ""}`, isTaken };
  });
  // Who is in the air may be planned with for afterwards.
  const pilots = fleet.pilots.map((one) => {
    const name = [one.number, one.name].filter((part) => part !== "").join(" ");
    return { id: one.id, words: fleet.flownBy(one.id) === undefined ? name : `${name} (in the air)`, isTaken: false };
  });
  return html`<fieldset class="block"><legend><b>1</b>Aircraft and pilot</legend>
    ${fleet.listing === "failed" ? html`<p class="failure" role="alert">${fleet.failure}</p>` : nothing}
    ${choiceField(desk, form, "aircraftId", { label: "Aircraft", testId: "flight-aircraft", none: "No aircraft is in service", rows: aircraft })}
    ${choiceField(desk, form, "pilotId", { label: "Pilot", testId: "flight-pilot", none: "Nobody may fly", rows: pilots })}
  </fieldset>`;
}

interface Choices {
  label: string;
  testId: string;
  none: string;
  rows: readonly { id: string; words: string; isTaken: boolean }[];
}

/** What is taken can be seen, and not be chosen. */
function choiceField(
  desk: Desk, form: FlightForm, name: "aircraftId" | "pilotId", { label, testId, none, rows }: Choices,
): TemplateResult {
  const isEmpty = desk.fleet.listing === "ready" && rows.length === 0;
  const choose = (event: Event): void => desk.acts.changeFlight((now) => typed(now, { [name]: (event.target as HTMLSelectElement).value }));
  return html`<label class="field ${form.fieldErrors[name] === undefined ? "" : "has-error"}"><span>${label}</span>
    <select data-testid=${testId} aria-invalid=${form.fieldErrors[name] === undefined ? "false" : "true"} @change=${choose}>
      <option value="" .selected=${form[name] === ""}>${isEmpty ? none : "Choose"}</option>
      ${rows.map((one) => html`<option value=${one.id} ?disabled=${one.isTaken} .selected=${form[name] === one.id}>${one.words}</option>`)}
    </select>${errorOf(form, name)}</label>`;
}

/** What for, and by what law. */
function whyFields(desk: Desk, form: FlightForm): TemplateResult {
  const type = (name: "purpose" | "authorisation") => (event: Event): void =>
    desk.acts.changeFlight((now) => typed(now, { [name]: (event.target as HTMLInputElement).value }));
  return html`<fieldset class="block"><legend><b>2</b>Purpose and law</legend>
    <label class="field ${form.fieldErrors.purpose === undefined ? "" : "has-error"}"><span>What the flight is for <small>kept in the flight log</small></span>
      <textarea rows="2" maxlength="300" data-testid="flight-purpose" aria-invalid=${form.fieldErrors.purpose === undefined ? "false" : "true"}
        .value=${live(form.purpose)} @input=${type("purpose")}></textarea>${errorOf(form, "purpose")}</label>
    <div class="kinds" role="radiogroup" aria-label="Lawful basis">${BASES.map((basis) => basisChoice(desk, form, basis))}</div>
    ${errorOf(form, "lawfulBasis")}
    ${form.lawfulBasis !== "directed_surveillance" ? nothing : html`<label class="field ${form.fieldErrors.authorisation === undefined ? "" : "has-error"}">
      <span>Authorisation <small>its reference</small></span>
      <input type="text" maxlength="64" autocomplete="off" data-testid="flight-authorisation" .value=${live(form.authorisation)} @input=${type("authorisation")} />
      ${errorOf(form, "authorisation")}</label>`}
  </fieldset>`;
}

function basisChoice(desk: Desk, form: FlightForm, [basis, words, note]: readonly [LawfulBasis, string, string]): TemplateResult {
  return html`<label class="choice kind ${form.lawfulBasis === basis ? "is-chosen" : ""}">
    <input type="radio" name="lawful-basis" value=${basis} data-testid="basis-${basis}" .checked=${live(form.lawfulBasis === basis)}
      @change=${() => desk.acts.changeFlight((now) => typed(now, { lawfulBasis: basis }))} /><span>${words}<small>${note}</small></span></label>`;
}

function errorOf(form: FlightForm, name: FlightField): TemplateResult | typeof nothing {
  const error = form.fieldErrors[name];
  return error === undefined ? nothing : html`<em class="failure" role="alert" data-testid="error-${name}">${error}</em>`;
}

const BUSY_WORDS: Record<FlightStep, string> = {
  plan: "Planning the flight…", risk: "Keeping the answers…", override: "Keeping the override…", launch: "Launching…",
};

/** What is missing, what went wrong, and the buttons. */
function footer(desk: Desk, form: FlightForm): TemplateResult {
  const mayOverride = may(desk.state, "risk.override");
  const open = missingOfLaunch(form, mayOverride);
  const isBlocked = refusalsOf(form).length > 0;
  return html`<footer class="sheet-foot">
    <div class="sheet-note" aria-live="polite">
      ${form.error === null ? nothing : html`<p class="failure" role="alert" data-testid="flight-error">${form.error}</p>`}
      ${form.error === null && open.length > 0 ? html`<p class="quiet-text" data-testid="flight-missing">Still to do before the launch: ${open.join("; ")}.</p>` : nothing}
    </div>
    ${keepButton(desk, form, mayOverride)}
    <button type="submit" class="button large ${isBlocked ? "danger" : "primary"}" data-testid="launch-form"
      ?disabled=${open.length > 0 || form.busy !== null}>${launchLabel(form, isBlocked, mayOverride)}</button>
  </footer>`;
}

/** Plans without a launch, with the answers that are given; of a planned flight the answers alone. */
function keepButton(desk: Desk, form: FlightForm, mayOverride: boolean): TemplateResult | typeof nothing {
  if (form.planned !== null && !hasAnswers(form)) return nothing;
  const label = isForSupervisor(form, mayOverride) ? "Keep for a supervisor" : form.planned === null ? "Plan, launch later" : "Keep the answers";
  return html`<button type="button" class="button large" data-testid="plan-flight" ?disabled=${missingOfPlan(form).length > 0 || form.busy !== null}
    @click=${() => desk.acts.submitFlight("plan")}>${label}</button>`;
}

function launchLabel(form: FlightForm, isBlocked: boolean, mayOverride: boolean): string {
  if (form.busy !== null) return BUSY_WORDS[form.busy];
  if (!isBlocked) return "Launch";
  return mayOverride ? "Override and launch" : "Flight blocked";
}
