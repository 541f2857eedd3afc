/** Watches streams: one video element for each, kept while it is wanted, asked for again when it is lost. */

import { Subscriber } from "../media/subscriber";
import type { ConsoleClientMessage, ConsoleServerMessage, Layer } from "../signalling/messages";
import { WATCH_REF, type WatchMessages } from "./link";
import type { WatchStatus } from "./tiletruth";

type Offer = Extract<ConsoleServerMessage, { type: "stream.offer" }>;

/** What is watched: a stream of a session. */
export interface Wanted {
  sessionId: string;
  streamId: string;
  /** The size in which it is shown here. */
  layer: Layer;
  /** Another force's, which shares it: `sessionId` is the share's. */
  isShared?: boolean;
}

/** Delays before a lost watch is asked for again, in ms; the last one repeats. */
const RETRY_MS: readonly number[] = [500, 1_000, 2_000, 5_000];

/** One stream being watched. */
interface Watch {
  wanted: Wanted;
  video: HTMLVideoElement;
  status: WatchStatus;
  watchId: string | null;
  /** The watch of a line that was lost: the server ends it when the new one begins. */
  replaces: string | null;
  subscriber: Subscriber | null;
  attempt: number;
  retryTimer: ReturnType<typeof setTimeout> | undefined;
}

/** All pictures of this page. */
export class WatchPool implements WatchMessages {
  private readonly watches = new Map<string, Watch>();
  private isOpen = false;

  /** @param send sends a frame; false when the line is down. @param onChange is called when any status changed. */
  constructor(
    private readonly send: (message: ConsoleClientMessage) => boolean,
    private readonly onChange: () => void,
  ) {}

  /** Watches exactly these streams. */
  want(wanted: readonly Wanted[]): void {
    const ids = new Set(wanted.map((one) => one.streamId));
    for (const streamId of [...this.watches.keys()]) {
      if (!ids.has(streamId)) this.drop(streamId);
    }
    for (const one of wanted) {
      const watch = this.watches.get(one.streamId);
      if (watch === undefined) this.add(one);
      else this.show(watch, one.layer);
    }
  }

  /** The video element of a stream, or null when it is not watched. */
  videoOf(streamId: string): HTMLVideoElement | null {
    return this.watches.get(streamId)?.video ?? null;
  }

  /** How far a stream's watch has come. */
  statusOf(streamId: string): WatchStatus | null {
    return this.watches.get(streamId)?.status ?? null;
  }

  /** Asks each picture how long it takes from the media server to this screen. */
  measure(): void {
    for (const watch of this.watches.values()) {
      const { subscriber } = watch;
      void subscriber?.delay_ms().then((delay_ms) => {
        if (watch.subscriber === subscriber) watch.status.receiving_ms = delay_ms;
      });
    }
  }

  /** Plays after a click, where the browser wants one. */
  resume(streamId: string): void {
    const watch = this.watches.get(streamId);
    if (watch?.subscriber == null) return;
    watch.status.needsTap = false;
    void watch.subscriber.resume();
  }

  /** Goes on with what was drawn elsewhere: a browser pauses an element that was out of the page meanwhile. */
  playOn(): void {
    for (const { video, status, subscriber } of this.watches.values()) {
      if (video.isConnected && video.paused && video.srcObject !== null && !status.needsTap) void subscriber?.resume();
    }
  }

  /** The line came back: the server has forgotten our watches, so each is asked for anew; pictures go on until its offer. */
  lineOpened(): void {
    this.isOpen = true;
    for (const watch of this.watches.values()) {
      watch.replaces = watch.watchId ?? watch.replaces;
      watch.watchId = null;
      watch.attempt = 0;
      this.ask(watch);
    }
  }

  /** The line is down: nothing can be asked. */
  lineLost(): void {
    this.isOpen = false;
    for (const watch of this.watches.values()) clearTimeout(watch.retryTimer);
  }

  onOffer(offer: Offer): void {
    const watch = this.watches.get(offer.stream_id);
    if (watch === undefined) {
      this.send({ type: "watch.stop", watch_id: offer.watch_id });
      return;
    }
    if (watch.watchId !== offer.watch_id) {
      watch.subscriber?.close();
      watch.subscriber = this.subscriber(watch, offer.watch_id);
      watch.watchId = offer.watch_id;
      watch.status.receiving_ms = null;
      // The old picture is gone from the screen: nothing has been presented of the new one yet.
      watch.status.lastFrameAt = null;
    }
    watch.status.phase = "connecting";
    void this.answer(watch, offer);
  }

  onEnded(watchId: string, reason: string): void {
    const watch = [...this.watches.values()].find((one) => one.watchId === watchId);
    if (watch !== undefined) this.lost(watch, reason);
  }

  onRefused(ref: string, code: string, message: string): void {
    const watch = this.watches.get(ref.slice(WATCH_REF.length));
    if (watch === undefined) return;
    // A phone that takes long to connect is no fault of the picture: go on asking.
    if (code === "stream_not_ready") this.retryLater(watch);
    else this.lost(watch, message);
  }

