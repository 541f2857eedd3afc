/** Messages and models for the tests of the caller's page. */

import type { CallerState, ChatMsg, StreamState, StreamView } from "../signalling/messages";
import { reduce } from "./machine";
import { initialModel, type SharingEvent, type SharingModel, type Effect, type Outcome } from "./model";

/** The server's first word; `changes` replace its fields. */
export function callerState(changes: Partial<CallerState> = {}): CallerState {
  return {
    type: "caller.state",
    session: {
      id: "11111111-1111-4111-8111-111111111111",
      revision: 1,
      state: "opened",
      link_kind: "location_video",
      force_name: "Hertfordshire Constabulary",
      incident_reference: "HERTS-2611-0001",
      language: "en",
      safe_mode: false,
      exit_url: "https://www.bbc.co.uk/weather",
    },
    wording: {
      version: 3, language: "en", title: "We ask to see", intro: "So that help comes", location_text: "Where",
      video_text: "What", recording_text: "Kept", upload_text: "Files", stop_text: "Press STOP",
    },
    consent: null,
    stream: null,
    ice_servers: null,
    recording: { on: false },
    watching: false,
    count: 0,
    guests: 0,
    messages: [],
    still_asks: [],
    phrases: [{ code: "yes", text: "Yes" }, { code: "no", text: "No" }, { code: "please-hurry", text: "Please hurry" }],
    ...changes,
  };
}

/** One stream in a state. */
export function streamView(state: StreamState, id = "s1"): StreamView {
  return {
    id, state, live_at: null, stalled_at: null, last_media_at: null, ended_at: null, end_reason: null,
  };
}

/** One message of the control room. */
export function chatMessage(text: string, changes: Partial<ChatMsg> = {}): ChatMsg {
  return {
    id: "m1", session_id: "s", sender: "operator", sender_name: "Sam", text, language: "en", phrase: null, shown_text: text,
    shown_language: "en", sent_at: "2026-11-22T14:00:00.000Z", client_id: "c1", ...changes,
  };
}

/** A message of the server as an event. */
export function server(message: Extract<SharingEvent, { type: "server" }>["message"], hasStopped = false): SharingEvent {
  return { type: "server", message, hasStopped };
}

/** A button as an event. */
export function tap(name: Extract<SharingEvent, { type: "tap" }>["tap"]): SharingEvent {
  return { type: "tap", tap: name };
}

/** Take events one after the other, from the start or from a model; the effects are those of all of them. */
export function play(events: SharingEvent[], from: SharingModel = { ...initialModel(), line: "open" }): Outcome {
  let model = from;
  const effects: Effect[] = [];
  for (const event of events) {
    const next = reduce(model, event);
    model = next.model;
    effects.push(...next.effects);
  }
  return { model, effects };
}

/** What effects are called, with the type of what is sent: "send:session.stop". */
export function names(effects: Effect[]): string[] {
  return effects.map((effect) => (effect.do === "send" ? `send:${effect.message.type}` : effect.do));
}

/** The way to a live picture that is watched, by a caller who taps before the phone has connected. */
export function liveEvents(): SharingEvent[] {
  return [
    server(callerState()),
    tap("continue"),
    { type: "choose", scope: "location", on: true },
    { type: "choose", scope: "video", on: true },
    tap("agree"),
    server({ type: "consent.given", scopes: ["location", "video"], ice_servers: [] }),
    tap("ask_location"),
    { type: "location_allowed" },
    tap("ask_camera"),
    { type: "camera_opened", facing: "environment" },
    server({ type: "stream.answer", stream_id: "s1", sdp: "answer", ref: "offer-2" }),
    server({ type: "stream.changed", stream: streamView("live"), revision: 2, topic: "caller.1", seq: 1 }),
    server({ type: "watch.changed", watching: true, count: 1, guests: 0, revision: 3, topic: "caller.1", seq: 2 }),
  ];
}
