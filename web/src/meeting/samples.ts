/** Meetings for tests. */

import type { MeetingState, MeetingView, Phase } from "../signalling/meetingmessages";
import { reduce } from "./machine";
import { firstModel, type MeetingEffect, type MeetingEvent, type MeetingModel } from "./model";

export function meeting(phase: Phase, more: Partial<MeetingView> = {}): MeetingView {
  return {
    session_id: "s1", participant_id: "me", phase, starts_at: "2026-11-28T14:30:00.000Z", length_min: 30, purpose_words: "A report", language: "en",
    safe_mode: false, position: 2, ahead: 1, call_number: "101", call_after_at: "2026-11-28T14:20:00.000Z", message: null, role: "victim",
    shown_name: "Sam Hill", has_aid_to_talk_to: [], ...more,
  };
}

export function state(phase: Phase, more: Partial<MeetingView> = {}, rest: Partial<MeetingState> = {}): MeetingState {
  return { type: "meeting.state", meeting: meeting(phase, more), seat: null, messages: [], uploads: [], wording: null, ice_servers: null, seqs: {}, ...rest };
}

/** Events one after the other; effects of all of them. */
export function play(events: readonly MeetingEvent[], from: MeetingModel = firstModel(false)): { model: MeetingModel; effects: MeetingEffect[] } {
  let model = from;
  const effects: MeetingEffect[] = [];
  for (const event of events) {
    const outcome = reduce(model, event);
    model = outcome.model;
    effects.push(...outcome.effects);
  }
  return { model, effects };
}

/** What was done, in short: "send:talk.ask". */
export function names(effects: readonly MeetingEffect[]): string[] {
  return effects.map((effect) => (effect.do === "send" ? `send:${effect.message.type}` : effect.do === "join" ? `join:${effect.purpose}` : effect.do));
}

/** The server says where the page stands now. */
export function changed(phase: Phase, more: Partial<MeetingView> = {}): MeetingEvent {
  return { type: "server", message: { type: "meeting.changed", meeting: meeting(phase, more) } };
}