  private add(wanted: Wanted): void {
    const video = document.createElement("video");
    video.muted = true;
    video.autoplay = true;
    video.playsInline = true;
    video.className = "tile-video";
    video.dataset.testid = "video";
    const status: WatchStatus = { phase: "asking", lastFrameAt: null, needsTap: false, fault: null };
    const watch: Watch = {
      wanted, video, status, watchId: null, replaces: null, subscriber: null, attempt: 0, retryTimer: undefined,
    };
    this.watches.set(wanted.streamId, watch);
    if (this.isOpen) this.ask(watch);
  }

  /** Asks for another size of a picture that is being watched. */
  private show(watch: Watch, layer: Layer): void {
    if (watch.wanted.layer === layer) return;
    watch.wanted = { ...watch.wanted, layer };
    if (watch.watchId !== null) this.send({ type: "watch.layer", watch_id: watch.watchId, layer });
  }

  private drop(streamId: string): void {
    const watch = this.watches.get(streamId);
    if (watch === undefined) return;
    this.watches.delete(streamId);
    clearTimeout(watch.retryTimer);
    watch.subscriber?.close();
    if (watch.watchId !== null) this.send({ type: "watch.stop", watch_id: watch.watchId });
  }

  private ask(watch: Watch): void {
    clearTimeout(watch.retryTimer);
    const { sessionId, streamId, isShared } = watch.wanted;
    const ref = WATCH_REF + streamId;
    const replaces = watch.replaces === null ? {} : { replaces: watch.replaces };
    const frame: ConsoleClientMessage = isShared === true
      ? { type: "shared.watch", share_id: sessionId, stream_id: streamId, ref, ...replaces }
      : { type: "stream.watch", session_id: sessionId, stream_id: streamId, ref, ...replaces };
    if (this.send(frame)) watch.status.phase = "asking";
  }

  /** A watch ended or never began: say why, and ask again after a while. */
  private lost(watch: Watch, reason: string): void {
    watch.status.phase = "failed";
    watch.status.fault = reason;
    watch.watchId = null;
    // A browser that cannot decode the stream will not learn it in five seconds.
    if (reason !== "codec_unsupported") this.retryLater(watch);
    this.onChange();
  }

  private retryLater(watch: Watch): void {
    const delay = RETRY_MS[Math.min(watch.attempt, RETRY_MS.length - 1)];
    watch.attempt += 1;
    clearTimeout(watch.retryTimer);
    watch.retryTimer = setTimeout(() => {
      if (this.isOpen && this.watches.get(watch.wanted.streamId) === watch) this.ask(watch);
    }, delay);
  }

  private async answer(watch: Watch, offer: Offer): Promise<void> {
    try {
      await watch.subscriber?.accept(offer.sdp, offer.ice_servers);
    } catch {
      if (watch.watchId === offer.watch_id) this.lost(watch, "connection_failed");
    }
  }

  /** A subscriber whose words count only while its watch is the current one. */
  private subscriber(watch: Watch, watchId: string): Subscriber {
    const whileCurrent = (act: () => void): void => {
      if (watch.watchId !== watchId) return;
      act();
      this.onChange();
    };
    return new Subscriber(
      watch.video,
      {
        answer: (sdp) => this.sendAnswer(watch, watchId, sdp),
        candidate: (candidate) => this.send({ type: "watch.candidate", watch_id: watchId, candidate }),
      },
      {
        onFrame: () => this.noteFrame(watch, watchId),
        onNeedsTap: () => whileCurrent(() => (watch.status.needsTap = true)),
        // Nothing of it is drawn, and drawing would keep this machine from the picture itself.
        onState: (state) => {
          if (watch.watchId === watchId) noteState(watch, state);
        },
        onFault: (fault) => whileCurrent(() => this.stop(watch, watchId, fault)),
      },
    );
  }

  /** The media server begins with the highest layer. */
  private sendAnswer({ wanted }: Watch, watchId: string, sdp: string): void {
    this.send({ type: "watch.answer", watch_id: watchId, sdp, ref: WATCH_REF + wanted.streamId });
    if (wanted.layer !== "high") this.send({ type: "watch.layer", watch_id: watchId, layer: wanted.layer });
  }

  /** A picture was presented. The page is told of the first only: the rest is read when the screen is drawn. */
  private noteFrame(watch: Watch, watchId: string): void {
    if (watch.watchId !== watchId) return;
    const isFirst = watch.status.lastFrameAt === null || watch.status.phase !== "connected";
    watch.status.lastFrameAt = Date.now();
    watch.status.phase = "connected";
    watch.attempt = 0;
    watch.replaces = null;
    if (isFirst) this.onChange();
  }

  /** Gives a faulty watch up on both sides and tries again later. */
  private stop(watch: Watch, watchId: string, fault: string): void {
    this.send({ type: "watch.stop", watch_id: watchId });
    this.lost(watch, fault);
  }
}

function noteState(watch: Watch, state: RTCPeerConnectionState): void {
  if (state === "connected" && watch.status.phase !== "connected") watch.status.phase = "connecting";
}
