/**
 * Camera and microphone of somebody in a call. Both are asked for in one question: phones end the first track when they are
 * asked a second time. Muting and a camera that is off are done on the tracks; nothing is negotiated for them.
 */

import { cameraFault, CameraError, findCameraBar, type CameraFault, type CameraHost } from "./camera";
import { Microphone } from "./microphone";

/** `lost`: the phone took it away. `refused`: it was not allowed, or there is none. */
export type DeviceStanding = "off" | "asking" | "on" | "lost" | "refused";

/** Which devices to use; "" is the browser's own choice. */
export interface DeviceChoice {
  camera: string;
  microphone: string;
  speaker: string;
}

/** The size that is asked of a camera: a phone in a call of many sends a small picture. */
export type PictureSize = "whole" | "small";

const SIZES: Record<PictureSize, MediaTrackConstraints> = {
  whole: { width: { ideal: 1280 }, height: { ideal: 720 } },
  small: { width: { ideal: 640 }, height: { ideal: 360 } },
};

/** One camera and one microphone. `onChange` is called after everything that changes what goes out, or what is true of it. */
export class Capture {
  private soundTrack: MediaStreamTrack | null = null;
  private pictureTrack: MediaStreamTrack | null = null;
  private request = 0;
  private isPictureWanted = true;
  private fetcher: Microphone | null = null;
  private size: PictureSize = "whole";
  /** How each device stands. */
  readonly standing: { camera: DeviceStanding; microphone: DeviceStanding } = { camera: "off", microphone: "off" };
  /** Why the camera, or both, cannot be used. */
  fault: CameraFault | null = null;
  /** The phone gives no pictures for now: the page is hidden, or a call came in. */
  isPaused = false;
  isMuted = false;
  choice: DeviceChoice = { camera: "", microphone: "", speaker: "" };

  constructor(private readonly onChange: () => void, private readonly host: CameraHost = window) {}

  /** The sound that goes out; silent while muted. */
  get sound(): MediaStreamTrack | null {
    return this.soundTrack;
  }

  /** The picture that goes out. */
  get picture(): MediaStreamTrack | null {
    return this.pictureTrack;
  }

  /** Ask for both at once, else for sound alone: without a camera one is still heard. Does nothing while they are on. */
  async open(): Promise<void> {
    this.isPictureWanted = true;
    if (this.standing.microphone === "asking" || this.soundTrack !== null) return;
    const request = this.begin({ camera: "asking", microphone: "asking" });
    try {
      this.took(request, await this.ask({ audio: this.soundWish(), video: this.pictureWish() }));
    } catch (error) {
      await this.soundAlone(request, faultOf(error));
    }
  }

  /** Turn the camera off, so that its light goes out, or on again. */
  async setCamera(isOn: boolean): Promise<void> {
    this.isPictureWanted = isOn;
    if (!isOn) {
      this.drop("picture");
      this.tell({ camera: "off" });
      return;
    }
    if (this.pictureTrack !== null || this.standing.camera === "asking") return;
    if (this.standing.microphone === "asking") {
      this.tell({ camera: "asking" });
      return;
    }
    const request = this.begin({ camera: "asking" });
    try {
      this.took(request, await this.ask({ audio: false, video: this.pictureWish() }));
    } catch (error) {
      this.failed(request, faultOf(error));
    }
  }

  /** Send silence, or be heard. */
  setMuted(isMuted: boolean): void {
    this.isMuted = isMuted;
    if (this.soundTrack !== null) this.soundTrack.enabled = !isMuted;
    this.onChange();
  }

  /** Use other devices from now on; what is on is asked for anew. */
  async choose(choice: Partial<DeviceChoice>): Promise<void> {
    const before = this.choice;
    this.choice = { ...before, ...choice };
    if (this.choice.camera !== before.camera && this.pictureTrack !== null) {
      // Phones give one camera at a time: the present one goes first.
      this.drop("picture");
      await this.setCamera(true);
    }
    if (this.choice.microphone !== before.microphone && this.soundTrack !== null) {
      this.drop("sound");
      this.fetchSound();
    }
    this.onChange();
  }

  /** Ask the camera for another size; one that cannot goes on as it was. */
  resize(size: PictureSize): void {
    if (this.size === size) return;
    this.size = size;
    void this.pictureTrack?.applyConstraints(SIZES[size]).catch(() => undefined);
  }

