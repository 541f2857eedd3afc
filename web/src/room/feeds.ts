/** What this page sends into the room: its camera with the microphone, and its screen while that is shared. */

import type { Capture } from "../media/capture";
import { CALL, PHONE_CALL, SCREEN } from "../media/layers";
import { Publisher, type PublisherOptions, type PublisherState } from "../media/publisher";
import type { IceCandidate, IceServer } from "../signalling/messages";
import type { SeatClientMessage } from "../signalling/meetingmessages";

/** From so many people on, nobody shows a phone's picture large. */
const MANY = 7;

/** What the feeds need of the seat. */
export interface FeedsParts {
  capture: Capture;
  readonly send: (message: SeatClientMessage) => boolean;
  /** The camera's connection has changed. */
  readonly onCamera: (state: PublisherState) => void;
  /** The screen is shared, or not any more. */
  readonly onScreen: () => void;
  /** Whether this is a phone: it sends less. */
  isPhone: boolean;
  /** For tests. */
  createConnection?: (configuration: RTCConfiguration) => RTCPeerConnection;
  askScreen?: () => Promise<MediaStream>;
}

/** One of the two. */
interface Sent {
  publisher: Publisher;
  feedId: string | null;
}

/** Both feeds of one seat. */
export class Feeds {
  private readonly camera: Sent;
  private screen: (Sent & { stream: MediaStream }) | null = null;
  private offered: string | null = null;

  constructor(private readonly parts: FeedsParts) {
    const publisher = new Publisher(
      {
        publish: (sdp) => (this.offered = sdp),
        candidate: (candidate) => this.candidate(this.camera, candidate),
      },
      (state) => parts.onCamera(state),
      this.options({ layers: CALL, purpose: "call" }),
    );
    this.camera = { publisher, feedId: null };
  }

  /** Whether this browser can share a screen: phones cannot. */
  static get canShare(): boolean {
    const devices = navigator.mediaDevices as Partial<MediaDevices> | undefined;
    return devices?.getDisplayMedia !== undefined;
  }

  /** The camera's connection, for what measures it. */
  get publisher(): Publisher {
    return this.camera.publisher;
  }

  /** The own screen, as it is shared. */
  get sharedScreen(): MediaStream | null {
    return this.screen?.stream ?? null;
  }

  /** An offer of camera and microphone as they are now; null when another one overtook it. */
  async offer(iceServers: IceServer[]): Promise<string | null> {
    this.offered = null;
    this.camera.feedId = null;
    const { sound, picture } = this.parts.capture;
    await this.camera.publisher.offer({ sound, picture }, iceServers);
    return this.offered;
  }

  /** The server took the offer. */
  async joined(feedId: string, sdp: string): Promise<void> {
    this.camera.feedId = feedId;
    await this.camera.publisher.accept(sdp);
  }

  /** Send what camera and microphone give now. */
  follow(): void {
    const { sound, picture } = this.parts.capture;
    this.camera.publisher.setSound(sound);
    void this.camera.publisher.replaceVideo(picture).catch(() => undefined);
  }

  /** So many are in the room now. */
  resize(people: number): void {
    const isSmall = this.parts.isPhone && people >= MANY;
    this.parts.capture.resize(isSmall ? "small" : "whole");
    this.camera.publisher.plan(isSmall ? PHONE_CALL : CALL);
  }

  /** Another network: offer the same connections anew over it. */
  async restart(iceServers: IceServer[]): Promise<void> {
    for (const sent of [this.camera, this.screen]) {
      if (sent?.feedId == null) continue;
      const sdp = await sent.publisher.restart(iceServers).catch(() => null);
      if (sdp !== null) this.parts.send({ type: "feed.restart", feed_id: sent.feedId, sdp });
    }
  }

  /** The server took a restart. */
  async restarted(feedId: string, sdp: string): Promise<void> {
    const sent = [this.camera, this.screen].find((one) => one?.feedId === feedId);
    await sent?.publisher.accept(sdp);
  }

  /** Ask for a screen, and offer it. Called in a tap; a person who turns back changes nothing. */
  async share(iceServers: IceServer[]): Promise<void> {
    if (this.screen !== null) return;
    const ask = this.parts.askScreen ?? (() => navigator.mediaDevices.getDisplayMedia({ video: { frameRate: { ideal: 8, max: 15 } }, audio: false }));
    const stream = await ask().catch(() => null);
    const track = stream?.getVideoTracks()[0];
    if (stream === null || track === undefined) return;
    track.contentHint = "detail";
    track.addEventListener("ended", () => this.unshare());
    const screen = { publisher: this.makeScreen(), feedId: null, stream };
    this.screen = screen;
    await screen.publisher.start(stream, iceServers);
    this.parts.onScreen();
  }

  /** The server took the screen. */
  async opened(feedId: string, sdp: string): Promise<void> {
    if (this.screen === null) return;
    this.screen.feedId = feedId;
    await this.screen.publisher.accept(sdp);
    this.parts.onScreen();
  }

  /** Share it no longer; the server is told. */
  unshare(): void {
    const { screen } = this;
    if (screen === null) return;
    this.screen = null;
    screen.publisher.stop();
    for (const track of screen.stream.getTracks()) track.stop();
    if (screen.feedId !== null) this.parts.send({ type: "feed.close", feed_id: screen.feedId });
    this.parts.onScreen();
  }

  /** The seat was lost with its connections; what is shared goes on with the next one. */
  lose(): void {
    this.camera.feedId = null;
    this.camera.publisher.stop();
    if (this.screen === null) return;
    this.screen.feedId = null;
    this.screen.publisher.stop();
  }

  /** Offer the screen that was shared in the seat before. */
  async shareAgain(iceServers: IceServer[]): Promise<void> {
    const { screen } = this;
    if (screen?.feedId !== null) return;
    screen.publisher = this.makeScreen();
    await screen.publisher.start(screen.stream, iceServers);
  }

  /** Nothing is sent any more, at once. */
  stop(): void {
    this.unshare();
    this.camera.feedId = null;
    this.camera.publisher.stop();
  }

  private makeScreen(): Publisher {
    return new Publisher(
      {
        publish: (sdp) => {
          const isSent = this.parts.send({ type: "feed.open", source: "screen", sdp, ref: "screen" });
          if (!isSent) this.unshare();
        },
        candidate: (candidate) => this.candidate(this.screen, candidate),
      },
      (state) => {
        if (state === "failed") this.unshare();
      },
      this.options({ layers: SCREEN }),
    );
  }

  private candidate(sent: Sent | null, candidate: IceCandidate | null): void {
    if (sent?.feedId != null) this.parts.send({ type: "feed.candidate", feed_id: sent.feedId, candidate });
  }

  private options(own: PublisherOptions): PublisherOptions {
    const { createConnection } = this.parts;
    return createConnection === undefined ? own : { ...own, createConnection };
  }
}
