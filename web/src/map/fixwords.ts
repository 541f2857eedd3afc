/** A position's numbers as people read them out. */

import type { Fix } from "../signalling/messages";

/** Latitude and longitude in degrees, five decimals (about a metre). */
export function latLon(fix: Pick<Fix, "latitude" | "longitude">): string {
  return `${fix.latitude.toFixed(5)}, ${fix.longitude.toFixed(5)}`;
}

/** Eastings and northings in whole metres; "" off the National Grid. */
export function eastingNorthing(fix: Fix): string {
  if (fix.easting === null || fix.northing === null) return "";
  return `${Math.floor(fix.easting)}, ${Math.floor(fix.northing)}`;
}
