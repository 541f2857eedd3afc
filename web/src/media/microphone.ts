/** The microphone of this device: on only while it is wanted, and fetched back when a call took it away. */

/** `refused`: the person or the phone said no; nothing is heard. */
export type MicrophoneState = "off" | "asking" | "on" | "refused";

/** The part of the browser that is needed. */
export type SoundSource = () => Promise<MediaStream>;

/** Time until a microphone that was taken away is asked for again, in ms. */
const AGAIN_MS = 2_000;

function fromBrowser(): Promise<MediaStream> {
  return navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true } });
}

/** One microphone; `onChange` gets its track, or null when nothing is heard. */
export class Microphone {
  private track: MediaStreamTrack | null = null;
  private isWanted = false;
  private current: MicrophoneState = "off";
  /** Number of the newest wish: what was asked for by an older one is not wanted any more. */
  private request = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly onChange: (track: MediaStreamTrack | null, state: MicrophoneState) => void,
    private readonly source: SoundSource = fromBrowser,
  ) {}

  /** Where it stands. */
  get state(): MicrophoneState {
    return this.current;
  }

  /** Turn it on; the first time, the browser asks. Does nothing while it is on or asked for. */
  async turnOn(): Promise<void> {
    this.isWanted = true;
    if (this.current === "on" || this.current === "asking") return;
    this.request += 1;
    const request = this.request;
    this.change(null, "asking");
    let stream: MediaStream;
    try {
      stream = await this.source();
    } catch (error) {
      if (request === this.request) this.failed(error);
      return;
    }
    const track = stream.getAudioTracks()[0];
    if (request !== this.request || track === undefined) {
      for (const one of stream.getTracks()) one.stop();
      return;
    }
    track.addEventListener("ended", () => this.lost(track));
    this.change(track, "on");
  }

  /** Turn it off, at once: the phone shows that nothing listens any more. */
  turnOff(): void {
    this.isWanted = false;
    this.request += 1;
    clearTimeout(this.timer);
    this.track?.stop();
    this.change(null, "off");
  }

  private failed(error: unknown): void {
    const isRefused = error instanceof Error && error.name === "NotAllowedError";
    this.change(null, "refused");
    // Another app has it for now, a call mostly: it comes back by itself.
    if (!isRefused) this.tryAgain();
  }

  private lost(track: MediaStreamTrack): void {
    if (this.track !== track) return;
    this.change(null, "refused");
    this.tryAgain();
  }

  private tryAgain(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      if (this.isWanted) void this.turnOn();
    }, AGAIN_MS);
  }

  private change(track: MediaStreamTrack | null, state: MicrophoneState): void {
    this.track = track;
    this.current = state;
    this.onChange(track, state);
  }
}
