/** What this phone shares in the officer's own live session: picture, sound and position, from joining until the end. */

import { hasTorch, setTorch } from "../media/torch";
import { Microphone, type SoundSource } from "../media/microphone";
import { InTurn } from "../sharing/in_turn";
import { reduce } from "../sharing/machine";
import { initialModel, type Effect, type SharingEvent } from "../sharing/model";
import { hadPicture } from "../sharing/picture_memory";
import { onServerClock } from "../sharing/server_clock";
import { Sharing, type SharingPage } from "../sharing/sharing";
import { rememberStop } from "../sharing/stop_memory";
import type {
  CallerClientMessage, CallerServerMessage, CallerState, OfficerClientMessage, OfficerLive, OfficerServerMessage, OfficerState,
} from "../signalling/messages";
import type { LiveSocket, SocketState } from "../signalling/socket";
import { soundMemory } from "./sound_memory";
import type { Notice, OfficerPage } from "./state";

/** What the officer may do while live. */
export interface LiveActs {
  /** Share in the session that goes on, from this phone. */
  takeOver(): void;
  stop(): void;
  setPaused(isPaused: boolean): void;
  switchCamera(): void;
  setMicrophone(isOn: boolean): void;
  setTorch(isOn: boolean): void;
  takeStill(): void;
  tryCamera(): void;
}

/** What is needed of whatever shares. */
type PhoneParts = Pick<Sharing, "perform" | "setSound" | "takeStill" | "cameraTrack">;

/** For tests: other ends in the place of camera and microphone. */
export interface LiveParts {
  makeSharing?: (page: SharingPage) => PhoneParts;
  sound?: SoundSource;
}

/** What the page gives: what it knows, a way to change it, and its line. */
export interface LivePage {
  page(): OfficerPage;
  /** Takes a change, and draws. */
  change(changes: Partial<OfficerPage>): void;
  /** Takes a change that is drawn with the next. */
  note(changes: Partial<OfficerPage>): void;
  socket: LiveSocket<OfficerServerMessage, OfficerClientMessage>;
}

/** Frames about the session that goes on. */
export type LiveMessage = Exclude<OfficerServerMessage, OfficerState | { type: "officer.changed" }>;

/** The own live session on this phone. */
export class OwnLive implements LiveActs {
  private readonly events = new InTurn<SharingEvent>((event) => this.take(event));
  private readonly sharing: PhoneParts;
  private readonly microphone: Microphone;

  /** @param preview plays the own picture */
  constructor(preview: HTMLVideoElement, private readonly host: LivePage, parts: LiveParts = {}) {
    const { socket } = host;
    const makeSharing = parts.makeSharing ?? ((page: SharingPage) => new Sharing(page));
    this.sharing = makeSharing({
      preview,
      isSafe: false,
      stillsAddress: "/officer/stills/",
      hasSound: true,
      model: () => this.page.sharing,
      dispatch: (event) => this.dispatch(event),
      send: (message, waiting) => socket.send(message, waiting),
      clockOffset: () => socket.serverOffset_ms ?? 0,
      holdDrawing: () => undefined,
      drawAgain: () => undefined,
    });
    this.microphone = new Microphone((track, microphone) => {
      this.sharing.setSound(track);
      this.host.change({ microphone });
    }, parts.sound);
  }

  /** Listen for what pauses cameras. */
  start(): void {
    document.addEventListener("visibilitychange", () => {
      this.dispatch({ type: "hidden", isHidden: document.visibilityState === "hidden" });
    });
  }

  takeOver(): void {
    const live = this.page.server?.live ?? null;
    if (live !== null) this.join(live);
  }

  stop(): void {
    if (this.page.joined !== null) this.dispatch({ type: "tap", tap: "stop" });
    else this.stopElsewhere();
    this.leave("stopped");
  }

  setPaused(isPaused: boolean): void {
    if (isPaused) this.microphone.turnOff();
    this.dispatch({ type: "tap", tap: isPaused ? "camera_off" : "camera_on" });
    if (!isPaused && soundMemory.isWanted()) void this.microphone.turnOn();
  }

  switchCamera(): void {
    this.dispatch({ type: "tap", tap: "switch_camera" });
  }

  setMicrophone(isOn: boolean): void {
    soundMemory.remember(isOn);
    if (isOn) void this.microphone.turnOn();
    else this.microphone.turnOff();
  }

  setTorch(isOn: boolean): void {
    const track = this.sharing.cameraTrack;
    if (track !== null) void setTorch(track, isOn).then((torch) => this.host.change({ torch }));
  }

  takeStill(): void {
    this.sharing.takeStill();
  }

  tryCamera(): void {
    this.dispatch({ type: "tap", tap: "go_live" });
  }

  /** The page's line changed; a refused one shares nothing more. */
  lineChanged(line: SocketState, code: number | null): void {
    if (line === "refused") this.leave(null);
    this.dispatch({ type: "line", state: line, code });
  }

