/** Where this device is, with the accuracy that it claims for itself. */

import type { PositionReport } from "../signalling/messages";

/** Why there is no position: a closed list. */
export const POSITION_FAULTS = ["denied", "unavailable", "timeout", "insecure", "unsupported"] as const;
export type PositionFault = (typeof POSITION_FAULTS)[number];

export interface PositionEvents {
  onFix(fix: PositionReport): void;
  /** `timeout` and `unavailable` may pass: the watch goes on. The others end it. */
  onFault(fault: PositionFault): void;
}

/** The part of `window` that is needed. */
export interface PositionHost {
  readonly isSecureContext: boolean;
  readonly navigator: {
    readonly geolocation?: Pick<Geolocation, "watchPosition" | "clearWatch"> | undefined;
  };
}

/** A cold satellite fix takes its time. */
const FIX_TIMEOUT_MS = 30_000;
const OPTIONS: PositionOptions = { enableHighAccuracy: true, maximumAge: 0, timeout: FIX_TIMEOUT_MS };

/** The report of one browser position. A value that the device does not know is left out. */
export function positionReport(position: GeolocationPosition): PositionReport {
  const { latitude, longitude, accuracy, altitude, heading, speed } = position.coords;
  return {
    latitude,
    longitude,
    accuracy_m: accuracy,
    fixed_at: Math.round(position.timestamp),
    ...(altitude === null ? {} : { altitude_m: altitude }),
    // A device that stands still has no direction: some browsers say NaN, some null.
    ...(heading === null || Number.isNaN(heading) ? {} : { heading_deg: heading }),
    ...(speed === null ? {} : { speed_mps: speed }),
  };
}

/** Name the reason behind an error of the browser (GeolocationPositionError.code). */
export function positionFault(code: number, isSecureContext: boolean): PositionFault {
  if (!isSecureContext) return "insecure";
  if (code === 1) return "denied";
  return code === 3 ? "timeout" : "unavailable";
}

/** Watch the position until the returned function is called. The first call shows the browser's question. */
export function watchPosition(events: PositionEvents, host: PositionHost = window): () => void {
  const geolocation = host.navigator.geolocation;
  if (geolocation === undefined) {
    events.onFault(host.isSecureContext ? "unsupported" : "insecure");
    return () => undefined;
  }
  const watch = geolocation.watchPosition(
    (position) => events.onFix(positionReport(position)),
    (error) => events.onFault(positionFault(error.code, host.isSecureContext)),
    OPTIONS,
  );
  return () => geolocation.clearWatch(watch);
}
