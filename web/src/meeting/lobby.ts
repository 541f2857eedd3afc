/** Before the meeting: the own picture, the line check, the name, "are you alone?", and the way on. */

import { html, nothing, type TemplateResult } from "lit-html";

import type { Capture } from "../media/capture";
import type { CallTexts } from "../room/texts";
import { aloneField } from "./alone";
import { isBlocked, marks, sentences } from "./checkwords";
import { chooserView, type DeviceLists } from "./devices";
import type { LineCheck } from "./linecheck";
import type { MeetingEvent, MeetingModel } from "./model";
import { nameField } from "./naming";
import type { Preview } from "./preview";
import { hasQuietSignal } from "./quiet_signal";
import type { LobbyTexts } from "./texts/en/lobby";
import { dayAndTime } from "./when";

/** What the screens before the meeting are drawn with. */
export interface Lobby {
  model: MeetingModel;
  texts: CallTexts & { lobby: LobbyTexts };
  capture: Capture;
  check: LineCheck;
  preview: Preview;
  devices: DeviceLists;
  dispatch: (event: MeetingEvent) => void;
}

/** Days before: when it is, and everything that can be tried already. */
export function earlyScreen(lobby: Lobby): TemplateResult {
  const { model, texts } = lobby;
  const words = texts.lobby.early;
  const { meeting } = model;
  if (meeting === null) return html``;
  return html`<section class="early" data-testid="early">
    <h1 class="govuk-heading-l" tabindex="-1">${words.title(dayAndTime(meeting.starts_at, texts.lobby.locale))}</h1>
    <p class="govuk-body">${words.length(meeting.length_min)} ${meeting.purpose_words ?? ""}</p>
    <p class="govuk-body">${words.body} ${words.opens}</p>
    ${devicesPart(lobby)} ${checkPart(lobby)}
    <p class="govuk-body"><a class="govuk-link" href="/meeting/move/" data-testid="move">${words.move}</a></p>
  </section>`;
}

/** Just before: the same, and what must be said to come in. */
export function checkScreen(lobby: Lobby): TemplateResult {
  const { model, texts, dispatch } = lobby;
  const words = texts.lobby;
  const { meeting, problem } = model;
  if (meeting === null) return html``;
  return html`<section class="check" data-testid="check">
    <h1 class="govuk-heading-l" tabindex="-1">${words.check.title}</h1>
    <p class="govuk-hint">${words.check.when(dayAndTime(meeting.starts_at, words.locale))}</p>
    ${devicesPart(lobby)} ${checkPart(lobby)}
    ${nameField(model.name, problem, words, (name) => dispatch({ type: "name", name }))}
    ${aloneField(model.alone, problem, words, (alone) => dispatch({ type: "alone", alone }))}
    ${helpCard(lobby)}
    <div class="way-on">
      ${problemView(lobby)}
      <button type="button" class="govuk-button" data-testid="ready" ?disabled=${model.isReadySending} @click=${() => dispatch({ type: "ready" })}>
        ${model.isReadySending ? words.ready.sending : words.ready.go}</button>
      <p class="govuk-hint">${words.ready.hint}</p>
    </div></section>`;
}

/** Nothing but the person's own eyes reads it; it says what to do, and nothing on the page ever tells that it was done. */
function helpCard({ model, texts }: Lobby): TemplateResult | typeof nothing {
  if (model.meeting === null || !hasQuietSignal(model.meeting.role)) return nothing;
  const words = texts.lobby.help;
  return html`<section class="govuk-inset-text" data-testid="private-help"><h2 class="govuk-heading-m">${words.title}</h2><p class="govuk-body">${words.body}</p></section>`;
}

/** What the server says against it; what is wrong with a field stands beside the field. */
export function problemView({ model, texts }: Pick<Lobby, "model" | "texts">): TemplateResult | typeof nothing {
  const { problem } = model;
  if (problem === null || problem === "name_empty" || problem === "name_too_long" || problem === "alone_missing") return nothing;
  const words: Record<string, string> = texts.lobby.problems;
  const known = Object.keys(words).includes(problem) ? words[problem] : undefined;
  return html`<p class="govuk-error-message is-calm" role="alert" data-testid="problem" data-code=${problem}>${known ?? texts.lobby.problems.other}</p>`;
}