  /** Everything off, at once. */
  close(): void {
    this.request += 1;
    this.fetcher?.turnOff();
    this.fetcher = null;
    this.drop("sound");
    this.drop("picture");
    this.tell({ camera: "off", microphone: "off" });
  }

  private begin(asking: Partial<Capture["standing"]>): number {
    this.fault = null;
    this.request += 1;
    this.tell(asking);
    return this.request;
  }

  private async soundAlone(request: number, fault: CameraFault): Promise<void> {
    // Where both were refused in one answer there is nothing more to ask.
    if (fault === "denied" || fault === "dismissed" || fault === "insecure" || fault === "unsupported") {
      this.failed(request, fault, true);
      return;
    }
    try {
      this.took(request, await this.ask({ audio: this.soundWish(), video: false }));
      this.failed(request, fault);
    } catch (error) {
      this.failed(request, faultOf(error), true);
    }
  }

  private async ask(wish: MediaStreamConstraints): Promise<MediaStream> {
    const bar = findCameraBar(this.host);
    const devices = this.host.navigator.mediaDevices;
    if (bar !== null || devices === undefined) throw new CameraError(bar ?? "unsupported");
    return devices.getUserMedia(wish);
  }

  private soundWish(): MediaTrackConstraints {
    const { microphone } = this.choice;
    const cleaned = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
    return microphone === "" ? cleaned : { ...cleaned, deviceId: { ideal: microphone } };
  }

  private pictureWish(): MediaTrackConstraints {
    const { camera } = this.choice;
    const which: MediaTrackConstraints = camera === "" ? { facingMode: { ideal: "user" } } : { deviceId: { exact: camera } };
    return { ...which, ...SIZES[this.size] };
  }

  private took(request: number, stream: MediaStream): void {
    if (request !== this.request) {
      for (const track of stream.getTracks()) track.stop();
      return;
    }
    for (const track of stream.getAudioTracks()) this.takeSound(track);
    for (const track of stream.getVideoTracks()) {
      if (this.isPictureWanted) this.takePicture(track);
      else track.stop();
    }
    this.onChange();
  }

  private takeSound(track: MediaStreamTrack): void {
    track.enabled = !this.isMuted;
    this.soundTrack = track;
    this.standing.microphone = "on";
    track.addEventListener("ended", () => {
      if (this.soundTrack !== track) return;
      this.soundTrack = null;
      this.fetchSound();
    });
  }

  private takePicture(track: MediaStreamTrack): void {
    this.drop("picture");
    this.pictureTrack = track;
    this.standing.camera = "on";
    this.isPaused = track.muted;
    const note = (act: () => void) => () => {
      if (this.pictureTrack !== track) return;
      act();
      this.onChange();
    };
    track.addEventListener("mute", note(() => (this.isPaused = true)));
    track.addEventListener("unmute", note(() => (this.isPaused = false)));
    track.addEventListener("ended", note(() => {
      this.pictureTrack = null;
      this.standing.camera = "lost";
      this.fault = "ended";
    }));
  }

  /** A telephone call takes the microphone away for as long as it lasts: it is fetched back. */
  private fetchSound(): void {
    this.fetcher?.turnOff();
    this.fetcher = new Microphone((track, state) => {
      if (track !== null) this.takeSound(track);
      else if (state === "refused") this.standing.microphone = "lost";
      this.onChange();
    }, () => this.ask({ audio: this.soundWish(), video: false }));
    void this.fetcher.turnOn();
  }

  private failed(request: number, fault: CameraFault, isSoundToo = false): void {
    if (request !== this.request) return;
    this.fault = fault;
    this.tell(isSoundToo ? { camera: "refused", microphone: "refused" } : { camera: "refused" });
  }

  private drop(which: "sound" | "picture"): void {
    const track = which === "sound" ? this.soundTrack : this.pictureTrack;
    if (which === "sound") this.soundTrack = null;
    else this.pictureTrack = null;
    track?.stop();
  }

  private tell(standing: Partial<Capture["standing"]>): void {
    Object.assign(this.standing, standing);
    this.onChange();
  }
}

function faultOf(error: unknown): CameraFault {
  return error instanceof CameraError ? error.fault : cameraFault(error);
}
