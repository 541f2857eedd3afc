/**
 * Sends this phone's camera, or its screen, to the gateway: one RTCPeerConnection per attempt, outgoing only.
 *
 * The connection outlives the page's socket: when only the signalling is lost, the picture goes on. It may be made
 * ahead of the camera: then the first picture waits for nothing but the camera itself.
 */

import type { IceCandidate, IceServer } from "../signalling/messages";
import { statsOf } from "./delay";
import { heardSoFar } from "./hearing";
import type { Sending } from "./ladder";
import { CALLER, choose, encodingsFor, hasLayers, limitSound, type LayerPlan } from "./layers";
import { SendingMeter } from "./sending_delay";
import { NO_UPLINK, type Uplink, UplinkMeter } from "./uplink";
import { refusesVideo, wireCandidate } from "./sdp";

/** `failed` means that this connection will not come back: publish again with a new one. */
export type PublisherState = "idle" | "connecting" | "connected" | "interrupted" | "failed";

/** How the publisher speaks to the server. */
export interface PublisherWire {
  publish(sdp: string): void;
  candidate(candidate: IceCandidate | null): void;
}

/** What goes out in a call; null: nothing now, and perhaps later without a new offer. */
export interface CallTracks {
  sound: MediaStreamTrack | null;
  picture: MediaStreamTrack | null;
}

export interface PublisherOptions {
  /** In which sizes the picture goes out; a caller's, when left out. */
  layers?: LayerPlan;
  /** `call`: sound goes first in what is offered, and both are always in it. */
  purpose?: "watched" | "call";
  /** For tests. */
  createConnection?: (configuration: RTCConfiguration) => RTCPeerConnection;
  /** Whether to send the picture in several sizes; as this browser can, when left out. */
  isLayered?: boolean;
  /** Whether sound goes with the picture: see `setSound`. */
  hasSound?: boolean;
  /** Longest time without a working connection before it counts as failed, in ms. */
  patience_ms?: number;
}

const PATIENCE_MS = 12_000;

/** Over a network that works, something is heard within this time, in ms: ICE asks many times a second. */
const PROOF_MS = 1_000;

/** One publisher; `start` may be called again after `failed` or `stop`. */
export class Publisher {
  private connection: RTCPeerConnection | null = null;
  private sender: RTCRtpSender | null = null;
  private soundSender: RTCRtpSender | null = null;
  private sound: MediaStreamTrack | null = null;
  private held: (IceCandidate | null)[] | null = [];
  private current: PublisherState = "idle";
  private patience: ReturnType<typeof setTimeout> | undefined;
  private sending: Sending = "all";
  private uplink = new UplinkMeter();
  private delay = new SendingMeter();
  private layers: LayerPlan;

  constructor(
    private readonly wire: PublisherWire,
    private readonly onState: (state: PublisherState) => void,
    private readonly options: PublisherOptions = {},
  ) {
    this.layers = options.layers ?? CALLER;
  }

  /** Where the connection stands; "live" is for the server alone to say. */
  get state(): PublisherState {
    return this.current;
  }

  /** Whether an offer waits for its answer. */
  get isWaitingForAnswer(): boolean {
    return this.connection?.signalingState === "have-local-offer";
  }

  /** Offer the stream's video (and its audio, when it has any). */
  async start(stream: MediaStream, iceServers: IceServer[]): Promise<void> {
    await this.open(iceServers, (connection) => {
      for (const track of stream.getTracks()) this.add(connection, track, stream);
    });
  }

  /** Offer video whose camera is not on yet; `replaceVideo` brings it. */
  async prepare(iceServers: IceServer[]): Promise<void> {
    await this.open(iceServers, (connection) => this.add(connection, "video", new MediaStream()));
  }

  /** Offer sound and picture of a call; what is off now is turned on later without an offer. */
  async offer(tracks: CallTracks, iceServers: IceServer[]): Promise<void> {
    this.sound = tracks.sound;
    await this.open(iceServers, (connection) => this.add(connection, tracks.picture ?? "video", new MediaStream()));
  }

  /**
   * A new offer of the same tracks over another way through the network, for the caller to send; null while there is nothing
   * to offer anew. `accept` takes its answer.
   */
  async restart(iceServers: IceServer[]): Promise<string | null> {
    const connection = this.connection;
    if (connection?.signalingState !== "stable") return null;
    connection.setConfiguration({ iceServers, bundlePolicy: "max-bundle" });
    this.held = [];
    await connection.setLocalDescription(await connection.createOffer({ iceRestart: true }));
    if (this.current !== "connected") this.waitPatiently();
    return this.connection === connection ? (connection.localDescription?.sdp ?? null) : null;
  }

  private async open(iceServers: IceServer[], addTracks: (connection: RTCPeerConnection) => void): Promise<void> {
    this.stop();
    const create = this.options.createConnection ?? ((c: RTCConfiguration) => new RTCPeerConnection(c));
    const connection = create({ iceServers, bundlePolicy: "max-bundle" });
    this.connection = connection;
    this.uplink = new UplinkMeter();
    this.delay = new SendingMeter();
    this.held = [];
    this.change("connecting");
    this.follow(connection);
    const isCall = this.options.purpose === "call";
    if (isCall) this.addSound(connection);
    addTracks(connection);
    if (!isCall && this.options.hasSound === true) this.addSound(connection);
    await connection.setLocalDescription(await connection.createOffer());
    if (this.connection === connection) this.wire.publish(connection.localDescription?.sdp ?? "");
  }

