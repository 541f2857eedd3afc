/** Booking a consultation, or starting one now: one form, and one button that says what is still missing. */

import { html, nothing, type TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";

import type { IncidentType } from "../console/rest";
import { PURPOSES } from "../signalling/meetingshapes";
import type { Purpose } from "../signalling/meetingmessages";
import { londonInstant } from "./london";
import { missingOf, newPerson, personFields, trimmed } from "./people_form";
import type { PersonPlan, Plan } from "./rest";
import { PURPOSE_WORDS } from "./words";

/** An incident that a consultation may belong to. */
export interface KnownIncident {
  id: string;
  reference: string;
}

/** The form as it is filled in. `day` and `time` are of Great Britain, as an officer writes them. */
export interface BookForm {
  isNow: boolean;
  purpose: Purpose;
  note: string;
  incidentId: string | null;
  incidentType: string;
  day: string;
  time: string;
  minutes: number;
  wish: boolean;
  people: PersonPlan[];
  isSending: boolean;
  error: string | null;
}

const MOST_PEOPLE = 23;

/** An empty form. */
export function newForm(isNow: boolean): BookForm {
  return {
    isNow, purpose: "report", note: "", incidentId: null, incidentType: "", day: "", time: "", minutes: 30, wish: false, people: [newPerson()], isSending: false, error: null,
  };
}

/** What is still to be done, in words; empty when it can be sent. */
export function missingIn(form: BookForm): string[] {
  const missing: string[] = [];
  if (form.incidentId === null && form.incidentType === "") missing.push("choose an incident, or the kind of a new one");
  if (!form.isNow && (form.day === "" || form.time === "")) missing.push("say when");
  if (!form.isNow && form.day !== "" && form.time !== "" && londonInstant(form.day, form.time) === null) missing.push("give a time that exists");
  if (!(form.minutes >= 5 && form.minutes <= 240)) missing.push("give a length of 5 to 240 minutes");
  form.people.forEach((person, index) => {
    for (const one of missingOf(person)) missing.push(`person ${index + 1}: ${one}`);
  });
  return missing;
}

/** The form as it is sent. */
export function planOf(form: BookForm, team: string): Plan {
  return {
    purpose: form.purpose, purpose_note: form.note.trim(), incident_id: form.incidentId, incident_type: form.incidentId === null ? form.incidentType : "",
    starts_at: form.isNow ? null : londonInstant(form.day, form.time), length_min: form.minutes, team, recording_wish: form.wish, participants: form.people.map(trimmed),
  };
}

/** New values of some fields; of lists by the form as it is then, for a browser may fill in several at once. */
export type BookChange = Partial<BookForm> | ((form: BookForm) => Partial<BookForm>);

/** What the form is drawn with. */
export interface BookScreen {
  form: BookForm;
  incidents: readonly KnownIncident[];
  types: readonly IncidentType[];
  readonly change: (change: BookChange) => void;
  readonly send: () => void;
  readonly close: () => void;
}

/** The form. */
export function bookView(screen: BookScreen): TemplateResult {
  const { form, change } = screen;
  const missing = missingIn(form);
  const submit = (event: Event): void => {
    event.preventDefault();
    if (missing.length === 0 && !form.isSending) screen.send();
  };
  return html`<form class="book" aria-labelledby="book-title" data-testid="book-form" @submit=${submit} novalidate>
    <header class="book-head"><h2 id="book-title" tabindex="-1">${form.isNow ? "Start a consultation now" : "Book a consultation"}</h2>
      <button type="button" class="button quiet" data-testid="book-close" @click=${() => screen.close()}>Close</button></header>
    <div class="book-body">
      <label class="field"><span>Purpose</span><select data-testid="book-purpose" @change=${(event: Event) => change({ purpose: (event.target as HTMLSelectElement).value as Purpose })}>
        ${PURPOSES.map((purpose) => html`<option value=${purpose} ?selected=${purpose === form.purpose}>${PURPOSE_WORDS[purpose]}</option>`)}</select></label>
      <label class="field"><span>Note <small>for officers only</small></span><textarea rows="2" maxlength="500" data-testid="book-note" .value=${live(form.note)}
        @input=${(event: Event) => change({ note: (event.target as HTMLTextAreaElement).value })}></textarea></label>
      ${incidentFields(screen)} ${form.isNow ? nothing : timeFields(screen)}
      ${peopleFields(screen)}
      <label class="tick"><input type="checkbox" data-testid="book-wish" .checked=${live(form.wish)} @change=${(event: Event) => change({ wish: (event.target as HTMLInputElement).checked })}>
        <span>It is to be recorded <small>each person is asked then, and may say no</small></span></label>
    </div>
    <footer class="book-foot">${form.error === null ? nothing : html`<p class="failure" role="alert" data-testid="book-error">${form.error}</p>`}
      <p class="quiet-text" data-testid="book-missing">${missing.length === 0 ? "" : `Still to do: ${missing[0] ?? ""}`}</p>
      <button type="submit" class="button primary large" data-testid="book-send" ?disabled=${missing.length > 0 || form.isSending}>
        ${form.isSending ? "Sending…" : form.isNow ? "Send the links and open it" : "Book and send the invitations"}</button></footer>
  </form>`;
}

function incidentFields({ form, incidents, types, change }: BookScreen): TemplateResult {
  const choose = (event: Event): void => {
    const { value } = event.target as HTMLSelectElement;
    change({ incidentId: value === "" ? null : value });
  };
  return html`<div class="book-pair"><label class="field"><span>Incident</span><select data-testid="book-incident" @change=${choose}>
      <option value="" ?selected=${form.incidentId === null}>A new one</option>
      ${incidents.map(({ id, reference }) => html`<option value=${id} ?selected=${id === form.incidentId}>${reference}</option>`)}</select></label>
    ${form.incidentId !== null ? nothing : html`<label class="field"><span>Kind of the new incident</span>
      <select data-testid="book-type" @change=${(event: Event) => change({ incidentType: (event.target as HTMLSelectElement).value })}>
        <option value="" ?selected=${form.incidentType === ""}>Choose</option>
        ${types.map(({ code, label }) => html`<option value=${code} ?selected=${code === form.incidentType}>${label}</option>`)}</select></label>`}</div>`;
}

function timeFields({ form, change }: BookScreen): TemplateResult {
  return html`<div class="book-pair">
    <label class="field"><span>Day</span><input type="date" data-testid="book-day" .value=${live(form.day)} @input=${(event: Event) => change({ day: (event.target as HTMLInputElement).value })}></label>
    <label class="field"><span>Time</span><input type="time" data-testid="book-time" .value=${live(form.time)} @input=${(event: Event) => change({ time: (event.target as HTMLInputElement).value })}></label>
    <label class="field"><span>Minutes</span><input type="number" min="5" max="240" step="5" data-testid="book-minutes" .value=${live(String(form.minutes))}
      @input=${(event: Event) => change({ minutes: Number((event.target as HTMLInputElement).value) })}></label></div>`;
}

function peopleFields({ form, change }: BookScreen): TemplateResult {
  const edit = (at: number, fields: Partial<PersonPlan>): void =>
    change((now) => ({ people: now.people.map((person, index) => (index === at ? { ...person, ...fields } : person)) }));
  return html`<fieldset class="book-people"><legend>Who is invited</legend>
    ${form.people.map((person, index) => html`<div class="book-person">${personFields(person, String(index), (fields) => edit(index, fields))}
      ${form.people.length < 2 ? nothing : html`<button type="button" class="button small" data-testid="book-drop-person"
        @click=${() => change((now) => ({ people: now.people.filter((_one, at) => at !== index) }))}>Leave person ${index + 1} out</button>`}</div>`)}
    ${form.people.length >= MOST_PEOPLE ? nothing : html`<button type="button" class="button" data-testid="book-add-person"
      @click=${() => change((now) => ({ people: [...now.people, newPerson("interpreter")] }))}>Add a person</button>`}</fieldset>`;
}
