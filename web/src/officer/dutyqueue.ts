/** The fixes of a shift that the server has not kept yet: on this phone, for an hour at most, whatever happens to the page. */

import type { DutyFix, PositionReport } from "../signalling/messages";

/** Older ones are refused anyhow. */
export const KEPT_MS = 60 * 60_000;
/** Most fixes in one frame. */
export const MOST_AT_ONCE = 120;
/** Least time between two fixes that are kept: moving, moving without a line, and standing still; in ms. */
export const MOVING_MS = 2_000;
export const OFFLINE_MS = 5_000;
export const STILL_MS = 15_000;
/** Going faster than this is moving, in metres per second. */
const WALKING_MPS = 0.7;
/** Further than this from the last fix is moving, in metres; or half the accuracy, where that is more. */
const MOVED_M = 10;
const METRES_PER_DEGREE = 111_320;
/** Least time between two writes to the phone, in ms. */
const WRITE_EVERY_MS = 10_000;
const KEY = "sightline-duty-fixes";

interface Stored {
  owner: string;
  fixes: DutyFix[];
}

/** What of a report is sent; null for one that says nothing. Some phones say -1 for what they do not know. */
export function dutyFix({ latitude, longitude, accuracy_m, fixed_at, heading_deg, speed_mps }: PositionReport): DutyFix | null {
  if (![latitude, longitude, accuracy_m, fixed_at].every(Number.isFinite) || accuracy_m < 0) return null;
  return {
    latitude, longitude, accuracy_m, fixed_at,
    ...(heading_deg !== undefined && heading_deg >= 0 && heading_deg <= 360 ? { heading_deg } : {}),
    ...(speed_mps !== undefined && speed_mps >= 0 && Number.isFinite(speed_mps) ? { speed_mps } : {}),
  };
}

/** Whether a fix says more than the last one did: sooner while moving than at rest. */
export function isDue(last: DutyFix | null, fix: DutyFix, isOnLine: boolean): boolean {
  if (last === null) return true;
  const since = fix.fixed_at - last.fixed_at;
  if (since >= STILL_MS) return true;
  return since >= (isOnLine ? MOVING_MS : OFFLINE_MS) && hasMoved(last, fix);
}

function hasMoved(last: DutyFix, fix: DutyFix): boolean {
  if ((fix.speed_mps ?? 0) >= WALKING_MPS) return true;
  const north = (fix.latitude - last.latitude) * METRES_PER_DEGREE;
  const east = (fix.longitude - last.longitude) * METRES_PER_DEGREE * Math.cos((fix.latitude * Math.PI) / 180);
  return Math.hypot(north, east) >= Math.max(MOVED_M, fix.accuracy_m / 2);
}

/** Oldest first. `owner` names officer and shift: on a shared phone nobody sends what was another's. */
export class DutyQueue {
  private fixes: DutyFix[] = [];
  private owner = "";
  private writtenAt = 0;

  /** @param storage null where the phone keeps nothing: then a reload loses what waits */
  constructor(private readonly storage: Pick<Storage, "getItem" | "setItem" | "removeItem"> | null) {}

  get size(): number {
    return this.fixes.length;
  }

  get oldest(): DutyFix | null {
    return this.fixes[0] ?? null;
  }

  /** Take up what this officer's shift has left on the phone; anything else is forgotten. */
  begin(owner: string, now: number): void {
    if (owner === this.owner) return;
    const stored = this.read();
    this.owner = owner;
    this.fixes = stored?.owner === owner ? stored.fixes : [];
    if (stored !== null && stored.owner !== owner) this.remove();
    this.dropOld(now);
  }

  add(fix: DutyFix, now: number): void {
    this.fixes.push(fix);
    this.dropOld(now);
    if (now - this.writtenAt >= WRITE_EVERY_MS) this.write(now);
  }

  /** The newest, oldest first: where the officer is now matters more than the way there. */
  newest(now: number): DutyFix[] {
    this.dropOld(now);
    return this.fixes.slice(-MOST_AT_ONCE);
  }

  /** The server has them, or will never take them. */
  forget(done: readonly DutyFix[], now: number): void {
    const gone = new Set(done);
    this.fixes = this.fixes.filter((fix) => !gone.has(fix));
    if (this.fixes.length === 0) this.remove();
    else if (now - this.writtenAt >= WRITE_EVERY_MS) this.write(now);
  }

  /** Write down at once what waits: the page may be gone in a moment. */
  save(now: number): void {
    if (this.fixes.length > 0) this.write(now);
  }

  /** Another tab sends from now on: it finds what waits on the phone. */
  leave(now: number): void {
    this.save(now);
    this.fixes = [];
    this.owner = "";
    this.writtenAt = 0;
  }

  /** The shift is over. */
  clear(): void {
    this.fixes = [];
    this.owner = "";
    this.remove();
  }

  private dropOld(now: number): void {
    const first = this.fixes.findIndex((fix) => now - fix.fixed_at <= KEPT_MS);
    this.fixes = first < 0 ? [] : this.fixes.slice(first);
  }

  private read(): Stored | null {
    try {
      const value = JSON.parse(this.storage?.getItem(KEY) ?? "null") as Stored | null;
      return value !== null && Array.isArray(value.fixes) ? value : null;
    } catch {
      return null;
    }
  }

  private write(now: number): void {
    this.writtenAt = now;
    try {
      this.storage?.setItem(KEY, JSON.stringify({ owner: this.owner, fixes: this.fixes }));
    } catch {
      // A full phone: what waits lives as long as the page.
    }
  }

  private remove(): void {
    this.writtenAt = 0;
    try {
      this.storage?.removeItem(KEY);
    } catch {
      // Nothing was kept.
    }
  }
}
