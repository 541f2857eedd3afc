/** A person's page at work: events go through the state machine, and its effects reach the line, the devices and the call. */

import { render } from "lit-html";

import { browserFamily } from "../caller/browser";
import { Capture } from "../media/capture";
import type { ExitEvent } from "../public/exit";
import { tellLeft } from "../public/leaving";
import type { PageData } from "../public/page_data";
import { ScreenLock } from "../sharing/awake";
import { InTurn } from "../sharing/in_turn";
import { uploadMemory } from "../sharing/upload_memory";
import type { ErrorMessage } from "../signalling/messages";
import type { ConsentAsked, MeetingClientMessage, MeetingServerMessage, MeetingState, SeatServerMessage } from "../signalling/meetingmessages";
import { followNetwork, reopenWithNetwork } from "../signalling/network";
import { LiveSocket, socketUrl, type SocketOptions } from "../signalling/socket";
import { Call } from "../room/call";
import { TonePlayer } from "../room/sign";
import { pressKey } from "../room/keys";
import { listDevices, NO_DEVICES, type DeviceLists } from "./devices";
import { rememberHere, wasHere } from "./here_memory";
import { LineCheck } from "./linecheck";
import { reduce, screenOf } from "./machine";
import { firstModel, type MeetingEffect, type MeetingEvent, type MeetingModel } from "./model";
import { Preview } from "./preview";
import { hasQuietSignal, listenQuietly, signalTime } from "./quiet_signal";
import type { MeetingTexts } from "./texts";
import { Focus, meetingView } from "./view";

/** Screens on which the own picture may be seen before anybody else sees it. */
const PREVIEWED: ReadonlySet<string> = new Set(["early", "check", "waiting", "asked", "sent_away"]);
const TICK_MS = 1_000;
const EXIT_EVENT: ExitEvent = "sightline:exit";
/** How often a page that is early asks whether the waiting room has opened, in ms. */
const LOOK_AGAIN_MS = 60_000;

/** One page of one person. */
export class MeetingApp {
  private model: MeetingModel;
  private devices: DeviceLists = NO_DEVICES;
  private readonly events = new InTurn<MeetingEvent>((event) => this.take(event));
  private readonly socket: LiveSocket<MeetingServerMessage, MeetingClientMessage>;
  private readonly capture = new Capture(() => this.captureChanged());
  private readonly preview = new Preview(this.capture);
  private readonly awake = new ScreenLock();
  private readonly call: Call;
  private readonly check: LineCheck;
  private readonly focus: Focus;
  private isDrawPending = false;

  /** @param host element to fill; @param page what the server gave; @param texts the words of its language */
  constructor(private readonly host: HTMLElement, private readonly page: PageData<MeetingState>, private readonly texts: MeetingTexts, options: SocketOptions = {}) {
    this.model = firstModel(wasHere());
    this.socket = new LiveSocket(socketUrl("/ws/meeting/"), {
      onMessage: (message) => this.received(message),
      onState: (state, code) => this.lineChanged(state, code),
      onGap: () => this.socket.restart(),
      // A phone's line hesitates for seconds and goes on; a new socket would not be there any sooner.
    }, { pongDeadline_ms: 5_000, pingFields: () => this.pingFields(), ...options });
    this.call = new Call({
      texts, capture: this.capture, isPhone: isPhone(), isSafe: page.isSafe, isPolice: false,
      selfId: () => this.model.meeting?.participant_id ?? null, sessionId: () => this.model.meeting?.session_id ?? "", uploadDoor: () => "/meeting/uploads/",
      send: (message, waiting) => this.socket.send(message, waiting), redraw: () => this.redraw(),
      onSeat: (state) => this.dispatch({ type: "seat", state }), onGone: (reason) => this.dispatch({ type: "gone", reason }),
      onRefused: (code, details) => this.refused(code, details), onLeave: () => this.dispatch({ type: "leave" }),
    });
    const tones = new TonePlayer();
    this.check = new LineCheck({
      capture: this.capture, hasFrames: () => this.preview.hasFrames, send: (message) => this.socket.send(message), browser: browserFamily(navigator.userAgent),
      isSilent: page.isSafe, playTone: () => tones.play("begin"), onChange: () => this.redraw(),
    });
    this.focus = new Focus(host, page.isSafe, texts.lobby);
  }

  /** Show the first screen, connect, and follow what the device and the person do. */
  start(): void {
    this.host.replaceChildren();
    if (this.page.state !== null) this.dispatch({ type: "server", message: this.page.state });
    reopenWithNetwork(this.socket);
    followNetwork(() => this.call.seat.networkChanged());
    document.addEventListener(EXIT_EVENT, () => this.dispatch({ type: "left" }));
    document.addEventListener("keydown", (event) => {
      if (this.call.seat.state === "in") pressKey(this.call, event);
    });
    document.addEventListener("visibilitychange", () => this.call.stage.layout());
    this.listenForSignal();
    this.followLanguages();
    // Browsers leave it out of insecure pages.
    (navigator.mediaDevices as MediaDevices | undefined)?.addEventListener("devicechange", () => void this.lookForDevices());
    setInterval(() => this.redraw(), TICK_MS);
    setInterval(() => this.lookAgain(), LOOK_AGAIN_MS);
    this.socket.open();
    this.redraw();
  }

