import { describe, expect, it } from "vitest";
import { DEFAULT_RECONNECT_POLICY, mayReconnect, reconnectDelay } from "./reconnect";

const policy = { steps_ms: [100, 1_000, 5_000], jitter: 0.5 };

describe("reconnectDelay", () => {
  it("test_policy_first_attempt_is_quick_and_later_ones_wait_longer", () => {
    expect([0, 1, 2].map((attempt) => reconnectDelay(policy, attempt, 0.5))).toEqual([100, 1_000, 5_000]);
  });

  it("test_policy_never_gives_up_and_keeps_its_last_step", () => {
    expect(reconnectDelay(policy, 400, 0.5)).toBe(5_000);
  });

  it("test_policy_jitter_spreads_around_the_step_by_its_share", () => {
    expect(reconnectDelay(policy, 1, 0)).toBe(750);
    expect(reconnectDelay(policy, 1, 0.999999)).toBe(1_250);
  });

  it("test_policy_default_returns_within_a_second_and_never_waits_longer_than_twelve_and_a_half", () => {
    expect(reconnectDelay(DEFAULT_RECONNECT_POLICY, 0, 1)).toBeLessThan(1_000);
    expect(reconnectDelay(DEFAULT_RECONNECT_POLICY, 99, 1)).toBe(12_500);
  });

  it("test_policy_default_waits_for_no_two_seconds_during_the_first_twenty", () => {
    let waited = 0;
    for (let attempt = 0; waited < 20_000; attempt += 1) {
      expect(reconnectDelay(DEFAULT_RECONNECT_POLICY, attempt, 1)).toBeLessThan(2_000);
      waited += reconnectDelay(DEFAULT_RECONNECT_POLICY, attempt, 0);
    }
  });
});

describe("mayReconnect", () => {
  it.each([4401, 4403, 4404, 4409, 4410, 4429])("test_server_refusing_with_%i_is_final", (code) => {
    expect(mayReconnect(code)).toBe(false);
  });

  it.each([1000, 1006, 1011, 1012, 4012, 4013])("test_server_lost_with_%i_is_tried_again", (code) => {
    expect(mayReconnect(code)).toBe(true);
  });
});
