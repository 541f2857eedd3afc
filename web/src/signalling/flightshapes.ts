/** Aircraft in the air: where they are, and what their cameras see of the ground. */

import type { Instant } from "./shapes";

/** A corner of what a camera sees: latitude, longitude, and whether the view goes on beyond it. */
export type Corner = [latitude: number, longitude: number, isCut: boolean];

/** An aircraft as it said last; what it did not say is null. Degrees, metres, metres per second; the gimbal's yaw is from the nose. */
export interface FlightNow {
  session_id: string;
  fixed_at: Instant;
  received_at: Instant;
  latitude: number;
  longitude: number;
  /** Above the place of take-off. */
  height_m: number | null;
  /** Above mean sea level. */
  altitude_m: number | null;
  heading_deg: number | null;
  speed_mps: number | null;
  gimbal_pitch_deg: number | null;
  gimbal_yaw_deg: number | null;
  gimbal_roll_deg: number | null;
  zoom: number | null;
  battery_percent: number | null;
  /** Why a part of it is not believed. */
  doubts: string[];
  /** The ground in view, clockwise; empty where none is, null where that is not known. */
  outline: Corner[] | null;
}

/** That aircraft moved, to whoever may see them: consoles, and the officers whom the picture is shown to. */
export interface FlightsMoved {
  type: "flights.moved";
  flights: FlightNow[];
  topic: string;
  seq: number;
}

/** How a flight's picture is bridged into Sightline; `trouble` is a stable code. It says nothing of what a screen shows. */
export interface FeedView {
  protocol: string;
  state: "waiting" | "passing" | "paused" | "refused";
  trouble: string | null;
  is_transcoded: boolean;
  codec: string | null;
  changed_at: Instant | null;
}

/** That it changed; null: nothing is bridged. */
export interface FlightFeed {
  type: "flight.feed";
  session_id: string;
  at: Instant;
  feed: FeedView | null;
  topic: string;
  seq: number;
}

/** That somebody who pushed by RTMP for a flight in the air was refused: by an old key of the aircraft, or beside another sender. */
export interface FlightRefused {
  type: "flight.refused";
  session_id: string;
  at: Instant;
  reason: "key_revoked" | "second_sender";
  topic: string;
  seq: number;
}

/** What the server says of aircraft to a console that follows them. */
export type FlightsServerMessage =
  | { type: "flights.snapshot"; now: Instant; flights: FlightNow[]; seqs: Record<string, number>; ref?: string | null }
  | FlightsMoved
  | FlightFeed | FlightRefused
  /** The last fix, or a part of it, is not believed. */
  | { type: "flight.doubtful"; session_id: string; at: Instant; reasons: string[]; topic: string; seq: number };

/** What the console asks about them. */
export interface FlightsClientMessage {
  type: "flights.follow";
}
