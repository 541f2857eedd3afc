/** The officer's page at work: what the server says, what the officer taps, and the picture between them. */

import { hasTorch, setTorch } from "../media/torch";
import { Microphone, type SoundSource } from "../media/microphone";
import { InTurn } from "../sharing/in_turn";
import { reduce } from "../sharing/machine";
import { initialModel, type Effect, type SharingEvent } from "../sharing/model";
import { hadPicture } from "../sharing/picture_memory";
import { onServerClock } from "../sharing/server_clock";
import { Sharing, type SharingPage } from "../sharing/sharing";
import { hasStopped, rememberStop } from "../sharing/stop_memory";
import type {
  CallerClientMessage, CallerServerMessage, CallerState, OfficerClientMessage, OfficerLive, OfficerServerMessage,
  OfficerState, OfficerStatus,
} from "../signalling/messages";
import { reopenWithNetwork } from "../signalling/network";
import { LiveSocket, socketUrl, type SocketOptions, type SocketState } from "../signalling/socket";
import { soundMemory } from "./sound_memory";
import type { Notice, OfficerPage } from "./state";

const START_REF = "start";

/** What the page's parts may do. */
export interface OfficerActs {
  setStatus(status: OfficerStatus): void;
  choose(isChoosing: boolean): void;
  goLive(incidentId: string | null): void;
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

/** What the page needs of whatever shares. */
type PhoneParts = Pick<Sharing, "perform" | "setSound" | "takeStill" | "cameraTrack">;

/** For tests: other ends in the place of line, camera and microphone. */
export interface OfficerParts {
  socket?: SocketOptions;
  makeSharing?: (page: SharingPage) => PhoneParts;
  sound?: SoundSource;
}

/** One page of one officer. */
export class OfficerApp implements OfficerActs {
  private page: OfficerPage = {
    line: "connecting", refusalCode: null, server: null, joined: null, sharing: initialModel(), watchers: 0, guests: 0,
    microphone: "off", torch: null, isChoosing: false, isStarting: false, notice: null,
  };
  private readonly events = new InTurn<SharingEvent>((event) => this.take(event));
  /** The next state is the first of a new line: what was said into the old one may be lost. */
  private isNewLine = true;
  private readonly sharing: PhoneParts;
  private readonly microphone: Microphone;
  private readonly socket: LiveSocket<OfficerServerMessage, OfficerClientMessage>;

  /** @param preview plays the own picture; @param draw shows the page as it is now */
  constructor(preview: HTMLVideoElement, private readonly draw: (page: OfficerPage) => void, parts: OfficerParts = {}) {
    this.socket = new LiveSocket(socketUrl("/ws/officer/"), {
      onMessage: (message) => this.received(message),
      onState: (state, code) => this.onLine(state, code),
      onGap: () => this.socket.restart(),
    }, { pongDeadline_ms: 5_000, ...parts.socket });
    const makeSharing = parts.makeSharing ?? ((page: SharingPage) => new Sharing(page));
    this.sharing = makeSharing({
      preview,
      isSafe: false,
      stillsAddress: "/officer/stills/",
      hasSound: true,
      model: () => this.page.sharing,
      dispatch: (event) => this.dispatch(event),
      send: (message, waiting) => this.socket.send(message, waiting),
      clockOffset: () => this.socket.serverOffset_ms ?? 0,
      holdDrawing: () => undefined,
      drawAgain: () => undefined,
    });
    this.microphone = new Microphone((track, microphone) => {
      this.sharing.setSound(track);
      this.change({ microphone });
    }, parts.sound);
  }

  /** Connect. */
  start(): void {
    this.draw(this.page);
    reopenWithNetwork(this.socket);
    document.addEventListener("visibilitychange", () => {
      this.dispatch({ type: "hidden", isHidden: document.visibilityState === "hidden" });
    });
    this.socket.open();
  }

  setStatus(status: OfficerStatus): void {
    this.socket.send({ type: "status.set", status }, "newest");
  }

  choose(isChoosing: boolean): void {
    this.change({ isChoosing, notice: null });
  }

  goLive(incidentId: string | null): void {
    const isSent = this.socket.send({ type: "live.start", incident_id: incidentId, ref: START_REF });
    this.change(isSent ? { isStarting: true, isChoosing: false, notice: null } : { isChoosing: false, notice: "failed" });
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
    if (track !== null) void setTorch(track, isOn).then((torch) => this.change({ torch }));
  }

  takeStill(): void {
    this.sharing.takeStill();
  }

  tryCamera(): void {
    this.dispatch({ type: "tap", tap: "go_live" });
  }

