/** Who is in the room, from the server's newest word; and what has changed in it since the word before. Pure. */

import type { PersonView, Role, RoomState } from "../signalling/meetingmessages";

/** What everybody in the room is told when it happens. */
export type RoomNews =
  | { what: "came" | "left" | "lost" | "back" | "hand" | "private"; name: string }
  | { what: "recording_on" | "recording_off" | "locked" | "unlocked" | "screen" | "screen_over"; name: string };

/** The newer of two words: one with a lower revision than the one before may arrive later, and is not believed. */
export function newest(before: RoomState | null, after: RoomState): RoomState {
  return before !== null && after.revision < before.revision ? before : after;
}

/** Interpreters of whatever kind: their tiles are always in sight. */
export function isInterpreter(role: Role): boolean {
  return role === "interpreter" || role === "bsl_interpreter";
}

/** The person of this page. */
export function personOf(room: RoomState | null, id: string | null): PersonView | null {
  return room?.people.find((person) => person.id === id) ?? null;
}

/** Whose screen is shared. */
export function sharerOf(room: RoomState | null): PersonView | null {
  const feedId = room?.screen_feed_id ?? null;
  if (feedId === null) return null;
  return room?.people.find((person) => person.feeds.some((feed) => feed.id === feedId)) ?? null;
}

/** People who are in the call or were a moment ago: with a seat, or in a private talk meanwhile. */
export function isInside({ state }: PersonView): boolean {
  return state !== "coming";
}

/** What of a change is worth saying; of the own person nothing. The first word of a room says nothing. */
export function newsOf(before: RoomState | null, after: RoomState, selfId: string | null): RoomNews[] {
  if (before === null) return [];
  const old = new Map(before.people.filter(isInside).map((person) => [person.id, person]));
  const now = new Map(after.people.filter(isInside).map((person) => [person.id, person]));
  const news: RoomNews[] = [];
  for (const [id, person] of now) {
    if (id === selfId) continue;
    news.push(...newsOfPerson(old.get(id), person));
  }
  for (const [id, { name }] of old) if (id !== selfId && !now.has(id)) news.push({ what: "left", name });
  return [...news, ...newsOfRoom(before, after)];
}

function newsOfPerson(before: PersonView | undefined, after: PersonView): RoomNews[] {
  const { name } = after;
  if (before === undefined) return [{ what: "came", name }];
  const news: RoomNews[] = [];
  if (before.state !== after.state) {
    if (after.state === "lost") news.push({ what: "lost", name });
    else if (after.state === "private") news.push({ what: "private", name });
    else news.push({ what: "back", name });
  }
  if (before.hand_at === null && after.hand_at !== null) news.push({ what: "hand", name });
  return news;
}

function newsOfRoom(before: RoomState, after: RoomState): RoomNews[] {
  const news: RoomNews[] = [];
  if (before.recording.on !== after.recording.on) news.push({ what: after.recording.on ? "recording_on" : "recording_off", name: "" });
  if (before.is_locked !== after.is_locked) news.push({ what: after.is_locked ? "locked" : "unlocked", name: "" });
  if (before.screen_feed_id !== after.screen_feed_id) {
    const sharer = sharerOf(after);
    news.push(sharer === null ? { what: "screen_over", name: "" } : { what: "screen", name: sharer.name });
  }
  return news;
}
