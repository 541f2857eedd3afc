/** Plays one voice from the gateway: answers the server's offer, and says when the browser wants a touch first. */

import type { IceCandidate, IceServer } from "../signalling/messages";
import { wireCandidate } from "./sdp";

/** How the listener speaks to the server (talk_id is the caller's business). */
export interface ListenerEvents {
  answer(sdp: string): void;
  candidate(candidate: IceCandidate | null): void;
  /** The voice is played from now on. */
  playing(): void;
  /** The browser wants a touch before it plays: show a button that calls `resume`. */
  needsTap(): void;
  lost(): void;
}

/** One voice. Make a new one for each offer. */
export class Listener {
  private connection: RTCPeerConnection | null = null;
  private readonly audio = new Audio();

  constructor(private readonly events: ListenerEvents) {
    this.audio.autoplay = true;
  }

  /** Answer the offer, and play what comes. */
  async accept(sdp: string, iceServers: IceServer[]): Promise<void> {
    const connection = new RTCPeerConnection({ iceServers, bundlePolicy: "max-bundle" });
    this.connection = connection;
    connection.addEventListener("track", (event) => {
      if (this.connection !== connection) return;
      this.audio.srcObject = new MediaStream([event.track]);
      void this.resume();
    });
    connection.addEventListener("icecandidate", (event) => {
      if (this.connection === connection) this.events.candidate(wireCandidate(event.candidate));
    });
    connection.addEventListener("connectionstatechange", () => {
      if (this.connection === connection && connection.connectionState === "failed") this.events.lost();
    });
    await connection.setRemoteDescription({ type: "offer", sdp });
    await connection.setLocalDescription(await connection.createAnswer());
    if (this.connection === connection) this.events.answer(connection.localDescription?.sdp ?? "");
  }

  /** Play; after a touch, where the browser wants one. */
  async resume(): Promise<void> {
    try {
      await this.audio.play();
    } catch (error) {
      // Closed meanwhile, or interrupted by a newer source: no refusal.
      if (this.connection === null || (error instanceof DOMException && error.name === "AbortError")) return;
      this.events.needsTap();
      return;
    }
    if (this.connection !== null) this.events.playing();
  }

  /** Listen no longer. */
  close(): void {
    const connection = this.connection;
    this.connection = null;
    connection?.close();
    this.audio.pause();
    this.audio.srcObject = null;
  }
}