function devicesPart({ texts, capture, preview, devices }: Lobby): TemplateResult {
  const words = texts.lobby.check;
  const { camera, microphone } = capture.standing;
  const isOff = (camera === "off" || camera === "refused") && (microphone === "off" || microphone === "refused");
  const isAsking = camera === "asking" || microphone === "asking";
  const fault = capture.fault === null ? null : texts.lobby.codes[capture.fault];
  return html`<div class="own-devices">
    ${isOff ? nothing : preview.view(words)}
    ${fault === null ? nothing : html`<p class="govuk-error-message is-calm" role="alert" data-testid="device-problem" data-code=${capture.fault ?? ""}>${fault}</p>`}
    ${isAsking ? html`<p class="govuk-inset-text" role="status">${words.starting}</p>` : nothing}
    ${isOff && !isAsking ? html`<button type="button" class="govuk-button govuk-button--secondary" data-testid="start-devices"
      @click=${() => void capture.open()}>${fault === null ? words.start : words.retry}</button>` : nothing}
    ${chooserView(capture, devices, texts.room.bar, () => undefined)}
  </div>`;
}

function checkPart(lobby: Lobby): TemplateResult {
  const { check, texts } = lobby;
  const words = texts.lobby.check;
  const isFresh = check.running === null && !check.isDone;
  return html`<section class="line-check" aria-labelledby="line-check-title" data-testid="line-check">
    <h2 class="govuk-heading-m" id="line-check-title">${words.lines}</h2>
    ${isFresh ? html`<p class="govuk-hint">${words.linesHint}</p>` : legsView(lobby)}
    ${foundView(lobby)}
    ${check.wantsHeard ? heardView(lobby) : nothing}
    ${check.running === null
      ? html`<button type="button" class="govuk-button govuk-button--secondary" data-testid="run-check" @click=${() => void check.run()}>${check.isDone ? words.again : words.run}</button>`
      : html`<button type="button" class="govuk-button govuk-button--secondary" data-testid="stop-check" @click=${() => check.stop()}>${words.stop}</button>`}
  </section>`;
}

function legsView({ check, texts }: Lobby): TemplateResult {
  return html`<ul class="govuk-list legs">${marks(check.results, texts.lobby).map(({ leg, label, mark, words }) => html`
    <li data-testid="leg" data-leg=${leg} data-mark=${mark} class=${check.running === leg ? "is-running" : ""}><span>${label}</span><b>${words}</b></li>`)}</ul>`;
}

/** What is being checked, what was found, and whether one can join. */
function foundView({ check, texts, model }: Lobby): TemplateResult {
  const words = texts.lobby.check;
  const { results, running, isDone } = check;
  const found = sentences(results, texts.lobby, model.meeting?.call_number ?? null);
  return html`<div role="status">
    ${running === null ? nothing : html`<p class="govuk-body">${words.running(words.legs[running])}${running === "microphone" ? html`<br><strong>${words.hello}</strong>` : nothing}</p>`}
    ${found.map((sentence) => html`<p class="govuk-body check-sentence" data-testid="check-sentence">${sentence}</p>`)}
    ${!isDone || isBlocked(results) ? nothing
      : found.length === 0 ? html`<p class="govuk-body check-good"><strong>${words.allGood}</strong> ${words.good}</p>` : html`<p class="govuk-body">${words.good}</p>`}</div>`;
}

function heardView({ check, texts }: Lobby): TemplateResult {
  const words = texts.lobby.check;
  return html`<div class="heard" role="group" aria-label=${words.heard}><p class="govuk-body"><strong>${words.heard}</strong></p>
    <div class="answers"><button type="button" class="govuk-button" data-testid="heard-yes" @click=${() => check.answer(true)}>${words.yes}</button>
      <button type="button" class="govuk-button govuk-button--secondary" data-testid="heard-no" @click=${() => check.answer(false)}>${words.no}</button>
      <button type="button" class="govuk-button govuk-button--secondary" @click=${() => check.playAgain()}>${words.toneAgain}</button></div></div>`;
}
