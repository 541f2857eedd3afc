/**
 * One try of one way through the network: camera and microphone go to the media server by it, and come back. A seat of its own
 * kind, for whose room nobody else has a way in.
 */

import type { Capture } from "../media/capture";
import { CALL } from "../media/layers";
import { Publisher } from "../media/publisher";
import { Reception, type FeedTracks } from "../media/reception";
import type { IceServer } from "../signalling/messages";
import type { MeetingClientMessage, MeetingServerMessage } from "../signalling/meetingmessages";

/** What one way came to. */
export interface Probed {
  isOk: boolean;
  /** Which way the media really took; null when they took none. */
  protocol: "udp" | "tcp" | "tls" | null;
  rtt_ms: number | null;
  up_kbit_s: number | null;
  loss_pct: number | null;
}

export const NOT_PROBED: Probed = { isOk: false, protocol: null, rtt_ms: null, up_kbit_s: null, loss_pct: null };

/** What a probe needs of the page. */
export interface ProbeParts {
  capture: Pick<Capture, "sound" | "picture">;
  readonly send: (message: MeetingClientMessage) => boolean;
  /** The own picture as it comes back. */
  readonly onBack?: (tracks: FeedTracks) => void;
  /** For tests. */
  createConnection?: (configuration: RTCConfiguration) => RTCPeerConnection;
}

/** Longest time until something must have come back, and for which it is then measured, in ms. */
export const PATIENCE_MS = 10_000;
export const MEASURE_MS = 5_000;
const LOOK_MS = 500;

/** The fields of statistics that are read. */
interface Stat {
  id: string;
  type: string;
  kind?: string;
  bytesReceived?: number;
  bytesSent?: number;
  nominated?: boolean;
  state?: string;
  localCandidateId?: string;
  protocol?: string;
  relayProtocol?: string;
  candidateType?: string;
  currentRoundTripTime?: number;
  fractionLost?: number;
}

/** One try. */
export class Probe {
  private readonly publisher: Publisher;
  private sending: RTCPeerConnection | null = null;
  private reception: Reception | null = null;
  private feedId: string | null = null;
  private isOver = false;

  /** @param ref of its join, by which its answers are known; @param isRelayed only by the one relay that is given */
  constructor(private readonly parts: ProbeParts, private readonly ref: string, private readonly servers: IceServer[], private readonly isRelayed: boolean) {
    this.publisher = new Publisher(
      {
        publish: (sdp) => parts.send({ type: "place.join", sdp, purpose: "check", ref }),
        candidate: (candidate) => {
          if (this.feedId !== null) parts.send({ type: "feed.candidate", feed_id: this.feedId, candidate });
        },
      },
      () => undefined,
      { layers: CALL, purpose: "call", createConnection: (configuration) => (this.sending = this.connect(configuration)), patience_ms: PATIENCE_MS },
    );
  }

  /** Try, and measure for a while when it is asked for and worked. Always ends. */
  async run(isMeasured: boolean): Promise<Probed> {
    try {
      const { sound, picture } = this.parts.capture;
      await this.publisher.offer({ sound, picture }, this.servers);
      const isOk = await this.waitFor(() => this.comesBack(), PATIENCE_MS);
      if (!isOk) return NOT_PROBED;
      return await this.measure(isMeasured ? MEASURE_MS : 0);
    } catch {
      return NOT_PROBED;
    } finally {
      this.close();
    }
  }

  /** Take in a frame; returns whether it was this try's. */
  receive(message: MeetingServerMessage): boolean {
    if (this.isOver) return false;
    if (message.type === "place.joined" && message.ref === this.ref) {
      this.feedId = message.feed_id;
      void this.publisher.accept(message.sdp).catch(() => this.close());
      return true;
    }
    if (message.type === "reception.offer") {
      const { reception_id, offer, sdp, lines } = message;
      this.reception ??= this.receiveBy(reception_id);
      void this.reception.accept({ offer, sdp, lines });
      return true;
    }
    return this.isRefusal(message);
  }

  /** Give it up. */
  close(): void {
    if (this.isOver) return;
    this.isOver = true;
    if (this.feedId !== null) this.parts.send({ type: "place.leave" });
    this.publisher.stop();
    this.reception?.close();
  }

  private isRefusal(message: MeetingServerMessage): boolean {
    const isOurs = message.type === "error" && message.ref === this.ref;
    if (isOurs || message.type === "place.gone") this.close();
    return isOurs || message.type === "place.gone" || message.type === "place.left";
  }

  private receiveBy(id: string): Reception {
    return new Reception(
      {
        answer: (sdp, offer) => this.parts.send({ type: "reception.answer", reception_id: id, sdp, offer }),
        candidate: (candidate) => this.parts.send({ type: "reception.candidate", reception_id: id, candidate }),
      },
      {
        onTracks: (tracks) => {
          const [own] = tracks.values();
          if (own !== undefined) this.parts.onBack?.(own);
        },
        onState: () => undefined,
      },
      this.servers,
      { createConnection: (configuration) => this.connect(configuration) },
    );
  }

  private connect(configuration: RTCConfiguration): RTCPeerConnection {
    const create = this.parts.createConnection ?? ((c: RTCConfiguration) => new RTCPeerConnection(c));
    return create(this.isRelayed ? { ...configuration, iceTransportPolicy: "relay" } : configuration);
  }

  private async comesBack(): Promise<boolean> {
    const stats = await this.reception?.stats();
    if (stats == null) return false;
    return ([...stats.values()] as Stat[]).some((stat) => stat.type === "inbound-rtp" && (stat.bytesReceived ?? 0) > 0);
  }

  private async measure(forMs: number): Promise<Probed> {
    const before = await this.sent();
    if (forMs > 0) await wait(forMs);
    const after = await this.sent();
    const pair = after.find((stat) => stat.type === "candidate-pair" && stat.nominated === true && stat.state === "succeeded")
      ?? after.find((stat) => stat.type === "candidate-pair" && stat.nominated === true);
    const lost = after.filter((stat) => stat.type === "remote-inbound-rtp").map((stat) => stat.fractionLost ?? 0);
    const local = after.find((stat) => stat.id === pair?.localCandidateId);
    return {
      isOk: true,
      protocol: protocolOf(local),
      rtt_ms: pair?.currentRoundTripTime === undefined ? null : Math.round(pair.currentRoundTripTime * 1000),
      up_kbit_s: forMs === 0 ? null : Math.round(((bytesOf(after) - bytesOf(before)) * 8) / forMs),
      loss_pct: forMs === 0 || lost.length === 0 ? null : Math.round(Math.max(...lost) * 1000) / 10,
    };
  }

  private async sent(): Promise<Stat[]> {
    const stats = await this.sending?.getStats().catch(() => null);
    return stats == null ? [] : ([...stats.values()] as Stat[]);
  }

  private async waitFor(isSo: () => Promise<boolean>, atMost: number): Promise<boolean> {
    for (let passed = 0; passed < atMost; passed += LOOK_MS) {
      await wait(LOOK_MS);
      if (this.isOver) return false;
      if (await isSo()) return true;
    }
    return false;
  }
}

function bytesOf(stats: readonly Stat[]): number {
  return stats.filter((stat) => stat.type === "outbound-rtp").reduce((sum, stat) => sum + (stat.bytesSent ?? 0), 0);
}

function protocolOf(local: Stat | undefined): Probed["protocol"] {
  const used = local?.relayProtocol ?? local?.protocol;
  return used === "udp" || used === "tcp" || used === "tls" ? used : null;
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
