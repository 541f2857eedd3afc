import { describe, expect, it, vi } from "vitest";
import { positionFault, positionReport, watchPosition } from "./position";

function position(coords: Partial<GeolocationCoordinates>): GeolocationPosition {
  const known = { latitude: 51.8, longitude: -0.2, accuracy: 14, altitude: null, heading: null, speed: null };
  return { coords: { ...known, ...coords }, timestamp: 1_763_820_000_123.7 } as unknown as GeolocationPosition;
}

describe("positionReport", () => {
  it("test_phone_that_stands_still_reports_no_direction", () => {
    const report = positionReport(position({ heading: Number.NaN, speed: 0 }));
    expect(report).toEqual({
      latitude: 51.8, longitude: -0.2, accuracy_m: 14, fixed_at: 1_763_820_000_124, speed_mps: 0,
    });
  });

  it("test_phone_that_moves_reports_all_it_knows", () => {
    const report = positionReport(position({ altitude: 92.5, heading: 181, speed: 3.2 }));
    expect(report).toMatchObject({ altitude_m: 92.5, heading_deg: 181, speed_mps: 3.2 });
  });
});

describe("positionFault", () => {
  it.each([
    [1, true, "denied"],
    [2, true, "unavailable"],
    [3, true, "timeout"],
    [99, true, "unavailable"],
    [1, false, "insecure"],
  ] as const)("test_browser_code_%i_secure_%s_means_%s", (code, isSecure, fault) => {
    expect(positionFault(code, isSecure)).toBe(fault);
  });
});

describe("watchPosition", () => {
  it("test_watch_stopped_is_cleared_in_the_browser", () => {
    const geolocation = { watchPosition: vi.fn().mockReturnValue(7), clearWatch: vi.fn() };
    const stop = watchPosition({ onFix: vi.fn(), onFault: vi.fn() }, { isSecureContext: true, navigator: { geolocation } });
    expect(geolocation.clearWatch).not.toHaveBeenCalled();
    stop();
    expect(geolocation.clearWatch).toHaveBeenCalledExactlyOnceWith(7);
  });

  it("test_browser_without_geolocation_says_so", () => {
    const onFault = vi.fn();
    watchPosition({ onFix: vi.fn(), onFault }, { isSecureContext: true, navigator: {} });
    expect(onFault).toHaveBeenCalledExactlyOnceWith("unsupported");
  });
});
