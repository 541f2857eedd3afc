/** What an aircraft saw at the moment of a recording that is played: the points that were kept with its flight. */

import type { FlightNow, Instant } from "../signalling/messages";
import type { Item } from "./itemshapes";

/** A point that was kept; late ones were not seen at the time. */
export type TrackPoint = FlightNow & { is_late: boolean };

/** A page of a flight's way, oldest first. */
export interface TrackPage {
  points: TrackPoint[];
  next: Instant | null;
}

/** A camera that has not spoken for so long, in ms, may have looked anywhere. */
const NEAR_MS = 2_000;
/** Pages of a way: a day at ten points a second. */
const MOST_PAGES = 440;

/** What of an item says at which time it was recorded. */
export type Recorded = Pick<Item, "started_at" | "segments">;

/** When what is seen at a second of the playable file was recorded, in ms since 1970; null where that is not known. */
export function recordedAt({ started_at, segments }: Recorded, second: number): number | null {
  const offset = second * 1000;
  const segment = segments?.filter((one) => one.offset_ms <= offset).at(-1);
  if (segment !== undefined) return Date.parse(segment.started_at) + Math.min(offset - segment.offset_ms, segment.duration_ms);
  return started_at === null ? null : Date.parse(started_at) + offset;
}

/** The point nearest to a moment, of points in the order of their times; null where none is near. */
export function pointAt(points: readonly TrackPoint[], at: number): TrackPoint | null {
  let [low, high] = [0, points.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (Date.parse(points[middle]?.fixed_at ?? "") < at) low = middle + 1;
    else high = middle;
  }
  const near = [points[low - 1], points[low]].filter((one) => one !== undefined);
  const away = (one: TrackPoint): number => Math.abs(Date.parse(one.fixed_at) - at);
  const nearest = near.sort((a, b) => away(a) - away(b))[0];
  return nearest !== undefined && away(nearest) <= NEAR_MS ? nearest : null;
}

/** The ways of flights whose recordings are played: each fetched once. */
export class Replay {
  private readonly tracks = new Map<string, readonly TrackPoint[] | "coming">();

  constructor(private readonly fetch: (sessionId: string, after: Instant | null) => Promise<TrackPage>) {}

  /** What was seen at that moment; null while it is not known. */
  pointOf(sessionId: string, at: number): TrackPoint | null {
    const track = this.tracks.get(sessionId);
    if (track === undefined) void this.load(sessionId);
    return track === undefined || track === "coming" ? null : pointAt(track, at);
  }

  private async load(sessionId: string): Promise<void> {
    this.tracks.set(sessionId, "coming");
    const points: TrackPoint[] = [];
    try {
      let after: Instant | null = null;
      for (let page = 0; page < MOST_PAGES; page += 1) {
        const found: TrackPage = await this.fetch(sessionId, after);
        points.push(...found.points.filter(({ outline }) => outline !== null));
        after = found.next;
        if (after === null) break;
      }
    } catch {
      // The recording plays all the same; the next play asks again.
      this.tracks.delete(sessionId);
      return;
    }
    this.tracks.set(sessionId, points);
  }
}
