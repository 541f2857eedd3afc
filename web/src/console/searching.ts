/** The form of a search of past sessions, and what it found. Pure. */

import type { SessionSummary } from "../signalling/messages";
import { millis } from "./times";

/** What is typed, as it is typed; local dates and times of the workstation. */
export interface SearchFields {
  reason: string;
  reference: string;
  gridReference: string;
  latLon: string;
  radius: string;
  since: string;
  until: string;
  operator: string;
  phone: string;
  outcome: string;
  state: string;
  kind: string;
}

/** The form, and the pages that were found so far; null before the first search. */
export interface Search {
  fields: SearchFields;
  found: readonly SessionSummary[] | null;
  next: string | null;
}

/** What the door takes. */
export type SearchBody = Record<string, string | number>;

/** A form before anything was typed. */
export function emptySearch(): Search {
  const fields: SearchFields = {
    reason: "", reference: "", gridReference: "", latLon: "", radius: "200", since: "", until: "", operator: "", phone: "", outcome: "", state: "", kind: "",
  };
  return { fields, found: null, next: null };
}

/** The form as the door takes it: only what was filled in. */
export function bodyOf(fields: SearchFields): SearchBody {
  const body: SearchBody = {};
  const texts = {
    reason: fields.reason, reference: fields.reference, grid_reference: fields.gridReference, operator: fields.operator,
    phone_number: fields.phone, outcome: fields.outcome, state: fields.state, kind: fields.kind,
  };
  for (const [name, text] of Object.entries(texts)) if (text.trim() !== "") body[name] = text.trim();
  const point = readLatLon(fields.latLon);
  if (point !== null) Object.assign(body, point);
  const radius = Number(fields.radius);
  if (Number.isFinite(radius) && radius > 0) body.radius_m = radius;
  for (const name of ["since", "until"] as const) {
    const at = millis(fields[name]);
    if (at !== null) body[name] = new Date(at).toISOString();
  }
  return body;
}

/** What keeps the form from being sent, in words; null when nothing does. */
export function missingOf(fields: SearchFields): string | null {
  if (fields.latLon.trim() !== "" && readLatLon(fields.latLon) === null) return "Write latitude and longitude like 51.7634, -0.2257";
  const asked = Object.keys(bodyOf(fields)).filter((name) => name !== "reason" && name !== "radius_m");
  return asked.length === 0 ? "Say what you look for: a reference, a place, a time or a person" : null;
}

/** "51.7634, -0.2257" as degrees; null for anything else. */
export function readLatLon(text: string): { latitude: number; longitude: number } | null {
  const found = /^\s*(-?\d+(?:\.\d+)?)\s*[, ]\s*(-?\d+(?:\.\d+)?)\s*$/.exec(text);
  if (found === null) return null;
  const [latitude, longitude] = [Number(found[1]), Number(found[2])];
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? { latitude, longitude } : null;
}
