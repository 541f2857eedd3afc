/** The REST doors of what an aircraft sees. */

import type { PicturePlace } from "../map/pictureplace";
import type { Instant } from "../signalling/messages";
import type { TrackPage } from "./replay";
import type { Rest } from "./rest";

/** The ground under a place in the picture, or why there is none. */
export interface GroundAnswer {
  miss: "no_view" | "outside_picture" | "not_in_air" | "above_horizon" | "too_far" | null;
  fixed_at: Instant | null;
  latitude: number | null;
  longitude: number | null;
  easting: number | null;
  northing: number | null;
  grid_reference: string | null;
  /** From the ground below the aircraft, in metres. */
  distance_m: number | null;
  /** Null where none can be stated. */
  error_m: number | null;
}

/** Whether a place on the ground is in the picture, and where; null where it is not known how the camera looked. */
export interface InViewAnswer {
  in_view: boolean | null;
  across: number | null;
  down: number | null;
  fixed_at: Instant | null;
}

/** Calls about what an aircraft sees. `at` is when the picture was taken; null: now. */
export class FlightRest {
  constructor(private readonly rest: Pick<Rest, "call">) {}

  ground(sessionId: string, { across, down }: PicturePlace, at: Instant | null): Promise<GroundAnswer> {
    return this.rest.call("POST", `flights/${sessionId}/ground/`, { across, down, at });
  }

  /** A page of a flight's way, later than `after`; null: from the first. */
  track(sessionId: string, after: Instant | null): Promise<TrackPage> {
    return this.rest.call("GET", `flights/${sessionId}/track/${after === null ? "" : `?${new URLSearchParams({ after }).toString()}`}`, null);
  }

  inView(sessionId: string, latitude: number, longitude: number, at: Instant | null): Promise<InViewAnswer> {
    return this.rest.call("POST", `flights/${sessionId}/in-view/`, { latitude, longitude, at });
  }
}
