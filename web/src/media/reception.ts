/**
 * Receives everybody else of a room over one connection: the server offers, numbered, and says which line carries whose
 * sound or picture. Lines are found by their `mid`, for streams are reused and events of reused lines come with dead tracks.
 */

import type { IceCandidate, IceServer } from "../signalling/messages";
import { wireCandidate } from "./sdp";

export type Medium = "audio" | "video";

/** Which line of the offer carries what. */
export type Lines = Readonly<Record<string, { feed_id: string; medium: Medium }>>;

/** What arrives of one feed. */
export interface FeedTracks {
  audio: MediaStreamTrack | null;
  video: MediaStreamTrack | null;
}

/** One numbered offer of the server. */
export interface ReceptionOffer {
  offer: number;
  sdp: string;
  lines: Lines;
}

/** How the reception speaks to the server. */
export interface ReceptionWire {
  answer(sdp: string, offer: number): void;
  candidate(candidate: IceCandidate | null): void;
}

export interface ReceptionEvents {
  /** The tracks of all feeds, anew after each offer. */
  onTracks(tracks: ReadonlyMap<string, FeedTracks>): void;
  /** `lost`: nothing comes any more over this way; ask the server to offer another one. */
  onState(state: "connected" | "interrupted" | "lost"): void;
}

export interface ReceptionOptions {
  /** For tests. */
  createConnection?: (configuration: RTCConfiguration) => RTCPeerConnection;
}

/** One reception; make a new one when the server begins a new one. */
export class Reception {
  private readonly connection: RTCPeerConnection;
  private isClosed = false;
  private lines: Lines = {};
  private work: Promise<void> = Promise.resolve();

  constructor(
    private readonly wire: ReceptionWire,
    private readonly events: ReceptionEvents,
    iceServers: IceServer[],
    options: ReceptionOptions = {},
  ) {
    const create = options.createConnection ?? ((c: RTCConfiguration) => new RTCPeerConnection(c));
    this.connection = create({ iceServers, bundlePolicy: "max-bundle" });
    this.connection.addEventListener("icecandidate", (event) => {
      if (!this.isClosed) this.wire.candidate(wireCandidate(event.candidate));
    });
    this.connection.addEventListener("connectionstatechange", () => this.noteState(this.connection.connectionState));
  }

  /** Answer an offer, after those that came before it: a description is only taken while none is open. */
  accept(offer: ReceptionOffer, iceServers?: IceServer[]): Promise<void> {
    this.work = this.work.then(() => this.take(offer, iceServers)).catch(() => this.tell("lost"));
    return this.work;
  }

  /** How loud each feed is now, 0 to 1; feeds whose level the browser does not say are missing. */
  levels(): Map<string, number> {
    const found = new Map<string, number>();
    if (this.isClosed) return found;
    for (const { mid, receiver } of this.connection.getTransceivers()) {
      const line = this.lines[mid ?? ""];
      if (line?.medium !== "audio") continue;
      // Safari has had it without levels, and older ones have it not at all.
      const sources = (receiver as Partial<RTCRtpReceiver>).getSynchronizationSources?.() ?? [];
      const level = sources[0]?.audioLevel;
      if (level !== undefined) found.set(line.feed_id, level);
    }
    return found;
  }

  /** The connection's statistics; null when there are none. */
  async stats(): Promise<RTCStatsReport | null> {
    return this.isClosed ? null : this.connection.getStats().catch(() => null);
  }

  /** Whose line a `mid` of the statistics is. */
  lineOf(mid: string): { feed_id: string; medium: Medium } | undefined {
    return this.lines[mid];
  }

  /** Receive no longer; telling the server is the caller's business. */
  close(): void {
    this.isClosed = true;
    this.connection.close();
  }

  private async take(offer: ReceptionOffer, iceServers?: IceServer[]): Promise<void> {
    if (this.isClosed) return;
    if (iceServers !== undefined) this.connection.setConfiguration({ iceServers, bundlePolicy: "max-bundle" });
    await this.connection.setRemoteDescription({ type: "offer", sdp: offer.sdp });
    await this.connection.setLocalDescription(await this.connection.createAnswer());
    if (this.closed()) return;
    this.lines = offer.lines;
    this.wire.answer(this.connection.localDescription?.sdp ?? "", offer.offer);
    this.events.onTracks(this.tracks());
  }

  /** Asked again after a wait: the end may have come meanwhile. */
  private closed(): boolean {
    return this.isClosed;
  }

  private tracks(): Map<string, FeedTracks> {
    const feeds = new Map<string, FeedTracks>();
    for (const { mid, receiver } of this.connection.getTransceivers()) {
      const line = this.lines[mid ?? ""];
      if (line === undefined) continue;
      const before = feeds.get(line.feed_id) ?? { audio: null, video: null };
      feeds.set(line.feed_id, { ...before, [line.medium]: receiver.track });
    }
    return feeds;
  }

  private noteState(state: RTCPeerConnectionState): void {
    if (state === "connected") this.tell("connected");
    else if (state === "disconnected") this.tell("interrupted");
    else if (state === "failed") this.tell("lost");
  }

  private tell(state: "connected" | "interrupted" | "lost"): void {
    if (!this.isClosed) this.events.onState(state);
  }
}
