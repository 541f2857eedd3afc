/** Sends one microphone, and nothing else; whether it is heard is turned on and off without a new connection. */

import type { IceCandidate, IceServer } from "../signalling/messages";
import { wireCandidate } from "./sdp";

/** How the speaker speaks to the server (talk_id is the caller's business). */
export interface SpeakerEvents {
  candidate(candidate: IceCandidate | null): void;
  /** The connection stands: what is said is heard. */
  connected(): void;
  /** The connection, or the microphone, was lost. */
  lost(): void;
}

/** Longest time without a working connection before it counts as lost, in ms. */
const PATIENCE_MS = 8_000;

/** One connection of one microphone. Make a new one for each talk. */
export class Speaker {
  private readonly connection: RTCPeerConnection;
  private held: (IceCandidate | null)[] | null = [];
  private offered: RTCSessionDescriptionInit = { type: "offer", sdp: "" };
  private isClosed = false;
  private patience: ReturnType<typeof setTimeout> | undefined;

  /** Silent at first. */
  constructor(private readonly track: MediaStreamTrack, private readonly events: SpeakerEvents) {
    this.track.enabled = false;
    this.connection = new RTCPeerConnection({ bundlePolicy: "max-bundle" });
    this.connection.addTransceiver(track, { direction: "sendonly" });
    this.connection.addEventListener("icecandidate", (event) => this.found(wireCandidate(event.candidate)));
    this.connection.addEventListener("connectionstatechange", () => this.noteState(this.connection.connectionState));
    track.addEventListener("ended", () => this.lose());
  }

  /** What to offer the server. Nothing is looked for yet: which relays there are comes with the answer. */
  async offer(): Promise<string> {
    this.offered = await this.connection.createOffer();
    return this.offered.sdp ?? "";
  }

  /** Take the server's answer, and connect. */
  async accept(sdp: string, iceServers: IceServer[]): Promise<void> {
    this.waitPatiently();
    this.connection.setConfiguration({ iceServers, bundlePolicy: "max-bundle" });
    await this.connection.setLocalDescription(this.offered);
    await this.connection.setRemoteDescription({ type: "answer", sdp });
    const held = this.held ?? [];
    this.held = null;
    for (const candidate of held) this.events.candidate(candidate);
  }

  /** Let the microphone be heard, or not. */
  set isHeard(isHeard: boolean) {
    this.track.enabled = isHeard;
  }

  /** Free microphone and connection. */
  close(): void {
    this.isClosed = true;
    clearTimeout(this.patience);
    this.track.stop();
    this.connection.close();
  }

  private found(candidate: IceCandidate | null): void {
    if (this.isClosed) return;
    if (this.held === null) this.events.candidate(candidate);
    else this.held.push(candidate);
  }

  private noteState(state: RTCPeerConnectionState): void {
    if (this.isClosed) return;
    if (state === "connected") {
      clearTimeout(this.patience);
      this.events.connected();
    } else if (state === "failed") {
      this.lose();
    } else if (state === "disconnected") {
      this.waitPatiently();
    }
  }

  private waitPatiently(): void {
    clearTimeout(this.patience);
    this.patience = setTimeout(() => this.lose(), PATIENCE_MS);
  }

  private lose(): void {
    if (!this.isClosed) this.events.lost();
  }
}
