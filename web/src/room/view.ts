/** The room as it is drawn: sign and banner on top, the pictures, what is wrong, a panel, and the bar. */

import { html, nothing, type TemplateResult } from "lit-html";

import type { DeviceLists } from "../meeting/devices";
import { barView } from "./bar";
import type { Call } from "./call";
import { cautionBanner } from "./caution";
import { panelView } from "./panels";

/** What the view needs besides the call. */
export interface RoomScreen {
  call: Call;
  devices: DeviceLists;
  /** Milliseconds of the server's clock. */
  now: number;
  isOffline: boolean;
  /** Above the pictures: what a private talk is, say. */
  top?: TemplateResult | typeof nothing;
  /** False where the page has a place of its own for panels beside the call. */
  hasPanels?: boolean;
  /** Whether the page has no heading of its own. */
  isTitled?: boolean;
}

/** The whole room. */
export function roomView(screen: RoomScreen): TemplateResult {
  const { call, devices, now, top, hasPanels = true, isTitled = true } = screen;
  const { texts } = call.parts;
  const isRecorded = call.self?.is_recorded === true && call.sign.isOn;
  return html`<section class="room ${call.panel === null || !hasPanels ? "" : "has-panel"}" aria-label=${texts.room.title} data-testid="room" data-state=${call.seat.state}>
    ${isTitled ? html`<h1 class="room-hidden" tabindex="-1">${texts.room.title}</h1>` : nothing}
    <div class="room-top">
      ${call.sign.view(texts, now, isRecorded)} ${call.parts.isPolice ? nothing : call.consent.withdrawView(texts, isRecorded)}
      ${cautionBanner(call.room?.caution ?? null, texts)} ${top ?? nothing}
      <div class="room-states">${statesOf(screen).map((words) => html`<p role="status" class="room-state">${words}</p>`)}</div>
      ${tapView(call)} ${muteView(call)}
    </div>
    <div class="room-middle">
      <div class="stage-frame">${call.stage.root} ${emptyView(call)} ${call.hearing.root}</div>
      ${hasPanels ? panelView(call, devices) : nothing}
    </div>
    ${call.consent.view(texts)}
    ${barView(call)}
    <p class="room-hidden" role="status" aria-live="polite" data-testid="news">${newsWords(call)}</p>
  </section>`;
}

/** What is wrong at the moment, in words; the worst first, and no more than two. */
export function statesOf({ call, isOffline }: Pick<RoomScreen, "call" | "isOffline">): string[] {
  const { room: words } = call.parts.texts;
  const { standing, fault } = call.parts.capture;
  const { seat, ladder, own, problem } = call;
  const found: [boolean, string][] = [
    [isOffline, words.state.offline],
    [seat.state === "joining" && !isOffline, words.state.joining],
    [seat.state === "lost" && !isOffline, words.state.lost],
    [standing.microphone === "lost", words.state.microphoneLost],
    [standing.microphone === "refused", words.state.microphoneRefused],
    [standing.camera === "lost" && !own.isCameraOff, words.state.cameraLost],
    [standing.camera === "refused" && standing.microphone !== "refused" && fault !== null, words.faults[fault ?? "unknown"]],
    [ladder.step === "voice", words.state.voiceOnly],
    [ladder.rung === "voice", words.state.weakUp],
    [ladder.step === "few" || ladder.step === "low", words.state.weakDown],
    [problem === "busy_screen", words.state.screenBusy],
    [problem !== null && problem !== "busy_screen", words.state.failed],
    [call.parts.isPolice && call.sign.isOn && hasUnrecorded(call), words.state.speakerWarning],
  ];
  return found.filter(([isSo]) => isSo).map(([, text]) => text).slice(0, 2);
}

/** Somebody in the call said no: whoever records must not pick their voice up by a loudspeaker. */
function hasUnrecorded({ room }: Call): boolean {
  return room?.people.some((person) => person.state === "in_call" && person.side !== "police" && !person.is_recorded) === true;
}

function emptyView(call: Call): TemplateResult | typeof nothing {
  const others = call.room?.people.filter((person) => person.id !== call.parts.selfId() && person.state !== "coming") ?? [];
  if (call.room === null || others.length > 0) return nothing;
  return html`<p class="stage-empty">${call.parts.texts.room.state.nobody}</p>`;
}

function tapView(call: Call): TemplateResult | typeof nothing {
  if (!call.hearing.needsTap && !call.stage.tiles.needsTap) return nothing;
  const play = (): void => {
    void call.hearing.resume();
    call.stage.tiles.resume();
  };
  return html`<button type="button" class="room-button tap-bar" data-testid="tap-to-hear" @click=${play}>${call.parts.texts.room.state.tapSound}</button>`;
}

function muteView(call: Call): TemplateResult | typeof nothing {
  const { own } = call;
  if (own.mutedBy === null) return nothing;
  const words = call.parts.texts.room.muteAsked;
  return html`<div class="ask-card" role="alert" data-testid="mute-asked"><p><bdi>${words.title(own.mutedBy)}</bdi></p>
    <button type="button" class="room-button" data-testid="mute-me" @click=${() => own.toggleMute()}>${words.mute}</button>
    <button type="button" class="room-button is-quiet" @click=${() => own.dismissMute()}>${words.stay}</button></div>`;
}

function newsWords(call: Call): string {
  const { room, words } = call.parts.texts;
  const { newest } = call.chat;
  const said = newest === null ? [] : [words.chat.arrived(newest.name)];
  return [...call.news.map((one) => room.news[one.what](one.name)), ...said].join(". ");
}
