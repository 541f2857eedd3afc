/** What a person's page shows, by screen; and where the focus goes when the screen becomes another one. */

import { html, nothing, type TemplateResult } from "lit-html";

import type { Capture } from "../media/capture";
import type { Call, Panel } from "../room/call";
import { roomView } from "../room/view";
import { overScreen } from "./after";
import type { DeviceLists } from "./devices";
import type { LineCheck } from "./linecheck";
import { checkScreen, earlyScreen, problemView, type Lobby } from "./lobby";
import type { MeetingEvent, MeetingModel, Screen } from "./model";
import type { Preview } from "./preview";
import { askedView, privateBanner, privateChoices } from "./private";
import { waitingScreen } from "./queue";
import type { MeetingTexts } from "./texts";
import type { LobbyTexts } from "./texts/en/lobby";

/** Everything that a screen may need. */
export interface MeetingScreen {
  model: MeetingModel;
  screen: Screen;
  texts: MeetingTexts;
  isSafe: boolean;
  call: Call;
  capture: Capture;
  check: LineCheck;
  preview: Preview;
  devices: DeviceLists;
  now: number;
  dispatch: (event: MeetingEvent) => void;
}

/** Screens that are a room: they fill the window. */
const ROOMS: ReadonlySet<Screen> = new Set(["call", "private"]);

/** The whole page. */
export function meetingView(page: MeetingScreen): TemplateResult {
  const { model, screen, texts, dispatch } = page;
  const isOffline = (model.line === "waiting" || model.line === "connecting") && screen !== "connecting" && screen !== "over" && screen !== "removed";
  return html`${isOffline && !ROOMS.has(screen) ? html`<p class="govuk-body line-lost" role="status">${texts.lobby.offline}</p>` : nothing}
    ${ROOMS.has(screen) ? roomScreen(page, isOffline) : plainScreen(page)}
    ${screen === "private" ? nothing : askedView(model, texts, dispatch)}`;
}

function roomScreen(page: MeetingScreen, isOffline: boolean): TemplateResult {
  const { call, devices, now, model, texts, screen, dispatch } = page;
  const top = screen === "private"
    ? privateBanner(model, call.isPrivate && call.seat.state === "in", texts, dispatch)
    : privateChoices(model, texts, dispatch, true);
  return roomView({ call, devices, now, isOffline, top });
}

function plainScreen(page: MeetingScreen): TemplateResult {
  const { model, screen, texts, preview, dispatch } = page;
  const { lobby } = texts;
  switch (screen) {
    case "early":
      return earlyScreen(lobbyOf(page));
    case "check":
      return checkScreen(lobbyOf(page));
    case "waiting":
      return waitingScreen({ model, texts, preview, dispatch, start: starterOf(page.capture) });
    case "asked":
      return html`<section data-testid="asked-first"><h1 class="govuk-heading-l" tabindex="-1">${lobby.consentFirst.title}</h1>
        <p class="govuk-body">${lobby.consentFirst.body}</p>${page.call.consent.view(texts)}</section>`;
    case "sent_away":
      return awayScreen(page, lobby.sentAway.title, model.meeting?.message ?? "", lobby.sentAway.again);
    case "left":
      return awayScreen(page, lobby.left.title, lobby.left.body, lobby.left.again);
    case "away":
      return cameAway(page);
    case "over":
    case "removed":
      return overScreen(model, texts.words);
    case "refused":
      return refusedScreen(model.refusalCode, lobby);
    case "connecting":
    case "call":
    case "private":
      return html`<section class="quiet"><h1 class="govuk-heading-l" tabindex="-1">${lobby.connecting.title}</h1><p class="govuk-body">${lobby.connecting.body}</p></section>`;
  }
}

/** Who was let in is asked for camera and microphone then; who waits can do it before. */
function starterOf(capture: Capture): (() => void) | null {
  const { camera, microphone } = capture.standing;
  return camera === "off" && microphone === "off" ? () => void capture.open() : null;
}

function lobbyOf({ model, texts, capture, check, preview, devices, dispatch }: MeetingScreen): Lobby {
  return { model, texts, capture, check, preview, devices, dispatch };
}