  /** What the server says of the session. @param isNew it is the first word of a new line; @param isStarted it answers "go live" */
  stateTaken(live: OfficerLive | null, isNew: boolean, isStarted: boolean): void {
    if (this.page.joined !== null) this.goOn(live, isNew);
    else if (live !== null && (isStarted || hadPicture(live.session.id))) this.join(live);
  }

  /** One frame about the session. */
  received(message: LiveMessage): void {
    if (this.page.joined === null) return;
    if (message.type === "session.ended") {
      this.leave(message.reason === "officer_stopped" ? "stopped" : "ended");
      return;
    }
    const { stream, publishing } = this.page.sharing;
    if (message.type === "stream.changed" && message.stream.id === stream?.id && message.stream.end_reason === "replaced") {
      // Another phone of the officer's has taken over: two that take from each other would show nothing.
      if (!publishing.isAwaitingAnswer) this.leave("elsewhere");
      return;
    }
    if (message.type === "watch.changed") this.host.change({ watchers: message.count, guests: message.guests, names: message.names ?? [] });
    this.dispatch({ type: "server", message: message as CallerServerMessage, hasStopped: false });
  }

  private get page(): OfficerPage {
    return this.host.page();
  }

  /** STOP for what another phone of the officer's shares. */
  private stopElsewhere(): void {
    const live = this.page.server?.live ?? null;
    if (live !== null) this.host.socket.send({ type: "session.stop", session_id: live.session.id }, "keep");
  }

  /** This page shares: the session goes on, or it ended while nothing was heard. */
  private goOn(live: OfficerLive | null, isNew: boolean): void {
    if (live?.session.id !== this.page.joined?.id) this.leave("ended");
    else if (live !== null && isNew && this.isTakenOver(live)) this.giveWay();
    else if (live !== null && isNew) this.dispatch(stateEvent(live));
  }

  /** Another phone took over while nothing was heard: the stream that goes on is not this page's. */
  private isTakenOver({ stream }: OfficerLive): boolean {
    const { stream: own, publishing } = this.page.sharing;
    return stream !== null && stream.state !== "ended" && stream.id !== own?.id && !publishing.isAwaitingAnswer;
  }

  /** Off, and on a line of its own: into this one went what had waited, and the server takes its page for one that shares. */
  private giveWay(): void {
    this.leave("elsewhere");
    this.host.socket.restart();
  }

  private join(live: OfficerLive): void {
    const sharing = { ...initialModel(), line: this.page.line };
    const watched = { watchers: live.count, guests: live.guests, names: live.names };
    this.host.change({ joined: live.session, sharing, ...watched, isChoosing: false, isStarting: false, notice: null });
    this.dispatch(stateEvent(live));
    this.dispatch({ type: "tap", tap: "go_live" });
    if (soundMemory.isWanted()) void this.microphone.turnOn();
  }

  private leave(notice: Notice): void {
    if (this.page.joined !== null) this.sharing.perform({ do: "stop_everything" });
    this.microphone.turnOff();
    const server = this.page.server === null || notice === "elsewhere" ? this.page.server : { ...this.page.server, live: null };
    this.host.change({ joined: null, server, sharing: initialModel(), watchers: 0, guests: 0, names: [], torch: null, notice });
  }

  /** Events are taken one after the other, also those that an effect causes. */
  private dispatch(event: SharingEvent): void {
    if (this.page.joined === null) return;
    this.events.add(event);
  }

  private take(event: SharingEvent): void {
    const { model, effects } = reduce(this.page.sharing, event);
    this.host.note({ sharing: model });
    for (const effect of effects) this.perform(effect);
    this.host.change(event.type === "camera_opened" ? { torch: hasTorch(this.sharing.cameraTrack) ? false : null } : {});
  }

  private perform(effect: Effect): void {
    const { socket } = this.host;
    if (effect.do === "send") socket.send(this.named(onServerClock(effect.message, socket.serverOffset_ms ?? 0)), effect.waiting);
    else if (effect.do === "remember_stop") rememberStop(this.page.joined?.id ?? "");
    // The line is the page's, not the session's, and stays; only a caller's page is left by Exit.
    else if (effect.do !== "close_line" && effect.do !== "tell_left") this.sharing.perform(effect);
  }

  /** What stops says which session it is about: it may wait for a line until another goes on. */
  private named(message: CallerClientMessage): CallerClientMessage {
    const isStop = message.type === "session.stop" || message.type === "stream.stop";
    return isStop && this.page.joined !== null ? { ...message, session_id: this.page.joined.id } : message;
  }
}

/** The session in the words of the caller's page, which the state machine reads. */
function stateEvent(live: OfficerLive): SharingEvent {
  const message: CallerState = { ...live, type: "caller.state", wording: null, phrases: [] };
  return { type: "server", message, hasStopped: false };
}
