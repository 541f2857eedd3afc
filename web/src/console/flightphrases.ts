/** Flights in words: why one was refused, by what law it is flown, how it stands. Pure. */

import type { FlightView, LawfulBasis } from "./fleetrest";
import { errorPhrase } from "./phrases";
import type { ApiError } from "./rest";

/** What a code means where a flight is concerned; the others mean what they do anywhere. */
const REFUSALS: Readonly<Record<string, string>> = {
  aircraft_busy: "This aircraft has another flight. Land it, or call it off, first.",
  aircraft_withdrawn: "This aircraft is not in service any more. Plan the flight with another one.",
  pilot_busy: "This pilot has another aircraft in the air. Land that one first, or plan with another pilot.",
  pilot_unfit: "Whoever flies needs the skill of a drone pilot and a flyer ID of the CAA. The force admin enters both.",
  risk_unanswered: "The risk questions of this flight were not answered, or have changed since. Answer them, then launch.",
  risk_refused: "The risk assessment does not allow this flight.",
  invalid_transition: "The flight has moved on meanwhile. The screen shows where it stands now.",
  session_over: "The flight is over. The screen shows where it stands now.",
  not_found: "The incident is closed, or the flight or its aircraft is no longer here.",
};

/** Why a flight was refused, for the person who sits here; what is not filled in right in the server's own words. */
export function flightPhrase({ code, message }: Pick<ApiError, "code" | "message">): string {
  if (code === "invalid_input" && message !== "") return message;
  return REFUSALS[code] ?? errorPhrase(code, message);
}

/** Laws by which what a camera sees is processed, the usual one first; the note is where it stands. */
export const BASES: readonly (readonly [LawfulBasis, string, string])[] = [
  ["law_enforcement", "Law enforcement task", "DPA 2018, section 35(2)(b)"],
  ["vital_interests", "Vital interests", "UK GDPR, article 6(1)(d): life is at risk"],
  ["public_task", "Public task", "UK GDPR, article 6(1)(e)"],
  ["directed_surveillance", "Directed surveillance", "RIPA 2000, section 28: needs its authorisation"],
];

/** A law in words. */
export function basisWords({ lawful_basis, authorisation }: Pick<FlightView, "lawful_basis" | "authorisation">): string {
  const words = BASES.find(([basis]) => basis === lawful_basis)?.[1] ?? lawful_basis;
  return authorisation === "" ? words : `${words}, ${authorisation}`;
}
