/** When to try again after a connection was lost: a pure policy, so that it can be tested without a clock. */

export interface ReconnectPolicy {
  /** Delay before attempt `attempt` (0 for the first after a loss), in ms, before jitter. */
  readonly steps_ms: readonly number[];
  /** Share of the delay that is random, 0 to 1: a restart must not bring every phone back in one instant. */
  readonly jitter: number;
}

/**
 * The first try is nearly at once (a lift, a tunnel). For twenty seconds at least nobody waits for two, so that a server
 * that was restarted has every page back within three; later tries are patient, and it never gives up.
 */
export const DEFAULT_RECONNECT_POLICY: ReconnectPolicy = {
  steps_ms: [250, 500, 1_000, ...Array<number>(20).fill(1_500), 3_000, 5_000, 10_000],
  jitter: 0.5,
};

/** Delay in ms before attempt `attempt`, given a random number in [0, 1). The last step repeats for ever. */
export function reconnectDelay(policy: ReconnectPolicy, attempt: number, random: number): number {
  const index = Math.min(Math.max(attempt, 0), policy.steps_ms.length - 1);
  const base = policy.steps_ms[index] ?? 0;
  return Math.round(base * (1 - policy.jitter / 2 + policy.jitter * random));
}

/** Codes of a server that says no and means it: trying again with the same cookie changes nothing. */
const REFUSALS: ReadonlySet<number> = new Set([4401, 4403, 4404, 4409, 4410, 4429]);

/** Whether a closed socket may be opened again after this close code. */
export function mayReconnect(closeCode: number): boolean {
  return !REFUSALS.has(closeCode);
}
