/** What other forces share with this one, as far as this page knows. Pure. */

import type { ConsoleServerMessage, Fix, Instant, Partner, SharedEnd, SharedMsg, SharedRecording, SharedServerMessage, SharedView } from "../signalling/messages";

/** One thing that is shared with us; position, messages and recordings once it was opened. */
export interface Shared extends SharedView {
  position: Fix | null;
  messages: SharedMsg[];
  recordings: SharedRecording[];
  /** When and why it was ended; `at` is null where that was missed. */
  end: { at: Instant | null; reason: SharedEnd | "" } | null;
}

/** Everything that crosses the border. */
export interface SharedState {
  /** Forces that we may share with. */
  partners: readonly Partner[];
  received: Record<string, Shared>;
  /** Forces whose side could not be asked: what they share is not listed, and has not ended by that. */
  missing: readonly string[];
  /** The one that is shown in place of a session. */
  chosenId: string | null;
}

/** Before the first snapshot. */
export const NOTHING_SHARED: SharedState = { partners: [], received: {}, missing: [], chosenId: null };

/** What is shared and has not ended, oldest first; the chosen one also when it has, so that its end is read. */
export function listedShared(shared: SharedState): Shared[] {
  const listed = Object.values(shared.received).filter((one) => one.end === null || one.id === shared.chosenId);
  return listed.sort((a, b) => a.granted_at.localeCompare(b.granted_at) || a.id.localeCompare(b.id));
}

/** What is shown in place of a session. */
export function chosenShared(shared: SharedState): Shared | null {
  return shared.chosenId === null ? null : (shared.received[shared.chosenId] ?? null);
}

/** The name of a force that we share with. */
export function partnerName(shared: SharedState, schema: string): string {
  return shared.partners.find((one) => one.schema === schema)?.name ?? schema;
}

/** Shows one of them, or none. */
export function withChosen(shared: SharedState, shareId: string | null): SharedState {
  return shared.chosenId === shareId ? shared : { ...shared, chosenId: shareId };
}

/** What a snapshot lists. What it lists no longer has ended meanwhile, unless its owner could not be asked. */
export function takeShared(
  shared: SharedState, { shared: listed, shared_missing: missing, partners }: Extract<ConsoleServerMessage, { type: "console.snapshot" }>,
): SharedState {
  const found = Object.fromEntries(listed.map((view) => [view.id, joined(shared.received[view.id], view)]));
  const unasked = Object.entries(shared.received).filter(([id, one]) => !(id in found) && missing.includes(one.force.schema));
  Object.assign(found, Object.fromEntries(unasked));
  const chosen = chosenShared(shared);
  const kept = chosen === null || chosen.id in found ? {} : { [chosen.id]: over(chosen, chosen.end ?? { at: null, reason: "" }) };
  return { ...shared, partners, missing, received: { ...found, ...kept } };
}

/** State after one message about it; the same object when nothing changed. */
export function reduceShared(shared: SharedState, message: SharedServerMessage): SharedState {
  switch (message.type) {
    case "shared.snapshot":
      if (isOver(shared, message.shared.id)) return shared;
      return put(shared, opened(shared.received[message.shared.id], message));
    case "shared.changed":
      return put(shared, joined(shared.received[message.shared.id], message.shared));
    case "shared.ended":
      return changed(shared, message.share_id, (one) => (one.end?.at == null ? over(one, { at: message.at, reason: message.reason }) : one));
    case "shared.position":
      return isPast(shared, message.share_id) ? shared : changed(shared, message.share_id, (one) => (isNoNews(one, message.fix) ? one : { ...one, position: message.fix }));
    case "shared.message":
      return isPast(shared, message.share_id) ? shared : changed(shared, message.share_id, (one) => ({ ...one, messages: [...one.messages.filter((line) => line.id !== message.message.id), message.message] }));
    case "shared.recordings":
      return isOver(shared, message.share_id) ? shared : changed(shared, message.share_id, (one) => ({ ...one, recordings: message.recordings }));
    case "shared.granted":
      return shared;
  }
}

/** What is said of it later than its end was on its way before. */
function isOver(shared: SharedState, shareId: string): boolean {
  return (shared.received[shareId]?.end ?? null) !== null;
}

/** Nor does the session of it go on. */
function isPast(shared: SharedState, shareId: string): boolean {
  return isOver(shared, shareId) || (shared.received[shareId]?.ended_at ?? null) !== null;
}

/** What has ended leaves nothing of it on the screen. */
function over(one: Shared, end: NonNullable<Shared["end"]>): Shared {
  return { ...one, end, position: null, messages: [], recordings: [] };
}

function opened(known: Shared | undefined, { shared, position, messages, recordings }: Extract<SharedServerMessage, { type: "shared.snapshot" }>): Shared {
  return settled({ ...joined(known, shared), position, messages, recordings });
}

function joined(known: Shared | undefined, view: SharedView): Shared {
  if (known === undefined) return { ...view, position: null, messages: [], recordings: [], end: null };
  return view.revision < known.revision ? known : settled({ ...known, ...view });
}

/** Where the session has ended, its recordings alone are shared; a place that was taken back is shown no longer. */
function settled(one: Shared): Shared {
  if (one.ended_at !== null) return { ...one, position: null, messages: [] };
  return one.shows_position ? one : { ...one, position: null };
}

/** A position that is older than the one that is known, or that was on its way when the caller took it back. */
function isNoNews({ position, shows_position }: Shared, fix: Fix): boolean {
  return !shows_position || (position?.fixed_at ?? "") > fix.fixed_at;
}

function put(shared: SharedState, one: Shared): SharedState {
  return { ...shared, received: { ...shared.received, [one.id]: one } };
}

function changed(shared: SharedState, shareId: string, change: (one: Shared) => Shared): SharedState {
  const known = shared.received[shareId];
  if (known === undefined) return shared;
  const after = change(known);
  return after === known ? shared : put(shared, after);
}
