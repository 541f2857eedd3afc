/** The caller's page at work: events go through the state machine, and its effects reach the line and the devices. */

import { Publisher } from "../media/publisher";
import type { CallerClientMessage, CallerServerMessage, PositionReport } from "../signalling/messages";
import { reopenWithNetwork } from "../signalling/network";
import { LiveSocket, socketUrl } from "../signalling/socket";
import { Devices } from "./devices";
import { EXIT_EVENT } from "./exit";
import { reduce } from "./machine";
import { initialModel, type CallerEvent, type CallerModel, type Effect } from "./model";
import type { PageData } from "./page_data";
import { Rungs } from "./rungs";
import { offerRef } from "./server_events";
import { StillSender } from "./still_sender";
import { hasStopped, rememberStop } from "./stop_memory";
import type { Uploader } from "./uploader";
import { CallerView } from "./view";

/** A phone's clock that is off by more than this is corrected before a fix is sent, in ms. */
const CLOCK_TOLERANCE_MS = 2_000;

/** Time between two words on how long the picture is on its way, in ms. */
const DELAY_EVERY_MS = 4_000;
const MAX_DELAY_MS = 60_000;

/** Longest time for which an offer in the making holds the drawing back, in ms. */
const OFFER_FIRST_MS = 150;

/** One page of one caller. */
export class CallerApp {
  private model: CallerModel = initialModel();
  private readonly events: CallerEvent[] = [];
  private isBusy = false;
  private publishTimer: ReturnType<typeof setTimeout> | undefined;
  private reopenTimer: ReturnType<typeof setTimeout> | undefined;
  private isOffering = false;
  private readonly view: CallerView;
  private readonly devices: Devices;
  private readonly publisher: Publisher;
  private readonly rungs: Rungs;
  private readonly stills: StillSender;
  private uploader: Promise<Uploader> | null = null;
  private readonly socket: LiveSocket<CallerServerMessage, CallerClientMessage>;

  /** @param host element to fill; @param page language and mode of the page */
  constructor(host: HTMLElement, page: PageData) {
    const dispatch = (event: CallerEvent): void => this.dispatch(event);
    this.view = new CallerView(host, page, dispatch);
    this.devices = new Devices(this.view.preview, dispatch);
    this.socket = new LiveSocket(socketUrl("/ws/caller/"), {
      onMessage: (message) => this.received(message),
      onState: (state, code) => this.dispatch({ type: "line", state, code }),
      // The server says everything anew on each connect, and connecting is cheap.
      onGap: () => this.socket.restart(),
      // A phone's line hesitates for seconds and goes on; a new socket would not be there any sooner.
    }, { pongDeadline_ms: 5_000 });
    this.publisher = new Publisher(
      {
        publish: (sdp) => this.offer(sdp),
        candidate: (candidate) => this.socket.send({ type: "stream.candidate", candidate }),
      },
      (state) => this.dispatch({ type: "publisher", state }),
    );
    this.rungs = new Rungs({
      model: () => this.model, publisher: this.publisher, preview: this.view.preview, dispatch,
      clockOffset: () => this.socket.serverOffset_ms ?? 0,
    });
    this.stills = new StillSender({
      camera: () => this.devices.cameraStream,
      preview: this.view.preview,
      refuse: (askId, reason) => this.socket.send({ type: "still.refuse", ask_id: askId, reason }, "keep"),
      tell: (state) => dispatch({ type: "still", state }),
    });
  }

  /** Connect and show the first screen. */
  start(): void {
    this.view.render(this.model);
    reopenWithNetwork(this.socket);
    document.addEventListener(EXIT_EVENT, () => this.dispatch({ type: "left" }));
    document.addEventListener("visibilitychange", () => {
      this.dispatch({ type: "hidden", isHidden: document.visibilityState === "hidden" });
    });
    setInterval(() => void this.tellDelay(), DELAY_EVERY_MS);
    this.socket.open();
  }

  /** The control room shows how old the picture is: only this end knows its part of it. */
  private async tellDelay(): Promise<void> {
    const delay_ms = await this.publisher.delay_ms();
    if (delay_ms === null || this.model.stream?.state !== "live") return;
    this.socket.send({ type: "stream.delay", sending_ms: Math.min(delay_ms, MAX_DELAY_MS) });
  }

  /** Events are taken one after the other, also those that an effect causes. */
  private dispatch(event: CallerEvent): void {
    this.events.push(event);
    if (this.isBusy) return;
    this.isBusy = true;
    try {
      for (let next = this.events.shift(); next !== undefined; next = this.events.shift()) this.take(next);
    } finally {
      this.isBusy = false;
    }
  }

  private take(event: CallerEvent): void {
    const { model, effects } = reduce(this.model, event);
    this.model = model;
    for (const effect of effects) this.perform(effect);
    if (!this.isOffering) this.view.render(this.model);
  }

