/** The waiting room: how many are before, who may be talked to in private meanwhile, and whom to call if nobody comes. */

import { html, nothing, type TemplateResult } from "lit-html";

import type { CallTexts } from "../room/texts";
import type { MeetingEvent, MeetingModel } from "./model";
import type { Preview } from "./preview";
import { privateChoices } from "./private";
import type { LobbyTexts } from "./texts/en/lobby";
import { clockTime } from "./when";

/** What the screen is drawn with. */
export interface Waiting {
  model: MeetingModel;
  texts: CallTexts & { lobby: LobbyTexts };
  preview: Preview;
  dispatch: (event: MeetingEvent) => void;
  /** Turns camera and microphone on; null while they are on, or asked for. */
  start: (() => void) | null;
}

/** The screen of somebody who waits. */
export function waitingScreen({ model, texts, preview, dispatch, start }: Waiting): TemplateResult {
  const words = texts.lobby.waiting;
  const { meeting } = model;
  if (meeting === null) return html``;
  const { position, safe_mode: isSafe, message } = meeting;
  return html`<section class="waiting" data-testid="waiting">
    <h1 class="govuk-heading-l" tabindex="-1">${position === null ? words.titleAlone : words.title(position)}</h1>
    <p class="govuk-body" role="status">${isSafe ? words.quiet : words.body}</p>
    ${message === null ? nothing : html`<p class="govuk-inset-text" data-testid="told">${message}</p>`}
    ${callView(model, texts.lobby)}
    ${start === null ? preview.view({ preview: words.preview, level: texts.lobby.check.level })
      : html`<button type="button" class="govuk-button govuk-button--secondary" data-testid="start-devices" @click=${start}>${texts.lobby.check.start}</button>`}
    ${privateChoices(model, texts, dispatch)}
    <button type="button" class="govuk-button govuk-button--secondary" data-testid="leave" @click=${() => dispatch({ type: "leave" })}>${texts.lobby.leave}</button>
  </section>`;
}

function callView({ meeting }: MeetingModel, lobby: LobbyTexts): TemplateResult | typeof nothing {
  const { call_number: number = null, call_after_at: after = null } = meeting ?? {};
  if (number === null || number === "" || after === null) return nothing;
  return html`<p class="govuk-body" data-testid="call-number">${lobby.waiting.callAfter(number, clockTime(after, lobby.locale))}</p>`;
}
