/** What the control room shows of the incident, as it is drawn: a card each, and the picture over the page. */

import { html, nothing, type TemplateResult } from "lit-html";

import { clock, duration } from "../console/times";
import { fixAge, freshnessOf } from "../map/freshness";
import { formatGridReference } from "../map/grid";
import type { Fix, ShownPicture } from "../signalling/messages";
import type { Shown } from "./shown";

/** On the first screen: one large tap each. */
export function shownCards(shown: Shown): TemplateResult | typeof nothing {
  const { pictures } = shown;
  if (pictures.length === 0) return nothing;
  return html`<section class="card shown-list" aria-labelledby="shown-title" data-testid="shown-list">
    <h2 id="shown-title">Live on the incident</h2>
    <ul>${pictures.map((one) => html`<li data-testid="shown-picture" data-session=${one.session_id}>
      <p class="card-incident"><b>${nameOf(one)}</b> ${one.incident.reference}</p>
      ${placeView(one.position, shown.now())}
      ${one.stream?.state === "stalled" ? html`<p class="card-facts is-lost">No signal since ${clock(one.stream.stalled_at)}</p>` : nothing}
      ${watchButton(shown, one, one.stream === null ? "No picture now" : "Watch")}
    </li>`)}</ul>
  </section>`;
}

/** While live one line: the newest that has a picture. */
export function shownLine(shown: Shown): TemplateResult | typeof nothing {
  const newest = shown.pictures.find((one) => one.stream !== null);
  return newest === undefined ? nothing : html`<div class="shown-live">${watchButton(shown, newest, `Watch: ${nameOf(newest)}`)}</div>`;
}

/** Over the whole screen: the picture, what is true of it, where it is, and the way back. */
export function shownSheet(shown: Shown): TemplateResult | typeof nothing {
  const { open, over } = shown;
  if (open === null) return nothing;
  return html`<section class="shown-sheet" aria-labelledby="shown-sheet-title" data-testid="shown-sheet">
    <h2 id="shown-sheet-title">${nameOf(open)} <span>${open.incident.reference}</span></h2>
    ${over === null ? pictureView(shown) : html`<p class="notice is-bad" role="alert" data-testid="shown-over"><b>Picture ended.</b> ${over}</p>`}
    ${over === null && shown.drones.newest(open.session_id) === null ? placeView(open.position, shown.now()) : nothing}
    ${shown.droneVideo === null ? nothing : shown.ground.underView((place) => shown.askGround(place))}
    ${over === null ? shown.drones.view(open, shown.now()) : nothing}
    <div class="reach">
      ${shown.isLive ? html`<p class="place" role="status" data-testid="own-goes-on">You are live: your own picture goes on.</p>` : nothing}
      <button type="button" class="act main" data-testid="close-picture" @click=${() => shown.close()}>Close</button>
    </div>
  </section>`;
}

function pictureView(shown: Shown): TemplateResult {
  const truth = shown.truth();
  const hasPicture = shown.status?.lastFrameAt != null;
  return html`<figure class="shown-figure tone-${truth?.tone ?? "waiting"} ${hasPicture ? "has-picture" : ""}" data-testid="shown-figure">
    ${shown.video ?? nothing}
    ${shown.droneVideo === null ? nothing : shown.ground.overView(shown.droneVideo, (place) => shown.askGround(place))}
    <strong class="sign" role="status" data-testid="shown-truth">${truth?.label ?? "CONNECTING"}</strong>
    ${truth === null || truth.detail === "" ? nothing : html`<figcaption data-testid="shown-detail">${truth.detail}</figcaption>`}
    ${shown.status?.needsTap === true ? html`<button type="button" class="act go" @click=${() => shown.play()}>Play</button>` : nothing}
  </figure>`;
}

function watchButton(shown: Shown, one: ShownPicture, words: string): TemplateResult {
  return html`<button type="button" class="act go" data-testid="watch-picture" aria-label="${words}, ${nameOf(one)}, ${one.incident.reference}"
    ?disabled=${one.stream === null || !shown.isConnected} @click=${() => shown.watch(one)}>${words}</button>`;
}

function nameOf({ officer, source }: ShownPicture): string {
  if (source !== null) return `Drone ${source.name}`;
  if (officer === null) return "Caller";
  return officer.number === "" ? officer.name : `${officer.number} ${officer.name}`;
}

/** The place with its accuracy and age: never finer, nor newer, than it is known. */
function placeView(fix: Fix | null, now: number): TemplateResult {
  if (fix === null) return html`<p class="card-place" data-testid="shown-place">Place not known</p>`;
  const age = fixAge(fix, now);
  const grid = fix.grid_reference === null ? `${fix.latitude.toFixed(5)}, ${fix.longitude.toFixed(5)}` : formatGridReference(fix.grid_reference);
  return html`<p class="card-place age-${freshnessOf(age)}" data-testid="shown-place">${grid}, ±${Math.max(1, Math.round(fix.accuracy_m))} m, ${duration(age)} ago</p>`;
}
