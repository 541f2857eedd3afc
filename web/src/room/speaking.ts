/** Who speaks, from how loud everybody is: slow enough that a cough changes nothing, and nothing flickers. Pure. */

/** Quieter than this is a room, not a voice (0 to 1). */
const VOICE = 0.012;
/** Somebody who is to take over must be this much louder than whoever speaks now. */
const LOUDER = 1.4;
/** Time for which a voice must be the loudest before it counts, and for which a silence does not end it, in ms. */
const ATTACK_MS = 600;
const HOLD_MS = 1_500;
/** How much of the newest level goes into the smoothed one: a voice builds up, and a cough is gone at once. */
const SMOOTHING = { rising: 0.5, falling: 0.8 } as const;

/** One room's speaker. */
export class Speaking {
  private active: string | null = null;
  private heardAt = 0;
  private rising: { id: string; since: number } | null = null;
  private readonly smooth = new Map<string, number>();

  /** Who speaks as of the last step; null while nobody has. */
  get speaker(): string | null {
    return this.active;
  }

  /** Take in how loud everybody is at `at` (ms); who is not in it is silent. Returns who speaks. */
  step(levels: ReadonlyMap<string, number>, at: number): string | null {
    for (const id of this.smooth.keys()) if (!levels.has(id)) this.smooth.delete(id);
    for (const [id, level] of levels) {
      const before = this.smooth.get(id) ?? 0;
      this.smooth.set(id, before + (level - before) * SMOOTHING[level > before ? "rising" : "falling"]);
    }
    const own = this.active === null ? 0 : (this.smooth.get(this.active) ?? 0);
    if (own >= VOICE) this.heardAt = at;
    const loudest = this.loudest();
    if (loudest === null || loudest === this.active) {
      this.rising = null;
      return this.active;
    }
    this.consider(loudest, own, at);
    return this.active;
  }

  /** Somebody left: nobody speaks until somebody does. */
  forget(id: string): void {
    this.smooth.delete(id);
    if (this.active === id) this.active = null;
    if (this.rising?.id === id) this.rising = null;
  }

  private consider(id: string, own: number, at: number): void {
    if (this.rising?.id !== id) this.rising = { id, since: at };
    const isLong = at - this.rising.since >= ATTACK_MS;
    const isDrowned = own >= VOICE && (this.smooth.get(id) ?? 0) >= own * LOUDER;
    const isFree = this.active === null || isDrowned || at - this.heardAt >= HOLD_MS;
    if (!isLong || !isFree) return;
    this.active = id;
    this.heardAt = at;
    this.rising = null;
  }

  private loudest(): string | null {
    let found: string | null = null;
    let most = VOICE;
    for (const [id, level] of this.smooth) {
      if (level < most) continue;
      found = id;
      most = level;
    }
    return found;
  }
}