/** Out of the waiting room: what was said, and one tap back into it. A page that does not know the answer any more asks for it. */
function awayScreen({ model, texts, dispatch }: MeetingScreen, title: string, body: string, again: string): TemplateResult {
  const number = model.meeting?.call_number ?? null;
  const waitAgain = (): void => {
    if (model.alone === "") dispatch({ type: "alone", alone: "unsaid" });
    dispatch({ type: "ready" });
  };
  return html`<section class="quiet" data-testid="waits-outside"><h1 class="govuk-heading-l" tabindex="-1">${title}</h1>
    <p class="govuk-body" role="status" data-testid="told">${body}</p>
    ${number === null || number === "" ? nothing : html`<p class="govuk-body">${texts.lobby.call(number)}</p>`}
    ${problemView({ model, texts })}
    <button type="button" class="govuk-button" data-testid="wait-again" ?disabled=${model.isReadySending} @click=${waitAgain}>${again}</button></section>`;
}

/** In the call, and not by this window. */
function cameAway({ model, texts, dispatch }: MeetingScreen): TemplateResult {
  const isTaken = model.seat === "taken";
  const { away } = texts.lobby;
  const { state } = texts.room;
  return html`<section class="quiet" data-testid="away"><h1 class="govuk-heading-l" tabindex="-1">${isTaken ? state.takenTitle : away.title}</h1>
    <p class="govuk-body">${isTaken ? state.taken : away.body}</p>
    ${problemView({ model, texts })}
    <button type="button" class="govuk-button" data-testid="come-in" @click=${() => dispatch({ type: "come_in" })}>${isTaken ? away.useThis : away.go}</button>
    <button type="button" class="govuk-button govuk-button--secondary" data-testid="leave" @click=${() => dispatch({ type: "leave" })}>${texts.lobby.leave}</button></section>`;
}

function refusedScreen(code: number | null, { refused }: LobbyTexts): TemplateResult {
  const { title, body } = code === 4401 || code === 4409 || code === 4410 ? refused[code] : refused.other;
  return html`<section class="quiet" data-testid="refused"><h1 class="govuk-heading-l" tabindex="-1">${title}</h1><p class="govuk-body">${body}</p></section>`;
}

/** Puts the focus where reading begins when another screen or panel appears, and the title into the tab. */
export class Focus {
  private screen: Screen | null = null;
  private panel: Panel | null = null;
  private round: number | null = null;
  private before: Element | null = null;

  constructor(private readonly host: HTMLElement, private readonly isSafe: boolean, private readonly texts: LobbyTexts) {}

  /** The page was drawn; `round` is that of a question about the recording, null while there is none. */
  follow(screen: Screen, panel: Panel | null, round: number | null): void {
    if (screen !== this.screen) this.changed(screen);
    if (panel !== this.panel) this.opened(panel);
    if (round !== this.round && round !== null) this.host.querySelector<HTMLElement>("#consent-title")?.focus({ preventScroll: true });
    this.round = round;
  }

  private changed(screen: Screen): void {
    const isFirst = this.screen === null;
    this.screen = screen;
    document.body.classList.toggle("in-room", ROOMS.has(screen));
    const languages = document.getElementById("languages");
    // Another language loads the page anew, which would leave the call.
    if (languages !== null) languages.hidden = ROOMS.has(screen) || screen === "asked";
    const title = this.host.querySelector<HTMLElement>("h1");
    document.title = this.isSafe || title === null ? (this.isSafe ? this.texts.neutralTitle : this.texts.appName) : `${title.textContent} - ${this.texts.appName}`;
    if (isFirst) return;
    window.scrollTo(0, 0);
    title?.focus({ preventScroll: true });
  }

  private opened(panel: Panel | null): void {
    if (this.panel === null) this.before = document.activeElement;
    this.panel = panel;
    if (panel !== null) this.host.querySelector<HTMLElement>("#panel-title")?.focus({ preventScroll: true });
    else if (this.before instanceof HTMLElement) this.before.focus({ preventScroll: true });
  }
}