  /** Take the server's answer. Returns false when it refuses the picture (no codec in common). */
  async accept(sdp: string): Promise<boolean> {
    const connection = this.connection;
    if (connection?.signalingState !== "have-local-offer") return true;
    await connection.setRemoteDescription({ type: "answer", sdp });
    if (refusesVideo(sdp)) {
      this.stop();
      return false;
    }
    this.release();
    return true;
  }

  /** Put another camera's track, or none, in place of the present one, without a new offer. */
  async replaceVideo(track: MediaStreamTrack | null): Promise<void> {
    await this.sender?.replaceTrack(track);
  }

  /** Send this sound from now on, also over the connections to come; null: none. */
  setSound(track: MediaStreamTrack | null): void {
    this.sound = track;
    void this.soundSender?.replaceTrack(track);
  }

  /** Send more or less of the picture, also over the connections to come; the connection itself goes on. */
  send(sending: Sending): void {
    if (this.sending === sending) return;
    this.sending = sending;
    if (this.sender !== null) void choose(this.sender, sending, this.layers);
    if (this.options.purpose === "call" && this.soundSender !== null) void limitSound(this.soundSender, sending === "nothing" ? "alone" : "beside");
  }

  /** Send the picture in other sizes from now on, where the connection has as many layers. */
  plan(layers: LayerPlan): void {
    if (this.layers === layers) return;
    this.layers = layers;
    if (this.sender !== null) void choose(this.sender, this.sending, layers);
  }

  /**
   * The network is back, or it is another one. What hears nothing in the next second counts as failed, for a new connection
   * is there sooner; what hears something goes on undisturbed.
   */
  async prove(): Promise<void> {
    const connection = this.connection;
    // Where no picture is sent a healthy connection is silent, too.
    const isSending = this.current === "connected" && this.sending !== "nothing";
    if (connection === null || !(isSending || this.current === "interrupted")) return;
    const before = await heardSoFar(connection);
    await new Promise((resolve) => setTimeout(resolve, PROOF_MS));
    const after = this.connection === connection ? await heardSoFar(connection) : before;
    if (this.connection === connection && after <= before) this.fail();
  }

  /** What gets out now; `at` is the time in ms. */
  async measure(at: number): Promise<Uplink> {
    const connection = this.connection;
    if (connection === null) return NO_UPLINK;
    const stats = await connection.getStats();
    return this.connection === connection ? this.uplink.read(stats.values(), this.current === "connected", at) : NO_UPLINK;
  }

  /** Milliseconds that the picture takes to the media server now; null while that cannot be known. */
  async delay_ms(): Promise<number | null> {
    const { connection, delay } = this;
    if (connection === null || this.current !== "connected") return null;
    const report = await connection.getStats().catch(() => null);
    return report === null || connection !== this.connection ? null : delay.take(statsOf(report));
  }

  /** Close the connection. The tracks belong to the camera and are not stopped here. */
  stop(): void {
    clearTimeout(this.patience);
    const connection = this.connection;
    this.connection = null;
    this.sender = this.soundSender = null;
    connection?.close();
    this.change("idle");
  }

  /** Without a track nothing is sent, and turning the microphone on needs no new offer. */
  private addSound(connection: RTCPeerConnection): void {
    this.soundSender = connection.addTransceiver(this.sound ?? "audio", { direction: "sendonly" }).sender;
  }

  private add(connection: RTCPeerConnection, track: MediaStreamTrack | "video", stream: MediaStream): void {
    const isVideo = track === "video" || track.kind === "video";
    const transceiver = connection.addTransceiver(track, {
      direction: "sendonly",
      streams: [stream],
      sendEncodings: isVideo ? encodingsFor(this.sending, this.options.isLayered ?? hasLayers(), this.layers) : [],
    });
    if (isVideo) this.sender = transceiver.sender;
  }

  private follow(connection: RTCPeerConnection): void {
    connection.addEventListener("icecandidate", (event) => {
      if (this.connection === connection) this.offerCandidate(wireCandidate(event.candidate));
    });
    connection.addEventListener("connectionstatechange", () => {
      if (this.connection === connection) this.noteState(connection.connectionState);
    });
    this.waitPatiently();
  }

  /** Candidates are held until the answer is here: before it, the server has no place to put them. */
  private offerCandidate(candidate: IceCandidate | null): void {
    if (this.held === null) this.wire.candidate(candidate);
    else this.held.push(candidate);
  }

  private release(): void {
    const held = this.held ?? [];
    this.held = null;
    for (const candidate of held) this.wire.candidate(candidate);
  }

  private noteState(state: RTCPeerConnectionState): void {
    if (state === "connected") {
      clearTimeout(this.patience);
      this.change("connected");
    } else if (state === "disconnected") {
      this.change("interrupted");
      this.waitPatiently();
    } else if (state === "failed") {
      this.fail();
    }
  }

  private waitPatiently(): void {
    clearTimeout(this.patience);
    this.patience = setTimeout(() => this.fail(), this.options.patience_ms ?? PATIENCE_MS);
  }

  private fail(): void {
    this.stop();
    this.change("failed");
  }

  private change(state: PublisherState): void {
    if (this.current === state) return;
    this.current = state;
    this.onState(state);
  }
}
