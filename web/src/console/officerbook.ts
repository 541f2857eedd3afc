/**
 * Officers on duty as this page knows them. Changed in place: 2,500 of them move all the time, and making the state anew
 * for each would take the time that pictures need.
 */

import type { Instant, OfficerFix, OfficersServerMessage, OfficerView } from "../signalling/messages";

/** What of the officers is shown. */
export interface OfficerFilter {
  /** None chosen: all. */
  statuses: readonly OfficerView["status"][];
  /** "": with whatever skills. */
  skill: string;
  /** Part of name, number or team. */
  search: string;
}

export const EVERYBODY: OfficerFilter = { statuses: [], skill: "", search: "" };

/** Everybody on duty. */
export class OfficerBook {
  private officers = new Map<string, OfficerView>();
  /** Rises when anything but a position changes. */
  private edition = 0;
  private sorted: { edition: number; officers: OfficerView[]; skills: string[] } | null = null;

  get size(): number {
    return this.officers.size;
  }

  /** One officer; undefined for who is not on duty. */
  find(id: string | null): OfficerView | undefined {
    return id === null ? undefined : this.officers.get(id);
  }

  /** Take what the server says. */
  take(message: OfficersServerMessage): void {
    switch (message.type) {
      case "officers.snapshot":
        this.edition += 1;
        this.officers = new Map(message.officers.map((officer) => [officer.id, this.withNewest(officer)]));
        return;
      case "officers.moved":
        for (const { id, fix } of message.officers) this.move(id, fix);
        return;
      case "officer.doubtful":
        this.doubt(message.id, message.at);
        return;
      case "officer.on_duty":
        this.edition += 1;
        this.officers.set(message.officer.id, this.withNewest(message.officer));
        return;
      case "officer.off_duty":
        this.end(message.id, message.at);
        return;
    }
  }

  /** Nothing is followed any more: nothing is known. */
  clear(): void {
    this.edition += 1;
    this.officers.clear();
  }

  /** All skills that somebody on duty has, by alphabet. */
  skills(): readonly string[] {
    return this.listing().skills;
  }

  /** Whom a filter lets through, by name. */
  shown(filter: OfficerFilter): OfficerView[] {
    const words = filter.search.trim().toLowerCase();
    return this.listing().officers.filter((officer) =>
      (filter.statuses.length === 0 || filter.statuses.includes(officer.status)) &&
      (filter.skill === "" || officer.skills.includes(filter.skill)) &&
      (words === "" || `${officer.number} ${officer.name} ${officer.number} ${officer.team}`.toLowerCase().includes(words)));
  }

  /** How many are in each status, whatever is filtered. */
  counts(): Record<OfficerView["status"], number> {
    const counts = { available: 0, en_route: 0, at_scene: 0 };
    for (const { status } of this.officers.values()) counts[status] += 1;
    return counts;
  }

  private listing(): { officers: OfficerView[]; skills: string[] } {
    if (this.sorted?.edition !== this.edition) {
      const officers = [...this.officers.values()].sort((a, b) => a.name.localeCompare(b.name) || a.id.localeCompare(b.id));
      const skills = [...new Set(officers.flatMap((officer) => officer.skills))].sort();
      this.sorted = { edition: this.edition, officers, skills };
    }
    return this.sorted;
  }

  private move(id: string, fix: OfficerFix): void {
    const officer = this.officers.get(id);
    if (officer === undefined || !isNewer(officer.fix, fix)) return;
    officer.fix = fix;
    officer.doubt_at = null;
  }

  /** What the phone says is not believed: where the officer was last stays, and that it is doubtful stands beside it. */
  private doubt(id: string, at: Instant): void {
    const officer = this.officers.get(id);
    if (officer !== undefined) officer.doubt_at ??= at;
  }

  /** The end of a shift may be heard after the next one began: that stands. */
  private end(id: string, at: Instant): void {
    const officer = this.officers.get(id);
    if (officer === undefined || Date.parse(officer.began_at) > Date.parse(at)) return;
    this.edition += 1;
    this.officers.delete(id);
  }

  /** What is said of an officer may have been read before the last move arrived. */
  private withNewest(officer: OfficerView): OfficerView {
    const known = this.officers.get(officer.id);
    if (known?.began_at !== officer.began_at || known.fix === null) return officer;
    return officer.fix === null || isNewer(officer.fix, known.fix) ? { ...officer, fix: known.fix, doubt_at: known.doubt_at } : officer;
  }
}

function isNewer(known: OfficerFix | null, fix: OfficerFix): boolean {
  return known === null || known.fixed_at <= fix.fixed_at;
}
