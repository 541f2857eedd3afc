/** Shows one stream from the gateway: answers the server's offer, and says truthfully whether pictures arrive. */

import type { IceCandidate, IceServer } from "../signalling/messages";
import { statsOf } from "./delay";
import { playLive, stopShowing } from "./play";
import { ReceivingMeter } from "./receiving_delay";
import { refusesVideo, wireCandidate } from "./sdp";

/** `codec_unsupported`: this browser cannot show the sender's video format. */
export type SubscriberFault = "codec_unsupported" | "connection_failed";

/** How the subscriber speaks to the server (watch_id is the caller's business). */
export interface SubscriberWire {
  answer(sdp: string): void;
  candidate(candidate: IceCandidate | null): void;
}

export interface SubscriberEvents {
  /** A picture was presented; `at` is performance.now() in ms. Pictures that stop coming mean a frozen screen. */
  onFrame?(at: number): void;
  /** The browser wants a touch before it plays: show a button that calls `resume`. */
  onNeedsTap?(): void;
  onState?(state: RTCPeerConnectionState): void;
  onFault?(fault: SubscriberFault): void;
}

export interface SubscriberOptions {
  /** For tests. */
  createConnection?: (configuration: RTCConfiguration) => RTCPeerConnection;
}

/** One watched stream in one video element. Make a new one for each watch. */
export class Subscriber {
  private connection: RTCPeerConnection | null = null;
  private stream: MediaStream | null = null;
  private lastFrame: number | null = null;
  private readonly meter = new ReceivingMeter();

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly wire: SubscriberWire,
    private readonly events: SubscriberEvents = {},
    private readonly options: SubscriberOptions = {},
  ) {}

  /** performance.now() of the newest presented picture, or null before the first. */
  get lastFrameAt(): number | null {
    return this.lastFrame;
  }

  /** Answer an offer. The same call takes a renewed offer of the same watch. */
  async accept(sdp: string, iceServers: IceServer[]): Promise<void> {
    const connection = this.connection ?? this.connect(iceServers);
    await connection.setRemoteDescription({ type: "offer", sdp });
    await connection.setLocalDescription(await connection.createAnswer());
    if (this.connection !== connection) return;
    const answer = connection.localDescription?.sdp ?? "";
    if (refusesVideo(answer)) this.events.onFault?.("codec_unsupported");
    this.wire.answer(answer);
  }

  /** Start the picture after a touch. */
  async resume(): Promise<void> {
    if (this.stream === null) return;
    const outcome = await playLive(this.video, this.stream);
    if (outcome === "needs_tap") this.events.onNeedsTap?.();
  }

  /** Milliseconds that the picture takes from the media server to this screen now; null while that cannot be known. */
  async delay_ms(): Promise<number | null> {
    const { connection } = this;
    if (connection === null) return null;
    const report = await connection.getStats().catch(() => null);
    return report === null || connection !== this.connection ? null : this.meter.take(statsOf(report));
  }

  /** Stop watching here; telling the server is the caller's business. */
  close(): void {
    const connection = this.connection;
    this.connection = null;
    this.stream = null;
    connection?.close();
    stopShowing(this.video);
  }

  private connect(iceServers: IceServer[]): RTCPeerConnection {
    const create = this.options.createConnection ?? ((c: RTCConfiguration) => new RTCPeerConnection(c));
    const connection = create({ iceServers, bundlePolicy: "max-bundle" });
    this.connection = connection;
    connection.addEventListener("track", (event) => this.show(event));
    connection.addEventListener("icecandidate", (event) => {
      if (this.connection === connection) this.wire.candidate(wireCandidate(event.candidate));
    });
    connection.addEventListener("connectionstatechange", () => {
      if (this.connection === connection) this.noteState(connection.connectionState);
    });
    return connection;
  }

  private show(event: RTCTrackEvent): void {
    if (this.connection === null) return;
    const isFirst = this.stream === null;
    this.stream ??= event.streams[0] ?? new MediaStream();
    if (!this.stream.getTracks().includes(event.track)) this.stream.addTrack(event.track);
    if (isFirst) this.followFrames();
    void this.resume();
  }

  /** Follow presented frames, where the browser can tell; else the clock of the element. */
  private followFrames(): void {
    const note = (_now?: unknown, metadata?: VideoFrameCallbackMetadata): void => {
      if (this.connection === null) return;
      this.lastFrame = performance.now();
      if (metadata !== undefined) this.meter.presented(metadata);
      this.events.onFrame?.(this.lastFrame);
      if ("requestVideoFrameCallback" in this.video) this.video.requestVideoFrameCallback(note);
    };
    if ("requestVideoFrameCallback" in this.video) this.video.requestVideoFrameCallback(note);
    else (this.video as HTMLVideoElement).addEventListener("timeupdate", () => note());
  }

  private noteState(state: RTCPeerConnectionState): void {
    this.events.onState?.(state);
    if (state === "failed") this.events.onFault?.("connection_failed");
  }
}
