/** The position in words: grid reference, latitude and longitude, eastings and northings, accuracy and age. */

import { html, nothing, type TemplateResult } from "lit-html";

import { fixAge, freshnessOf } from "../../map/freshness";
import { eastingNorthing, latLon } from "../../map/fixwords";
import { formatGridReference } from "../../map/grid";
import type { Fix, SessionSummary } from "../../signalling/messages";
import type { Desk } from "../desk";
import { hasEnded } from "../select";
import { clock, duration } from "../times";
import { copyButton } from "./pieces";

/** Whose position it is. */
export type Placed = Pick<SessionSummary, "state" | "kind" | "last_position">;

const COMPASS = ["N", "NE", "E", "SE", "S", "SW", "W", "NW"] as const;

/** How the phone moves, if it does: "5 km/h NE". */
export function movement(fix: Pick<Fix, "speed_mps" | "heading_deg">): string {
  if (fix.speed_mps === null || fix.speed_mps < 0.5) return "";
  const speed = `${Math.round(fix.speed_mps * 3.6)} km/h`;
  if (fix.heading_deg === null) return speed;
  return `${speed} ${COMPASS[Math.round(fix.heading_deg / 45) % 8] ?? ""}`;
}

/** The read-out over the map. */
export function readoutView(desk: Desk, session: Placed): TemplateResult {
  const fix = session.last_position;
  if (fix === null) return html`<div class="readout readout-none" data-testid="position-none"><p>No position yet</p></div>`;
  const reference = formatGridReference(fix.grid_reference ?? "");
  return html`<div class="readout" data-testid="position">
    <div class="readout-main">
      <span class="readout-label">Grid</span>
      <b class="readout-grid" data-testid="grid-reference">${reference === "" ? "outside Great Britain" : reference}</b>
      ${reference === "" ? nothing : copyButton(desk, reference, "Copy the grid reference", "copy-grid")}
      <span class="spacer"></span>
      ${ageView(desk, session, fix)}
    </div>
    <div class="readout-more">
      <span class="pair"><span class="readout-label">Lat, lon</span><span data-testid="lat-lon">${latLon(fix)}</span>
        ${copyButton(desk, latLon(fix), "Copy latitude and longitude", "copy-lat-lon")}</span>
      ${eastingNorthing(fix) === ""
        ? nothing
        : html`<span class="pair"><span class="readout-label">E, N</span><span data-testid="easting-northing">${eastingNorthing(fix)}</span>
            ${copyButton(desk, eastingNorthing(fix), "Copy eastings and northings", "copy-easting-northing")}</span>`}
      <span class="spacer"></span>
      ${movement(fix) === "" ? nothing : html`<span class="movement">${movement(fix)}</span>`}
    </div>
  </div>`;
}

/** Accuracy and age: a position never stands without them. */
function ageView(desk: Desk, session: Placed, fix: Fix): TemplateResult {
  const age = fixAge(fix, desk.now);
  const tone = hasEnded(session) ? "stale" : freshnessOf(age);
  const words = hasEnded(session) ? `last known, ${clock(fix.fixed_at)}` : age < 2 ? "now" : `${duration(age)} ago`;
  return html`<span class="accuracy" data-testid="accuracy">±${Math.round(fix.accuracy_m)} m</span>
    <span class="age age-${tone}" data-testid="fix-age" title="Fix of ${clock(fix.fixed_at)}">${words}</span>`;
}
