/** Private talks: asking for one, answering one, and the banner that says who hears it and who does not. */

import { html, nothing, type TemplateResult } from "lit-html";

import type { CallTexts } from "../room/texts";
import type { MeetingEvent, MeetingModel } from "./model";
import type { LobbyTexts } from "./texts/en/lobby";

type Texts = CallTexts & { lobby: LobbyTexts };

/** With whom one may talk now; nothing while there is nobody. */
export function privateChoices(model: MeetingModel, { lobby, room }: Texts, dispatch: (event: MeetingEvent) => void, isInCall = false): TemplateResult | typeof nothing {
  const people = model.meeting?.has_aid_to_talk_to ?? [];
  const { waiting: words } = lobby;
  if (people.length === 0) return nothing;
  const asked = people.find((person) => person.id === model.talkAskedOf);
  if (isInCall) {
    return html`<div class="room-private" data-testid="private-choices">${asked !== undefined ? html`<p role="status"><bdi>${words.asking(asked.name)}</bdi></p>`
      : people.map(({ id, name, role }) => html`<button type="button" class="room-button" data-testid="ask-talk" title=${hintOf(model, lobby)}
          @click=${() => dispatch({ type: "ask_talk", with: id })}><bdi>${words.privatelyWith(name, room.roles[role])}</bdi></button>`)}</div>`;
  }
  return html`<section class="private-choices" data-testid="private-choices"><h2 class="govuk-heading-m">${words.privately}</h2>
    <p class="govuk-hint">${hintOf(model, lobby)}</p>
    ${asked !== undefined ? html`<p class="govuk-inset-text" role="status"><bdi>${words.asking(asked.name)}</bdi></p>`
      : people.map(({ id, name, role }) => html`<button type="button" class="govuk-button govuk-button--secondary" data-testid="ask-talk"
          @click=${() => dispatch({ type: "ask_talk", with: id })}><bdi>${words.privatelyWith(name, room.roles[role])}</bdi></button>`)}
  </section>`;
}

/** Who cannot hear it; in safe mode nobody is named. */
function hintOf({ meeting }: MeetingModel, { waiting }: LobbyTexts): string {
  return meeting?.safe_mode === true ? waiting.privatelyQuiet : waiting.privatelyHint;
}

/** Somebody asks for one; it takes one tap either way, and no tap is no. */
export function askedView(model: MeetingModel, { lobby, room }: Texts, dispatch: (event: MeetingEvent) => void): TemplateResult | typeof nothing {
  const { talkAskedBy } = model;
  if (talkAskedBy === null) return nothing;
  const { name, role } = talkAskedBy.with;
  const answer = (isAccepted: boolean): void => dispatch({ type: "answer_talk", isAccepted });
  return html`<section class="talk-asked" role="alertdialog" aria-labelledby="talk-asked-title" data-testid="talk-asked">
    <h2 class="govuk-heading-m" id="talk-asked-title"><bdi>${lobby.talk.asked(name, room.roles[role])}</bdi></h2>
    <p class="govuk-hint">${role === "officer" || role === "supervisor" ? nothing : hintOf(model, lobby)}</p>
    <div class="answers"><button type="button" class="govuk-button" data-testid="talk-accept" @click=${() => answer(true)}>${lobby.talk.accept}</button>
      <button type="button" class="govuk-button govuk-button--secondary" data-testid="talk-decline" @click=${() => answer(false)}>${lobby.talk.decline}</button></div>
  </section>`;
}

/** Over a private talk: who is in it. What it promises is only said once the room is the talk's. */
export function privateBanner(model: MeetingModel, isIn: boolean, { lobby }: Texts, dispatch: (event: MeetingEvent) => void): TemplateResult {
  const words = lobby.talk;
  const other = model.talk?.with ?? null;
  const isQuiet = other?.role === "officer" || other?.role === "supervisor" || model.meeting?.safe_mode === true;
  const said = other === null || !isIn ? words.wait : isQuiet ? words.bannerOfficer(other.name) : words.banner(other.name);
  return html`<div class="private-banner" data-testid="private-banner"><p role="status"><bdi>${said}</bdi></p>
    <button type="button" class="room-button" data-testid="end-talk" @click=${() => dispatch({ type: "end_talk" })}>${words.end}</button></div>`;
}
