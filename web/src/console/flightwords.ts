/** What an aircraft says and sees, in words. Pure. */

import { formatGridReference } from "../map/grid";
import type { FlightNow } from "../signalling/messages";
import type { GroundAnswer, InViewAnswer } from "./flightrest";

const MISSES: Readonly<Record<NonNullable<GroundAnswer["miss"]>, string>> = {
  no_view: "No place can be given: the drone has not said where its camera looks",
  outside_picture: "That is beside the picture",
  not_in_air: "No place can be given: the drone is not above the ground",
  above_horizon: "That is at or above the horizon",
  too_far: "Further than 2 km: no place can be given",
};

const DOUBTS: Readonly<Record<string, string>> = {
  not_on_earth: "place", no_reception: "place", leap: "place", ahead_of_time: "time", height: "height", heading: "heading",
  speed: "speed", gimbal: "camera", zoom: "zoom", battery: "battery",
};

/** The place under a click as it is read out: grid reference, or degrees where there is none. */
export function groundPlace({ grid_reference, latitude, longitude }: GroundAnswer): string {
  const grid = formatGridReference(grid_reference ?? "");
  if (grid !== "") return grid;
  return latitude === null || longitude === null ? "" : `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`;
}

/** How sure the place is: never without an error, or the word that there is none. Rounded up, and to what can be told apart. */
export function groundError({ error_m }: Pick<GroundAnswer, "error_m">): string {
  if (error_m === null) return "how sure is not known: near the horizon";
  return error_m < 10 ? `±${Math.ceil(error_m)} m` : `±${Math.ceil(error_m / 5) * 5} m`;
}

/** The whole sentence of a click on the picture. */
export function groundWords(answer: GroundAnswer): string {
  if (answer.miss !== null) return MISSES[answer.miss];
  return `${groundPlace(answer)}, ${groundError(answer)}, ${Math.round(answer.distance_m ?? 0)} m from below the drone, if the ground is flat`;
}

/** The whole sentence of a click on the map. */
export function inViewWords({ in_view }: InViewAnswer): string {
  if (in_view === null) return "Not known: the drone has not said where its camera looks";
  return in_view ? "In view: marked in the picture" : "Not in view";
}

/** Which parts of what the aircraft says are not believed; "" for none. */
export function doubtfulWords(reasons: readonly string[]): string {
  const parts = [...new Set(reasons.map((reason) => DOUBTS[reason] ?? reason))];
  return parts.length === 0 ? "" : `What it says is not believed: ${parts.join(", ")}`;
}

/** What the aircraft says, by name; what it does not say is left out. */
export function flightFacts(flight: FlightNow): [name: string, words: string][] {
  const facts: [string, string | null][] = [
    ["Height", metres(flight.height_m, "above take-off")],
    ["Altitude", metres(flight.altitude_m, "above sea level")],
    ["Speed", flight.speed_mps === null ? null : `${Math.round(flight.speed_mps * 3.6)} km/h`],
    ["Camera", cameraWords(flight)],
    ["Battery", flight.battery_percent === null ? null : `${Math.round(flight.battery_percent)} %`],
  ];
  return facts.flatMap(([name, words]) => (words === null ? [] : [[name, words]]));
}

function metres(value: number | null, from: string): string | null {
  return value === null ? null : `${Math.round(value)} m ${from}`;
}

function cameraWords({ gimbal_pitch_deg, gimbal_yaw_deg, heading_deg, zoom }: FlightNow): string | null {
  if (gimbal_pitch_deg === null) return null;
  const tilt = gimbal_pitch_deg <= 0 ? `${Math.round(-gimbal_pitch_deg)}° down` : `${Math.round(gimbal_pitch_deg)}° up`;
  const facing = heading_deg === null ? "" : `, facing ${Math.round((heading_deg + (gimbal_yaw_deg ?? 0) + 720) % 360)}°`;
  return `${tilt}${facing}${zoom === null || zoom === 1 ? "" : `, zoom ${zoom.toFixed(1)}`}`;
}
