/** Stop and caution: always at the same place, in two steps. First who and why, then whether the call ends or goes on. */

import { html, nothing, type TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";

import { clock } from "../console/times";
import type { CautionView, PersonView, RoomState } from "../signalling/deskmessages";
import type { DeskActs } from "./acts";
import { roleOf } from "./words";

/** The card as it is filled in; null: it was not pressed. */
export interface CautionForm {
  personId: string;
  reason: string;
  step: "who" | "then";
}

/** What the card is drawn with. */
export interface CautionScreen {
  caution: CautionView | null;
  room: RoomState | null;
  isLeader: boolean;
  mayLift: boolean;
  recording: "off" | "asking" | "on";
  form: CautionForm | null;
  readonly change: (form: CautionForm | null) => void;
  acts: DeskActs;
}

const RECORDED = { off: "It is not being recorded.", asking: "People are being asked whether it may be recorded.", on: "It is being recorded." } as const;

/** The card. */
export function cautionCard(screen: CautionScreen): TemplateResult {
  const { caution, form } = screen;
  return html`<section class="card card-caution" aria-labelledby="caution-title" data-testid="caution-card"><h2 id="caution-title">Stop and caution</h2>
    ${caution === null ? nothing : stated(caution)}
    ${caution === null || !screen.mayLift ? nothing : html`<button type="button" class="button" data-testid="caution-lift" @click=${() => screen.acts.liftCaution()}>Lift it</button>`}
    ${form === null ? startView(screen) : form.step === "who" ? whoView(screen, form) : thenView(screen, form)}</section>`;
}

function stated(caution: CautionView): TemplateResult {
  return html`<p class="warning-text" data-testid="caution-stated"><bdi>${caution.name}</bdi>, ${clock(caution.at)}, stated by <bdi>${caution.stated_by_name}</bdi>.
    ${RECORDED[caution.recording].replace("is", "was")} Reason: ${caution.reason}</p>`;
}

function startView({ isLeader, room, change }: CautionScreen): TemplateResult {
  const mayStart = isLeader && suspects(room).length > 0;
  return html`<button type="button" class="button danger large" data-testid="caution-start" ?disabled=${!mayStart}
      @click=${() => change({ personId: suspects(room)[0]?.id ?? "", reason: "", step: "who" })}>Somebody became a suspect</button>
    <p class="quiet-text">${isLeader ? "Sets down who, when, why, and whether it was recorded. Everybody in the call is told." : "Only whoever leads can do this."}</p>`;
}

function whoView({ room, change }: CautionScreen, form: CautionForm): TemplateResult {
  return html`<div class="caution-step" data-testid="caution-who">
    <label class="field"><span>Who</span><select data-testid="caution-person" @change=${(event: Event) => change({ ...form, personId: (event.target as HTMLSelectElement).value })}>
      ${suspects(room).map((person) => html`<option value=${person.id} ?selected=${person.id === form.personId}>${person.name}, ${roleOf(person.role)}</option>`)}</select></label>
    <label class="field"><span>Why</span><textarea rows="3" maxlength="500" data-testid="caution-reason" .value=${live(form.reason)}
      @input=${(event: Event) => change({ ...form, reason: (event.target as HTMLTextAreaElement).value })}></textarea></label>
    <div class="card-acts"><button type="button" class="button primary large" data-testid="caution-on" ?disabled=${form.reason.trim() === ""} @click=${() => change({ ...form, step: "then" })}>Go on</button>
      <button type="button" class="button" data-testid="caution-back" @click=${() => change(null)}>Back</button></div></div>`;
}

function thenView({ room, recording, acts, change }: CautionScreen, form: CautionForm): TemplateResult {
  const person = suspects(room).find((one) => one.id === form.personId);
  const failure = acts.failureOf("caution");
  const state = (goesOn: boolean): void => {
    acts.stateCaution(form.personId, form.reason.trim(), goesOn);
    change(null);
  };
  return html`<div class="caution-step" role="group" aria-label="End, or go on" data-testid="caution-then">
    <p><bdi>${person?.name ?? ""}</bdi>: ${form.reason}</p>
    <p>${RECORDED[recording]} This neither begins nor ends the recording.</p>
    <p>Caution by your force’s own text. This is not an interview under caution: arrange that separately.</p>
    ${failure === undefined ? nothing : html`<p class="failure" role="alert">${failure}</p>`}
    <div class="card-acts"><button type="button" class="button danger large" data-testid="caution-end" @click=${() => state(false)}>End the call</button>
      <button type="button" class="button warning large" data-testid="caution-goes-on" @click=${() => state(true)}>Go on under the banner</button>
      <button type="button" class="button" @click=${() => change({ ...form, step: "who" })}>Back</button></div></div>`;
}

/** Members of the public and their aids who are in the call. */
function suspects(room: RoomState | null): PersonView[] {
  return (room?.people ?? []).filter((person) => person.side !== "police" && person.state !== "coming");
}
