/** An RTCPeerConnection for tests: it offers and answers by name, and its events are made by hand. */

type Listener = (event: unknown) => void;

/** Stands for one peer connection. */
export class FakeConnection {
  signalingState: RTCSignalingState = "stable";
  connectionState: RTCPeerConnectionState = "new";
  localDescription: { type: string; sdp: string } | null = null;
  remote: string | null = null;
  isClosed = false;
  /** Answers that ICE has got. */
  heard = 0;
  readonly directions: string[] = [];
  /** What was given to each transceiver: a kind, or a track. */
  readonly given: unknown[] = [];
  /** What the server offered, as the browser shows it. */
  transceivers: { mid: string | null; receiver: { track: unknown; getSynchronizationSources: () => { audioLevel?: number }[] } }[] = [];
  configuration: RTCConfiguration = {};
  stats: Record<string, unknown>[] = [];
  encodings: RTCRtpEncodingParameters[] = [];
  readonly sender = {
    replaced: [] as unknown[],
    replaceTrack: (track: unknown): Promise<void> => this.replace(track),
    getParameters: (): { encodings: RTCRtpEncodingParameters[] } => ({ encodings: this.encodings.map((one) => ({ ...one })) }),
    setParameters: ({ encodings }: { encodings: RTCRtpEncodingParameters[] }): Promise<void> => this.encode(encodings),
  };
  private readonly listeners = new Map<string, Listener[]>();

  constructor(private readonly sdp = "v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\n") {}

  addEventListener(type: string, listener: Listener): void {
    this.listeners.set(type, [...(this.listeners.get(type) ?? []), listener]);
  }

  addTransceiver(
    track: unknown, init: { direction: string; sendEncodings?: RTCRtpEncodingParameters[] },
  ): { sender: unknown } {
    this.directions.push(init.direction);
    this.given.push(track);
    this.encodings = init.sendEncodings ?? this.encodings;
    return { sender: this.sender };
  }

  setConfiguration(configuration: RTCConfiguration): void {
    this.configuration = configuration;
  }

  getTransceivers(): unknown[] {
    return this.transceivers;
  }

  createOffer(): Promise<{ type: string; sdp: string }> {
    return Promise.resolve({ type: "offer", sdp: this.sdp });
  }

  createAnswer(): Promise<{ type: string; sdp: string }> {
    return Promise.resolve({ type: "answer", sdp: this.sdp });
  }

  setLocalDescription(description: { type: string; sdp: string }): Promise<void> {
    this.localDescription = description;
    this.signalingState = description.type === "offer" ? "have-local-offer" : "stable";
    return Promise.resolve();
  }

  setRemoteDescription(description: { type: string; sdp: string }): Promise<void> {
    this.remote = description.sdp;
    this.signalingState = description.type === "offer" ? "have-remote-offer" : "stable";
    return Promise.resolve();
  }

  getStats(): Promise<Map<string, unknown>> {
    const pair = { type: "candidate-pair", responsesReceived: this.heard };
    return Promise.resolve(new Map([pair, ...this.stats].map((stat, index) => [`${index}`, stat])));
  }

  close(): void {
    this.isClosed = true;
  }

  /** The browser found a candidate; null is the end of them. */
  find(candidate: string | null): void {
    const found = candidate === null ? null : { candidate, sdpMid: "0", sdpMLineIndex: 0 };
    this.emit("icecandidate", { candidate: found });
  }

  /** The connection changed. */
  become(state: RTCPeerConnectionState): void {
    this.connectionState = state;
    this.emit("connectionstatechange", {});
  }

  /** Any event. */
  emit(type: string, event: unknown): void {
    for (const listener of this.listeners.get(type) ?? []) listener(event);
  }

  private encode(encodings: RTCRtpEncodingParameters[]): Promise<void> {
    this.encodings = encodings;
    return Promise.resolve();
  }

  private replace(track: unknown): Promise<void> {
    this.sender.replaced.push(track);
    return Promise.resolve();
  }
}
