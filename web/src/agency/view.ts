/** What an agency's live page shows. */

import { html, nothing, type TemplateResult } from "lit-html";

import type { TileTruth } from "../console/tiletruth";
import { clock, duration } from "../console/times";
import { eastingNorthing, latLon } from "../map/fixwords";
import { fixAge, freshnessOf } from "../map/freshness";
import { formatGridReference } from "../map/grid";
import type { AgencyView } from "../signalling/agencyshapes";
import type { Fix } from "../signalling/messages";
import type { AgencyState, Over } from "./state";
import { shortId } from "./watermark";
import { ENDS, REFUSED, WORDS } from "./words";

/** What a view may show and do. `now` is milliseconds of the server's clock. */
export interface Screen {
  state: AgencyState;
  now: number;
  truth: TileTruth | null;
  video: HTMLVideoElement | null;
  needsTap: boolean;
  hasPicture: boolean;
  watermark: HTMLCanvasElement;
  map: HTMLElement;
  hasMapFailed: boolean;
  forceName: string;
  play(): void;
  leave(): void;
  showHere(): void;
}

/** The whole page. */
export function pageView(screen: Screen): TemplateResult {
  const { state } = screen;
  const whose = WORDS.from(state.shared?.force_name ?? screen.forceName);
  return html`<header class="live-head">${state.over === null ? html`<h1 class="live-force">${whose}</h1>` : html`<p class="live-force">${whose}</p>`}
      ${state.over === null ? lineView(state) : nothing}</header>
    ${state.over !== null ? overView(screen, state.over) : liveView(screen)}`;
}

function lineView({ line, isSynced }: AgencyState): TemplateResult {
  const isLost = line === "waiting";
  const words = isLost ? WORDS.lineLost : isSynced ? WORDS.connected : WORDS.connecting;
  return html`<p class="line ${isLost ? "is-lost" : ""}" role="status" data-testid="line">${words}</p>`;
}

function overView(screen: Screen, over: Over): TemplateResult {
  const words = over === "elsewhere" ? REFUSED.elsewhere : over === "not_let_in" ? REFUSED.notLetIn : ENDS[over];
  const at = clock(screen.state.overAt);
  return html`<main class="page over" id="main" data-testid="over" data-reason=${over} role="alert">
    <h1>${words.title}</h1><p class="lead">${words.detail}</p>${at === "" ? nothing : html`<p class="hint">${at}</p>`}
    ${over === "elsewhere" ? html`<button type="button" class="button button-primary" @click=${() => screen.showHere()}>${REFUSED.showHere}</button>` : nothing}
  </main>`;
}

function liveView(screen: Screen): TemplateResult {
  const { shared } = screen.state;
  return html`<main class="live" id="main">
    ${pictureView(screen)}
    <section class="facts">
      ${shared === null ? nothing : sharedFacts(screen, shared)}
      ${positionView(screen.state.position, screen.now)}
      <div class="map-frame" ?hidden=${screen.state.position === null}>${screen.map}
        ${screen.hasMapFailed ? html`<p class="map-note">${WORDS.mapFailed}</p>` : nothing}</div>
      <p class="note">${WORDS.logged}</p>
      <div class="leave"><button type="button" class="button button-secondary" data-testid="leave" @click=${() => screen.leave()}>${WORDS.leave}</button>
        <p class="hint">${WORDS.leaveHint}</p></div>
    </section>
  </main>`;
}

function pictureView(screen: Screen): TemplateResult {
  const { truth, hasPicture } = screen;
  const tone = truth?.tone ?? "waiting";
  return html`<figure class="picture tone-${tone} ${hasPicture ? "has-picture" : ""}" aria-label=${WORDS.picture} data-testid="picture"
    @contextmenu=${(event: Event) => event.preventDefault()}>
    ${screen.video ?? nothing}${screen.watermark}
    <span class="truth truth-${tone}" data-testid="truth">${truth?.label ?? WORDS.connecting}</span>
    ${truth === null || truth.detail === "" ? nothing : html`<p class="truth-detail" role="status" data-testid="truth-detail">${truth.detail}</p>`}
    ${screen.needsTap ? html`<button type="button" class="button button-primary tap" @click=${() => screen.play()}>${WORDS.play}</button>` : nothing}
    ${hasPicture && "requestFullscreen" in Element.prototype
      ? html`<button type="button" class="full-screen" data-testid="full-screen" @click=${toggleFullScreen}>${WORDS.fullScreen}</button>` : nothing}
  </figure>`;
}

/** The figure goes over the whole screen, and with it what is written over the picture. */
function toggleFullScreen(event: Event): void {
  const figure = (event.currentTarget as HTMLElement).closest("figure");
  if (document.fullscreenElement === null) void figure?.requestFullscreen();
  else void document.exitFullscreen();
}

function sharedFacts({ state, now }: Screen, shared: AgencyView): TemplateResult {
  const left = Math.max(0, (Date.parse(shared.ends_at) - now) / 1000);
  return html`<dl class="pairs">
    ${pair(WORDS.reference, html`<b data-testid="reference">${shared.reference}</b>`)}
    ${pair(WORDS.purpose, html`<span data-testid="purpose">${shared.purpose}</span>`)}
    ${pair(WORDS.viewer, html`<span data-testid="viewer">${state.viewer?.name ?? ""}, ${shared.agency}</span>`)}
    ${pair(WORDS.timeLeft, html`<span class=${left < 300 ? "is-short" : ""} data-testid="time-left">${duration(left)}, until ${clock(shared.ends_at)}</span> <span class="quiet">${WORDS.shareId(shortId(shared.id))}</span>`)}
  </dl>`;
}

function positionView(fix: Fix | null, now: number): TemplateResult {
  if (fix === null) return html`<p class="hint" data-testid="position-none">${WORDS.noPosition}</p>`;
  const age = fixAge(fix, now);
  const reference = formatGridReference(fix.grid_reference ?? "");
  const eastNorth = eastingNorthing(fix);
  return html`<dl class="pairs" data-testid="position">
    ${pair(WORDS.grid, html`<b class="grid-reference" data-testid="grid-reference">${reference === "" ? WORDS.offGrid : reference}</b>`)}
    ${pair(WORDS.accuracy, html`<span data-testid="accuracy">±${Math.round(fix.accuracy_m)} m</span>
      <span class="age age-${freshnessOf(age)}" data-testid="fix-age">${age < 2 ? WORDS.now : WORDS.ago(duration(age))}</span>`)}
    ${pair(WORDS.latLon, html`${latLon(fix)}`)}
    ${eastNorth === "" ? nothing : pair("E, N", html`${eastNorth}`)}
  </dl>`;
}

function pair(term: string, words: TemplateResult): TemplateResult {
  return html`<div><dt>${term}</dt><dd>${words}</dd></div>`;
}
