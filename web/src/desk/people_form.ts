/** Somebody who is to be invited: who, in which role, by which way, and when they may safely be written to. */

import { html, nothing, type TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";

import { CALLER_LANGUAGES } from "../console/languages";
import type { Role } from "../signalling/meetingmessages";
import type { Addable, PersonPlan } from "./rest";
import { roleOf } from "./words";

/** Roles of people who are invited by a link; officers are added by their name. */
export const MEMBER_ROLES: readonly Role[] = [
  "victim", "witness", "reporting_person", "interpreter", "bsl_interpreter", "appropriate_adult", "solicitor", "support_worker",
];

/** A person before anything was written. */
export function newPerson(role: Role = "victim"): PersonPlan {
  return { role, name: "", phone_number: "", email_address: "", language: "en", safe_mode: false, contact_from: null, contact_to: null, user_id: null };
}

/** What is missing of a person, in words; empty when nothing is. */
export function missingOf(person: PersonPlan): string[] {
  if (person.user_id !== null) return [];
  const missing = person.name.trim() === "" ? ["a name"] : [];
  if (person.phone_number.trim() === "" && person.email_address.trim() === "") missing.push("a mobile number or an e-mail address");
  if ((person.contact_from === null) !== (person.contact_to === null)) missing.push("both ends of the safe contact times");
  return missing;
}

/** The person as it is sent: without blanks around it. */
export function trimmed(person: PersonPlan): PersonPlan {
  return { ...person, name: person.name.trim(), phone_number: person.phone_number.trim(), email_address: person.email_address.trim() };
}

/** The fields of one person. @param key tells the fields of several apart */
export function personFields(person: PersonPlan, key: string, change: (fields: Partial<PersonPlan>) => void): TemplateResult {
  const text = (name: "name" | "phone_number" | "email_address", label: string, type: string): TemplateResult => html`<label class="field"><span>${label}</span>
    <input type=${type} maxlength="300" autocomplete="off" data-testid="person-${name}" .value=${live(person[name])}
      @input=${(event: Event) => change({ [name]: (event.target as HTMLInputElement).value })}></label>`;
  const time = (name: "contact_from" | "contact_to", label: string): TemplateResult => html`<label class="field"><span>${label}</span>
    <input type="time" data-testid="person-${name}" .value=${live(person[name] ?? "")}
      @input=${(event: Event) => change({ [name]: orNull((event.target as HTMLInputElement).value) })}></label>`;
  return html`<div class="person-fields" data-testid="person-fields" data-key=${key}>
    <label class="field"><span>Role</span><select data-testid="person-role" @change=${(event: Event) => change({ role: (event.target as HTMLSelectElement).value as Role })}>
      ${MEMBER_ROLES.map((role) => html`<option value=${role} ?selected=${role === person.role}>${roleOf(role)}</option>`)}</select></label>
    ${text("name", "Name", "text")} ${text("phone_number", "Mobile number", "tel")} ${text("email_address", "E-mail", "email")}
    <label class="field"><span>Language</span><select data-testid="person-language" @change=${(event: Event) => change({ language: (event.target as HTMLSelectElement).value })}>
      ${CALLER_LANGUAGES.map(({ tag, name }) => html`<option value=${tag} ?selected=${tag === person.language}>${name}</option>`)}</select></label>
    ${time("contact_from", "Safe to contact from")} ${time("contact_to", "until")}
    <label class="tick"><input type="checkbox" data-testid="person-safe" .checked=${live(person.safe_mode)}
      @change=${(event: Event) => change({ safe_mode: (event.target as HTMLInputElement).checked })}>
      <span>Safe mode <small>neutral words, a dark and silent page, nothing that names the police</small></span></label>
  </div>`;
}

/** A colleague who is added; nothing while nobody can be. */
export function colleagueField(colleagues: readonly Addable[], chosen: string | null, choose: (id: string | null) => void): TemplateResult | typeof nothing {
  if (colleagues.length === 0) return nothing;
  return html`<label class="field"><span>Colleague</span><select data-testid="add-colleague" @change=${(event: Event) => choose(orNull((event.target as HTMLSelectElement).value))}>
    <option value="" ?selected=${chosen === null}>Nobody</option>
    ${colleagues.map(({ id, name, number, team }) => html`<option value=${id} ?selected=${id === chosen}>${[number, name, team].filter((part) => part !== "").join(" · ")}</option>`)}
  </select></label>`;
}

function orNull(text: string): string | null {
  return text === "" ? null : text;
}