  private received(message: MeetingServerMessage): void {
    if (message.type === "heartbeat.pong" || this.check.receive(message)) return;
    if (message.type === "meeting.state") this.stated(message);
    else if (message.type === "meeting.changed") this.call.servers(message.ice_servers);
    else if (message.type === "talk.began") this.call.servers(message.ice_servers);
    else this.call.receive(message as SeatServerMessage | ErrorMessage);
    this.dispatch({ type: "server", message });
  }

  private stated(message: MeetingState): void {
    this.socket.rebase(message.seqs);
    this.call.servers(message.ice_servers);
    this.call.snapshot({ messages: message.messages, uploads: message.uploads, asked: message.wording });
    uploadMemory(message.meeting.session_id, this.page.isSafe).dropOthers();
  }

  private lineChanged(state: LiveSocket<MeetingServerMessage, MeetingClientMessage>["state"], code: number | null): void {
    this.dispatch({ type: "line", state, code });
    if (state === "open") this.call.lineOpened();
    else this.call.lineLost();
  }

  /** Events are taken one after the other, also those that an effect causes. */
  private dispatch(event: MeetingEvent): void {
    this.events.add(event);
  }

  private take(event: MeetingEvent): void {
    const { model, effects } = reduce(this.model, event);
    this.model = model;
    for (const effect of effects) this.perform(effect);
    if (screenOf(model) === "call" || screenOf(model) === "waiting") void this.awake.hold();
    this.redraw();
  }

  private perform(effect: MeetingEffect): void {
    switch (effect.do) {
      case "send":
        this.socket.send(effect.message, effect.waiting);
        return;
      case "join":
        void this.join(effect.purpose, effect.talkId);
        return;
      case "leave_seat":
        this.call.close();
        return;
      case "remember_here":
        rememberHere(this.model.meeting?.session_id ?? null);
        return;
      case "forget_here":
        rememberHere(null);
        return;
      case "stop_devices":
        this.check.stop();
        this.call.files.stop();
        this.capture.close();
        void this.awake.release();
        return;
      case "tell_left":
        tellLeft("/meeting/leave/");
        return;
      case "close_line":
        this.socket.close();
        return;
    }
  }

  /** Camera and microphone first, where they are not on; who refuses them is in the call all the same, and hears. */
  private async join(purpose: "call" | "talk", talkId: string | null): Promise<void> {
    this.check.stop();
    await this.capture.open();
    const screen = screenOf(this.model);
    const isStill = purpose === "call" ? screen === "call" : this.model.talk?.id === talkId;
    if (isStill) this.call.join(purpose, talkId);
  }

  /** The answer that a newcomer owes is asked for in the place of the call. */
  private refused(code: string, details: Record<string, unknown>): void {
    if (code === "consent_unanswered" && "wording" in details) this.call.consent.ask({ ...(details as unknown as ConsentAsked), why: "joined" });
    this.dispatch({ type: "refused", code, details });
  }

  private captureChanged(): void {
    this.call.captureChanged();
    if (this.capture.standing.camera === "on" || this.capture.standing.microphone === "on") void this.lookForDevices();
    this.redraw();
  }

  private async lookForDevices(): Promise<void> {
    const found = await listDevices();
    if (JSON.stringify(found) === JSON.stringify(this.devices)) return;
    this.devices = found;
    this.redraw();
  }

  private pingFields(): { place_id?: string } {
    const { placeId } = this.call.seat;
    return placeId === null ? {} : { place_id: placeId };
  }

  /** One frame and nothing else: no answer is waited for, and none comes. */
  private listenForSignal(): void {
    const isOwn = (target: Element): boolean => target.closest(".own-picture, .tile[data-key]") !== null && this.isOwnPicture(target);
    listenQuietly(() => {
      const { meeting } = this.model;
      if (meeting !== null && hasQuietSignal(meeting.role)) this.socket.send({ type: "signal.send", sent_at: signalTime() }, "keep");
    }, isOwn);
  }

  private isOwnPicture(target: Element): boolean {
    const tile = target.closest<HTMLElement>(".tile[data-key]");
    return tile === null || tile.dataset.key === this.model.meeting?.participant_id;
  }

  /** Nobody tells a page that the time has come; the server says everything anew on each connect. */
  private lookAgain(): void {
    if (screenOf(this.model) === "early" && this.check.running === null && document.visibilityState === "visible") this.socket.restart();
  }

  /** The server keeps the language for messages, too; the page is then loaded in it. */
  private followLanguages(): void {
    document.getElementById("languages")?.addEventListener("click", (event) => {
      const link = event.target instanceof Element ? event.target.closest("a") : null;
      if (link !== null && link.hreflang !== "") this.socket.send({ type: "language.set", language: link.hreflang });
    });
  }

  /** Draws once per frame at most. */
  private redraw(): void {
    if (this.isDrawPending) return;
    this.isDrawPending = true;
    requestAnimationFrame(() => {
      this.isDrawPending = false;
      this.draw();
    });
  }

  private draw(): void {
    const screen = screenOf(this.model);
    this.preview.follow(PREVIEWED.has(screen) && !this.call.isOn);
    render(meetingView({
      model: this.model, screen, texts: this.texts, isSafe: this.page.isSafe, call: this.call, capture: this.capture, check: this.check, preview: this.preview,
      devices: this.devices, now: Date.now() + (this.socket.serverOffset_ms ?? 0), dispatch: (event) => this.dispatch(event),
    }), this.host);
    if (this.call.isOn) this.call.stage.layout();
    this.focus.follow(screen, this.call.panel, this.call.consent.asked?.round ?? null);
  }
}

function isPhone(): boolean {
  return /Android|iPhone|iPad|iPod|Mobile/.test(navigator.userAgent);
}
