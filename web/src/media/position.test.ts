import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FIX_HOLDS_MS, positionFault, positionReport, watchPosition } from "./position";

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

interface Watched {
  told: string[];
  fix(): void;
  fail(code: number): void;
  stop(): void;
}

function watched(): Watched {
  const told: string[] = [];
  let onFix: PositionCallback = () => undefined;
  let onError: PositionErrorCallback = () => undefined;
  const geolocation = {
    watchPosition: (success: PositionCallback, failure?: PositionErrorCallback | null) => {
      onFix = success;
      onError = failure ?? onError;
      return 1;
    },
    clearWatch: () => undefined,
  };
  const events = { onFix: () => void told.push("fix"), onFault: (fault: string) => void told.push(fault) };
  const stop = watchPosition(events, { isSecureContext: true, navigator: { geolocation } });
  return { told, stop, fix: () => onFix(position({})), fail: (code) => onError({ code } as GeolocationPositionError) };
}

describe("watchPosition", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("test_watch_stopped_is_cleared_in_the_browser", () => {
    const geolocation = { watchPosition: vi.fn().mockReturnValue(7), clearWatch: vi.fn() };
    const stop = watchPosition({ onFix: vi.fn(), onFault: vi.fn() }, { isSecureContext: true, navigator: { geolocation } });
    expect(geolocation.clearWatch).not.toHaveBeenCalled();
    stop();
    expect(geolocation.clearWatch).toHaveBeenCalledExactlyOnceWith(7);
  });

  it("test_phone_that_hesitates_after_a_fix_is_not_said_to_be_lost", () => {
    const { fix, fail, told } = watched();
    fix();
    fail(2);
    vi.advanceTimersByTime(FIX_HOLDS_MS - 1);
    fix();
    vi.advanceTimersByTime(10 * FIX_HOLDS_MS);
    expect(told).toEqual(["fix", "fix"]);
  });

  it("test_phone_that_is_not_found_again_says_so_when_its_fix_is_old", () => {
    const { fix, fail, told } = watched();
    fix();
    fail(2);
    fail(3);
    vi.advanceTimersByTime(FIX_HOLDS_MS);
    expect(told).toEqual(["fix", "timeout"]);
    fail(2);
    expect(told).toEqual(["fix", "timeout", "unavailable"]);
  });

  it("test_phone_that_never_was_found_and_one_that_refuses_say_so_at_once", () => {
    const { fix, fail, told } = watched();
    fail(2);
    fix();
    fail(1);
    expect(told).toEqual(["unavailable", "fix", "denied"]);
  });

  it("test_watch_that_is_over_tells_nothing_late", () => {
    const { fix, fail, told, stop } = watched();
    fix();
    fail(2);
    stop();
    vi.advanceTimersByTime(10 * FIX_HOLDS_MS);
    expect(told).toEqual(["fix"]);
  });

  it("test_browser_without_geolocation_says_so", () => {
    const onFault = vi.fn();
    watchPosition({ onFix: vi.fn(), onFault }, { isSecureContext: true, navigator: {} });
    expect(onFault).toHaveBeenCalledExactlyOnceWith("unsupported");
  });
});
