/** What other forces share with this one, as far as this page knows. Pure. */

import type { ConsoleServerMessage, Fix, Instant, Partner, SharedEnd, SharedMsg, SharedServerMessage, SharedView } from "../signalling/messages";

/** One thing that is shared with us; position and messages once it was opened. */
export interface Shared extends SharedView {
  position: Fix | null;
  messages: SharedMsg[];
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
      return put(shared, { ...joined(shared.received[message.shared.id], message.shared), position: message.position, messages: message.messages });
    case "shared.changed":
      return put(shared, joined(shared.received[message.shared.id], message.shared));
    case "shared.ended":
      return changed(shared, message.share_id, (one) => (one.end?.at == null ? over(one, { at: message.at, reason: message.reason }) : one));
    case "shared.position":
      return isOver(shared, message.share_id) ? shared : changed(shared, message.share_id, (one) => ((one.position?.fixed_at ?? "") > message.fix.fixed_at ? one : { ...one, position: message.fix }));
    case "shared.message":
      return isOver(shared, message.share_id) ? shared : changed(shared, message.share_id, (one) => ({ ...one, messages: [...one.messages.filter((line) => line.id !== message.message.id), message.message] }));
    case "shared.granted":
      return shared;
  }
}

/** What is said of it later than its end was on its way before. */
function isOver(shared: SharedState, shareId: string): boolean {
  return (shared.received[shareId]?.end ?? null) !== null;
}

/** What has ended leaves nothing of it on the screen. */
function over(one: Shared, end: NonNullable<Shared["end"]>): Shared {
  return { ...one, end, position: null, messages: [] };
}

function joined(known: Shared | undefined, view: SharedView): Shared {
  if (known === undefined) return { ...view, position: null, messages: [], end: null };
  return view.revision < known.revision ? known : { ...known, ...view };
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
