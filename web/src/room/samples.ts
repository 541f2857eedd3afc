/** People and rooms for tests. */

import type { FeedView, PersonView, RoomState } from "../signalling/meetingmessages";

const SINCE = "2026-11-28T14:00:00.000Z";

export function feed(id: string, more: Partial<FeedView> = {}): FeedView {
  return { id, source: "camera", is_up: true, hears: true, layers: 7, is_live: true, ...more };
}

export function person(id: string, more: Partial<PersonView> = {}): PersonView {
  return {
    id, name: `Person ${id}`, role: "witness", side: "public", state: "in_call", is_leader: false, hand_at: null, is_muted: false, camera_off: false,
    rung: "video", is_recorded: false, feeds: [feed(`f-${id}`)], since: SINCE, ...more,
  };
}

export function room(people: PersonView[], more: Partial<RoomState> = {}): RoomState {
  return { revision: 1, people, screen_feed_id: null, is_locked: false, recording: { on: false, part: null }, caution: null, ...more };
}
