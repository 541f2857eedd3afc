/** Where this device is, with the accuracy that it claims for itself. */

import type { PositionReport } from "../signalling/messages";

/** Why there is no position: a closed list. */
export const POSITION_FAULTS = ["denied", "unavailable", "timeout", "insecure", "unsupported"] as const;
export type PositionFault = (typeof POSITION_FAULTS)[number];

export interface PositionEvents {
  onFix(fix: PositionReport): void;
  /** `timeout` and `unavailable` may pass: the watch goes on. The others end it. A phone that was found is not lost at once. */
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
/** A fix says for so long where the phone is; a fault meanwhile is told when no other fix has followed by then. */
export const FIX_HOLDS_MS = 10_000;
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

/** Whether the next fix may come all the same. */
export function isPassing(fault: PositionFault): boolean {
  return fault === "timeout" || fault === "unavailable";
}

/** Watch the position until the returned function is called. The first call shows the browser's question. */
export function watchPosition(events: PositionEvents, host: PositionHost = window): () => void {
  const geolocation = host.navigator.geolocation;
  if (geolocation === undefined) {
    events.onFault(host.isSecureContext ? "unsupported" : "insecure");
    return () => undefined;
  }
  let heldUntil = 0;
  let held: ReturnType<typeof setTimeout> | undefined;
  const onFix = (position: GeolocationPosition): void => {
    clearTimeout(held);
    heldUntil = performance.now() + FIX_HOLDS_MS;
    events.onFix(positionReport(position));
  };
  const onError = (error: GeolocationPositionError): void => {
    clearTimeout(held);
    const fault = positionFault(error.code, host.isSecureContext);
    const left_ms = isPassing(fault) ? heldUntil - performance.now() : 0;
    if (left_ms <= 0) events.onFault(fault);
    else held = setTimeout(() => events.onFault(fault), left_ms);
  };
  const watch = geolocation.watchPosition(onFix, onError, OPTIONS);
  return () => {
    clearTimeout(held);
    geolocation.clearWatch(watch);
  };
}