  private received(message: CallerServerMessage): void {
    const stopped = message.type === "caller.state" && hasStopped(message.session.id);
    this.dispatch({ type: "server", message, hasStopped: stopped });
  }

  private perform(effect: Effect): void {
    switch (effect.do) {
      case "send":
        this.socket.send(this.corrected(effect.message), effect.waiting);
        return;
      case "watch_position":
        this.devices.watchPosition();
        return;
      case "open_camera":
        void this.openCamera(effect.facing);
        return;
      case "open_camera_later":
        clearTimeout(this.reopenTimer);
        this.reopenTimer = setTimeout(() => this.dispatch({ type: "reopen_camera" }), effect.after_ms);
        return;
      case "close_camera":
        this.publisher.stop();
        this.devices.closeCamera();
        return;
      case "prepare":
        void this.offering((publisher) => publisher.prepare(this.model.iceServers));
        return;
      case "begin":
        void this.begin();
        return;
      case "publish":
        void this.publish();
        return;
      case "accept_answer":
        void this.accept(effect.sdp);
        return;
      case "publish_later":
        clearTimeout(this.publishTimer);
        this.publishTimer = setTimeout(() => this.dispatch({ type: "publish_again" }), effect.after_ms);
        return;
      case "keep_awake":
        this.devices.keepAwake();
        this.rungs.start();
        return;
      case "take_still":
        void this.stills.answer(effect.askId);
        return;
      case "upload":
        void this.upload(effect.files);
        return;
      case "stop_everything":
        this.stopEverything();
        return;
      case "remember_stop":
        if (this.model.session !== null) rememberStop(this.model.session.id);
        return;
      case "close_line":
        this.socket.close();
        return;
    }
  }

  private async upload(files: File[]): Promise<void> {
    const sessionId = this.model.session?.id ?? "";
    // Loaded when it is wanted: most callers send no files.
    this.uploader ??= import("./uploader").then(({ Uploader: Made }) =>
      new Made(sessionId, (lines) => this.dispatch({ type: "uploads", lines }), sessionStorage));
    (await this.uploader).add(files);
  }

  private stopEverything(): void {
    clearTimeout(this.publishTimer);
    this.rungs.stop();
    this.stills.stop();
    void this.uploader?.then((uploader) => uploader.stop());
    clearTimeout(this.reopenTimer);
    this.devices.stop();
    this.publisher.stop();
  }

  /** A new camera takes the place of the old one in a connection that stands. */
  private async openCamera(facing: "environment" | "user"): Promise<void> {
    await this.devices.openCamera(facing);
    const track = this.devices.cameraStream?.getVideoTracks()[0];
    if (track !== undefined) await this.publisher.replaceVideo(track).catch(() => undefined);
  }

  private async publish(): Promise<void> {
    const stream = this.devices.cameraStream;
    if (stream === null) return;
    this.offerFirst();
    await this.offering((publisher) => publisher.start(stream, this.model.iceServers));
    this.drawAgain();
  }

  /** Give the camera's picture to the connection that stands, then say so. */
  private async begin(): Promise<void> {
    const track = this.devices.cameraStream?.getVideoTracks()[0];
    if (track === undefined) return;
    this.offerFirst();
    await this.offering(async (publisher) => {
      await publisher.replaceVideo(track);
      this.socket.send({ type: "stream.begin", ref: offerRef(this.model.publishing.attempt) }, "keep");
    });
  }

  private async offering(act: (publisher: Publisher) => Promise<void>): Promise<void> {
    try {
      await act(this.publisher);
    } catch {
      this.dispatch({ type: "publisher", state: "failed" });
    }
  }

  /** Drawing the next screen keeps a phone busy for as long as making the offer: the control room waits for that. */
  private offerFirst(): void {
    this.isOffering = true;
    setTimeout(() => this.drawAgain(), OFFER_FIRST_MS);
  }

  private drawAgain(): void {
    if (!this.isOffering) return;
    this.isOffering = false;
    this.view.render(this.model);
  }

  private offer(sdp: string): void {
    const { attempt, isPrepared } = this.model.publishing;
    this.socket.send({ type: "stream.publish", sdp, early: isPrepared, ref: offerRef(attempt) });
  }

  private async accept(sdp: string): Promise<void> {
    try {
      if (!(await this.publisher.accept(sdp))) this.dispatch({ type: "codec_refused" });
    } catch {
      this.dispatch({ type: "publisher", state: "failed" });
    }
  }

  /** Put a fix on the server's clock: a phone that is minutes wrong would have every fix refused. */
  private corrected(message: CallerClientMessage): CallerClientMessage {
    const offset = this.socket.serverOffset_ms ?? 0;
    if (message.type !== "position.fix" || Math.abs(offset) < CLOCK_TOLERANCE_MS) return message;
    const corrected: PositionReport & typeof message = { ...message, fixed_at: message.fixed_at + offset };
    return corrected;
  }
}