  /** STOP for what another phone of the officer's shares. */
  private stopElsewhere(): void {
    const live = this.page.server?.live ?? null;
    if (live !== null) this.socket.send({ type: "session.stop", session_id: live.session.id }, "keep");
  }

  private onLine(line: SocketState, code: number | null): void {
    this.isNewLine ||= line === "open";
    this.change({ line, refusalCode: code, ...(line === "open" ? {} : { isStarting: false }) });
    if (line === "refused") this.leave(null);
    this.dispatch({ type: "line", state: line, code });
  }

  private received(message: OfficerServerMessage): void {
    if (message.type === "officer.state") this.onState(message);
    else if (message.type === "officer.changed") this.socket.send({ type: "officer.snapshot" });
    else if (message.type === "error" && message.ref === START_REF) this.change({ isStarting: false, notice: "failed" });
    else this.pass(message);
  }

  private onState(server: OfficerState): void {
    this.socket.rebase(server.seqs);
    const isNew = this.isNewLine;
    this.isNewLine = false;
    const live = server.live;
    if (live !== null && hasStopped(live.session.id)) {
      // The end was said into a line that was lost.
      this.change({ server: { ...server, live: null } });
      this.socket.send({ type: "session.stop", session_id: live.session.id });
      return;
    }
    const isStarted = server.ref === START_REF;
    this.change({ server, watchers: live?.count ?? 0, guests: live?.guests ?? 0, ...(isStarted ? { isStarting: false } : {}) });
    if (this.page.joined !== null) this.goOn(live, isNew);
    else if (live !== null && (isStarted || hadPicture(live.session.id))) this.join(live);
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
    this.socket.restart();
  }

  private join(live: OfficerLive): void {
    const sharing = { ...initialModel(), line: this.page.line };
    this.change({ joined: live.session, sharing, watchers: live.count, guests: live.guests, isChoosing: false, isStarting: false, notice: null });
    this.dispatch(stateEvent(live));
    this.dispatch({ type: "tap", tap: "go_live" });
    if (soundMemory.isWanted()) void this.microphone.turnOn();
  }

  private leave(notice: Notice): void {
    if (this.page.joined !== null) this.sharing.perform({ do: "stop_everything" });
    this.microphone.turnOff();
    const server = this.page.server === null || notice === "elsewhere" ? this.page.server : { ...this.page.server, live: null };
    this.change({ joined: null, server, sharing: initialModel(), watchers: 0, guests: 0, torch: null, notice });
  }

  private pass(message: Exclude<OfficerServerMessage, OfficerState | { type: "officer.changed" }>): void {
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
    if (message.type === "watch.changed") this.change({ watchers: message.count, guests: message.guests });
    this.dispatch({ type: "server", message: message as CallerServerMessage, hasStopped: false });
  }

  /** Events are taken one after the other, also those that an effect causes. */
  private dispatch(event: SharingEvent): void {
    if (this.page.joined === null) return;
    this.events.add(event);
  }

  private take(event: SharingEvent): void {
    const { model, effects } = reduce(this.page.sharing, event);
    this.page = { ...this.page, sharing: model };
    for (const effect of effects) this.perform(effect);
    if (event.type === "camera_opened") this.page = { ...this.page, torch: hasTorch(this.sharing.cameraTrack) ? false : null };
    this.draw(this.page);
  }

  private perform(effect: Effect): void {
    if (effect.do === "send") this.socket.send(this.named(onServerClock(effect.message, this.socket.serverOffset_ms ?? 0)), effect.waiting);
    else if (effect.do === "remember_stop") rememberStop(this.page.joined?.id ?? "");
    // The line is the page's, not the session's, and stays; only a caller's page is left by Exit.
    else if (effect.do !== "close_line" && effect.do !== "tell_left") this.sharing.perform(effect);
  }


  /** What stops says which session it is about: it may wait for a line until another goes on. */
  private named(message: CallerClientMessage): CallerClientMessage {
    const isStop = message.type === "session.stop" || message.type === "stream.stop";
    return isStop && this.page.joined !== null ? { ...message, session_id: this.page.joined.id } : message;
  }

  private change(changes: Partial<OfficerPage>): void {
    this.page = { ...this.page, ...changes };
    this.draw(this.page);
  }
}

/** The session in the words of the caller's page, which the state machine reads. */
function stateEvent(live: OfficerLive): SharingEvent {
  const message: CallerState = { ...live, type: "caller.state", wording: null, phrases: [] };
  return { type: "server", message, hasStopped: false };
}
