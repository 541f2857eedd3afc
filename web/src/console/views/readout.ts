/** The position in words: grid reference, latitude and longitude, eastings and northings, accuracy and age. */

import { html, nothing, type TemplateResult } from "lit-html";

import { fixAge, freshnessOf } from "../../map/freshness";
import { formatGridReference } from "../../map/grid";
import type { Fix, SessionSummary } from "../../signalling/messages";
import type { Desk } from "../desk";
import { hasEnded } from "../select";
import { clock, duration } from "../times";
import { copyButton } from "./pieces";

/** Whose position it is. */
export type Placed = Pick<SessionSummary, "state" | "kind" | "last_position">;

const COMPASS = ["N", "NE", "E", "SE", "S", "SW", "W", "NW"] as const;

/** Latitude and longitude in degrees, five decimals (about a metre). */
export function latLon(fix: Fix): string {
  return `${fix.latitude.toFixed(5)}, ${fix.longitude.toFixed(5)}`;
}

/** Eastings and northings in whole metres; "" off the National Grid. */
export function eastingNorthing(fix: Fix): string {
  if (fix.easting === null || fix.northing === null) return "";
  return `${Math.floor(fix.easting)}, ${Math.floor(fix.northing)}`;
}

/** How the phone moves, if it does: "5 km/h NE". */
export function movement(fix: Fix): string {
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
