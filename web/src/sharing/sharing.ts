/**
 * What shares on a phone, a caller's or an officer's: camera, microphone, position, publishing, ladder, stills and uploads.
 */

import { Publisher } from "../media/publisher";
import type { CallerClientMessage } from "../signalling/messages";
import { followNetwork } from "../signalling/network";
import type { Waiting } from "../signalling/queue";
import { Devices } from "./devices";
import type { SharingEvent, SharingModel, Effect } from "./model";
import { hadPicture, rememberPicture } from "./picture_memory";
import { Rungs } from "./rungs";
import { offerRef } from "./server_events";
import { StillSender } from "./still_sender";
import { uploadMemory } from "./upload_memory";
import type { Uploader } from "./uploader";

/** What the page does by itself, without any of this. */
type PageEffect = Extract<Effect, { do: "send" | "remember_stop" | "tell_left" | "close_line" }>;
/** What is done to the phone's devices and to the picture. */
export type SharingEffect = Exclude<Effect, PageEffect>;

/** Time between two words on how long the picture is on its way, in ms. */
const DELAY_EVERY_MS = 4_000;
const MAX_DELAY_MS = 60_000;

/** What sharing needs of the page. */
export interface SharingPage {
  readonly preview: HTMLVideoElement;
  readonly isSafe: boolean;
  /** Where pictures are sent to. */
  readonly stillsAddress: string;
  /** Whether sound goes with the picture; `setSound` says which. */
  readonly hasSound?: boolean;
  readonly model: () => SharingModel;
  readonly dispatch: (event: SharingEvent) => void;
  readonly send: (message: CallerClientMessage, waiting?: Waiting) => void;
  /** What to add to this phone's clock to get the server's, in ms. */
  readonly clockOffset: () => number;
  /** An offer is in the making: draw nothing meanwhile. */
  readonly holdDrawing: () => void;
  readonly drawAgain: () => void;
}

/** Everything that leaves the phone besides words. */
export class Sharing {
  private publishTimer: ReturnType<typeof setTimeout> | undefined;
  private reopenTimer: ReturnType<typeof setTimeout> | undefined;
  private readonly devices: Devices;
  private readonly publisher: Publisher;
  private readonly rungs: Rungs;
  private readonly stills: StillSender;
  private uploader: Promise<Uploader> | null = null;

  constructor(private readonly page: SharingPage) {
    const { preview, model, dispatch, send, clockOffset } = page;
    this.devices = new Devices(preview, dispatch);
    this.publisher = new Publisher(
      {
        publish: (sdp) => this.offer(sdp),
        candidate: (candidate) => send({ type: "stream.candidate", candidate }),
      },
      (state) => dispatch({ type: "publisher", state }),
      { hasSound: page.hasSound === true },
    );
    const { stillsAddress } = page;
    this.rungs = new Rungs({ model, publisher: this.publisher, preview, dispatch, clockOffset, stillsAddress });
    this.stills = new StillSender({
      camera: () => this.devices.cameraStream,
      preview,
      address: stillsAddress,
      refuse: (askId, reason) => send({ type: "still.refuse", ask_id: askId, reason }, "keep"),
      tell: (state) => dispatch({ type: "still", state }),
    });
    followNetwork(() => void this.publisher.prove());
    setInterval(() => void this.tellDelay(), DELAY_EVERY_MS);
  }

  /** The camera's track while it is on. */
  get cameraTrack(): MediaStreamTrack | null {
    return this.devices.cameraStream?.getVideoTracks()[0] ?? null;
  }

  /** Take a picture of full size and send it. */
  takeStill(): void {
    void this.stills.takeOwn();
  }

  /** Send this sound from now on, or none. */
  setSound(track: MediaStreamTrack | null): void {
    this.publisher.setSound(track);
  }

