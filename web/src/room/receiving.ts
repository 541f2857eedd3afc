/** What a seat receives: the server's offers, answered by the reception that they belong to, and a way that is mended when it breaks. */

import { Reception, type FeedTracks } from "../media/reception";
import type { IceServer } from "../signalling/messages";
import type { Waiting } from "../signalling/queue";
import type { ReceptionOffered, SeatClientMessage } from "../signalling/meetingmessages";

/** Times in ms: until a way without media is asked for anew, and until the whole seat is. */
const RESTART_AFTER_MS = 4_000;
const GIVE_UP_AFTER_MS = 8_000;

/** What it needs of the seat. */
export interface ReceivingParts {
  readonly send: (message: SeatClientMessage, waiting?: Waiting) => boolean;
  readonly relays: () => IceServer[];
  readonly onTracks: (tracks: ReadonlyMap<string, FeedTracks>) => void;
  /** Mending did not help. */
  readonly onLost: () => void;
  /** For tests. */
  createConnection?: (configuration: RTCConfiguration) => RTCPeerConnection;
}

/** One seat's reception; the server may begin a new one at any time. */
export class Receiving {
  private reception: { id: string; way: Reception } | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly parts: ReceivingParts) {}

  /** For what measures it; null while there is nobody to receive. */
  get way(): Reception | null {
    return this.reception?.way ?? null;
  }

  /** The server offers everybody else. */
  offered({ reception_id: id, offer, sdp, lines, ice_servers }: ReceptionOffered): void {
    if (this.reception?.id !== id) this.begin(id);
    void this.reception?.way.accept({ offer, sdp, lines }, ice_servers ?? undefined);
  }

  /** Ask for the same over another way. */
  restart(): void {
    if (this.reception === null) return;
    this.parts.send({ type: "reception.restart", reception_id: this.reception.id });
    this.wait(GIVE_UP_AFTER_MS, () => this.parts.onLost());
  }

  /** Receive nothing any more. */
  close(): void {
    clearTimeout(this.timer);
    this.reception?.way.close();
    this.reception = null;
    this.parts.onTracks(new Map());
  }

  private begin(id: string): void {
    clearTimeout(this.timer);
    this.reception?.way.close();
    const { createConnection, send, onTracks } = this.parts;
    const way: Reception = new Reception(
      {
        answer: (sdp, offer) => send({ type: "reception.answer", reception_id: id, sdp, offer }, "keep"),
        candidate: (candidate) => send({ type: "reception.candidate", reception_id: id, candidate }, "keep"),
      },
      {
        onTracks: (tracks) => {
          if (this.reception?.way === way) onTracks(tracks);
        },
        onState: (state) => {
          if (this.reception?.way === way) this.changed(state);
        },
      },
      this.parts.relays(),
      createConnection === undefined ? {} : { createConnection },
    );
    this.reception = { id, way };
  }

  private changed(state: "connected" | "interrupted" | "lost"): void {
    clearTimeout(this.timer);
    if (state === "interrupted") this.wait(RESTART_AFTER_MS, () => this.restart());
    else if (state === "lost") this.restart();
  }

  private wait(ms: number, act: () => void): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(act, ms);
  }
}
