/** Draws the officer's page: large and dark, everything that is tapped in reach of one thumb. */

import { html, nothing, render, type TemplateResult } from "lit-html";

import type { OfficerActs } from "./app";
import { homeScreen, choosingScreen, elsewhereScreen } from "./home";
import { liveScreen } from "./live";
import type { OfficerPart } from "./parts";
import { screenOf, type OfficerPage } from "./state";
import { CAMERA_WORDS } from "./words";

/** What every screen is drawn with. */
export interface Drawing {
  page: OfficerPage;
  acts: OfficerActs;
  /** Each draws what is its own on the screens that have a place for it. */
  parts: readonly OfficerPart[];
  /** The own picture: one element, so that it goes on playing whatever is drawn around it. */
  preview: HTMLVideoElement;
  signOut: () => void;
}

/** Fill the page's element. */
export function drawPage(host: HTMLElement, drawing: Drawing): void {
  render(html`${drawing.parts.map((part) => part.topView?.())}${screen(drawing)}`, host);
}

function screen(drawing: Drawing): TemplateResult {
  switch (screenOf(drawing.page)) {
    case "connecting":
      return plain("Connecting…", "Waiting for Sightline.");
    case "refused":
      return refused(drawing.page.refusalCode);
    case "home":
      return homeScreen(drawing);
    case "choosing":
      return choosingScreen(drawing);
    case "elsewhere":
      return elsewhereScreen(drawing);
    case "trouble":
      return trouble(drawing);
    case "live":
      return liveScreen(drawing);
  }
}

function plain(title: string, words: string, way: TemplateResult | typeof nothing = nothing): TemplateResult {
  return html`<main class="plain"><div class="plain-words" role="status"><h1>${title}</h1><p>${words}</p></div>
    <div class="reach">${way}</div></main>`;
}

function refused(code: number | null): TemplateResult {
  if (code === 4401) {
    return plain("You are signed out", "Nothing is sent from this phone.", html`<a class="act main" href="/sign-in/?next=/officer/">Sign in</a>`);
  }
  const words = code === 4429 ? "This page is open in too many windows. Close some, then load this one again." : "Your role may not go live.";
  return plain("Not connected", words, html`<a class="act" href="/officer/">Load again</a>`);
}

/** No camera: why, and what can be done. */
function trouble({ page, acts }: Drawing): TemplateResult {
  const words = CAMERA_WORDS[page.sharing.camera.fault ?? "unknown"];
  return plain("No camera", words, html`
    <button type="button" class="act main" @click=${() => acts.live.tryCamera()}>Try again</button>
    <button type="button" class="act stop" @click=${() => acts.live.stop()}>Stop</button>`);
}