  /** Do what the state machine asks for. */
  perform(effect: SharingEffect): void {
    switch (effect.do) {
      case "watch_position":
        this.devices.watchPosition();
        return;
      case "look_for_permission":
        void this.lookForPermission();
        return;
      case "open_camera":
        void this.openCamera(effect.facing);
        return;
      case "open_camera_later":
        clearTimeout(this.reopenTimer);
        this.reopenTimer = setTimeout(() => this.page.dispatch({ type: "reopen_camera" }), effect.after_ms);
        return;
      case "close_camera":
        rememberPicture(null);
        this.publisher.stop();
        this.devices.closeCamera();
        return;
      case "prepare":
        void this.offering((publisher) => publisher.prepare(this.page.model().iceServers));
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
      case "prove_connection":
        void this.publisher.prove();
        return;
      case "publish_later":
        clearTimeout(this.publishTimer);
        this.publishTimer = setTimeout(() => this.page.dispatch({ type: "publish_again" }), effect.after_ms);
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
    }
  }

  /** The control room shows how old the picture is: only this end knows its part of it. */
  private async tellDelay(): Promise<void> {
    const delay_ms = await this.publisher.delay_ms();
    if (delay_ms === null || this.page.model().stream?.state !== "live") return;
    this.page.send({ type: "stream.delay", sending_ms: Math.min(delay_ms, MAX_DELAY_MS) });
  }

  private async upload(files: File[]): Promise<void> {
    const memory = uploadMemory(this.page.model().session?.id ?? "", this.page.isSafe);
    // Loaded when it is wanted: most callers send no files.
    this.uploader ??= import("./uploader").then(({ Uploader: Made }) =>
      new Made((lines) => this.page.dispatch({ type: "uploads", lines }), memory, "/live/uploads/"));
    (await this.uploader).add(files);
  }

  private stopEverything(): void {
    rememberPicture(null);
    clearTimeout(this.publishTimer);
    clearTimeout(this.reopenTimer);
    this.rungs.stop();
    this.stills.stop();
    void this.uploader?.then((uploader) => uploader.stop());
    this.devices.stop();
    this.publisher.stop();
  }

  /** A new camera takes the place of the old one in a connection that stands. */
  private async openCamera(facing: "environment" | "user"): Promise<void> {
    await this.devices.openCamera(facing);
    const track = this.devices.cameraStream?.getVideoTracks()[0];
    if (track === undefined) return;
    rememberPicture(this.page.model().session?.id ?? null);
    await this.publisher.replaceVideo(track).catch(() => undefined);
  }

  /** A camera that was off when the page was loaded again stays off until it is asked for. */
  private async lookForPermission(): Promise<void> {
    if (hadPicture(this.page.model().session?.id ?? "")) await this.devices.lookForPermission();
    else this.page.dispatch({ type: "camera_permission", isGranted: false });
  }

  private async publish(): Promise<void> {
    const stream = this.devices.cameraStream;
    if (stream === null) return;
    this.page.holdDrawing();
    await this.offering((publisher) => publisher.start(stream, this.page.model().iceServers));
    this.page.drawAgain();
  }

  /** Give the camera's picture to the connection that stands, then say so. */
  private async begin(): Promise<void> {
    const track = this.devices.cameraStream?.getVideoTracks()[0];
    if (track === undefined) return;
    this.page.holdDrawing();
    await this.offering(async (publisher) => {
      await publisher.replaceVideo(track);
      this.page.send({ type: "stream.begin", ref: offerRef(this.page.model().publishing.attempt) }, "keep");
    });
  }

  private async offering(act: (publisher: Publisher) => Promise<void>): Promise<void> {
    try {
      await act(this.publisher);
    } catch {
      this.page.dispatch({ type: "publisher", state: "failed" });
    }
  }

  private offer(sdp: string): void {
    const { attempt, isPrepared } = this.page.model().publishing;
    this.page.send({ type: "stream.publish", sdp, early: isPrepared, ref: offerRef(attempt) });
  }

  private async accept(sdp: string): Promise<void> {
    try {
      if (!(await this.publisher.accept(sdp))) this.page.dispatch({ type: "codec_refused" });
    } catch {
      this.page.dispatch({ type: "publisher", state: "failed" });
    }
  }
}
