/** The camera of this device: opened on request only, never with the microphone, and every refusal has a name. */

/** Why there is no picture: a closed list, so that each has its own words and its own way out. */
export const CAMERA_FAULTS = [
  "denied", // the person or an earlier choice said no
  "dismissed", // the question was closed without an answer
  "denied_by_system", // the phone's own settings keep the camera from the browser
  "not_found",
  "in_use",
  "insecure", // the page did not come over HTTPS
  "unsupported", // a browser inside another app, mostly
  "ended", // it worked, and the phone took it away
  "unknown",
] as const;
export type CameraFault = (typeof CAMERA_FAULTS)[number];

/** `environment` is the rear camera, `user` the front one. */
export type Facing = "environment" | "user";

/** The camera cannot be used; `fault` says why. */
export class CameraError extends Error {
  constructor(readonly fault: CameraFault) {
    super(`camera: ${fault}`);
    this.name = "CameraError";
  }
}

/** The part of `window` that decides whether there can be a camera at all. */
export interface CameraHost {
  readonly isSecureContext: boolean;
  readonly navigator: { readonly mediaDevices?: Pick<MediaDevices, "getUserMedia"> | undefined };
}

/** What prevents any camera on this page, or null when it may be asked for. */
export function findCameraBar(host: CameraHost = window): CameraFault | null {
  // Browsers leave the camera out of insecure pages, and some apps out of the pages they show.
  const devices = host.navigator.mediaDevices as Partial<MediaDevices> | undefined;
  if (devices?.getUserMedia !== undefined) return null;
  return host.isSecureContext ? "unsupported" : "insecure";
}

/** Name the reason behind an exception of getUserMedia. */
export function cameraFault(error: unknown): CameraFault {
  if (!(error instanceof Error)) return "unknown";
  switch (error.name) {
    case "NotAllowedError":
    case "PermissionDeniedError":
      return deniedFault(error.message.toLowerCase());
    case "SecurityError":
      return "denied_by_system";
    case "NotFoundError":
    case "DevicesNotFoundError":
    case "OverconstrainedError":
      return "not_found";
    case "NotReadableError":
    case "TrackStartError":
    case "AbortError":
      return "in_use";
    default:
      return "unknown";
  }
}

function deniedFault(message: string): CameraFault {
  if (message.includes("system")) return "denied_by_system";
  return message.includes("dismissed") ? "dismissed" : "denied";
}

/** Ask for a camera: 720p where it can, no sound. Throws CameraError. */
export async function openCamera(facing: Facing, host: CameraHost = window): Promise<MediaStream> {
  const bar = findCameraBar(host);
  const devices = host.navigator.mediaDevices;
  if (bar !== null || devices === undefined) throw new CameraError(bar ?? "unsupported");
  try {
    return await devices.getUserMedia({
      audio: false,
      video: { facingMode: { ideal: facing }, width: { ideal: 1280 }, height: { ideal: 720 } },
    });
  } catch (error) {
    throw new CameraError(cameraFault(error));
  }
}

export interface CameraEvents {
  /** The phone took the camera away for good. */
  onEnded(): void;
  /** No pictures for now (a call came in, the page is hidden), or pictures again. */
  onMuted(isMuted: boolean): void;
}

/** Follow the video track of a stream. */
export function followCamera(stream: MediaStream, events: CameraEvents): void {
  for (const track of stream.getVideoTracks()) {
    track.addEventListener("ended", () => events.onEnded());
    track.addEventListener("mute", () => events.onMuted(true));
    track.addEventListener("unmute", () => events.onMuted(false));
  }
}

/** Turn the camera off: its light goes out, and no `ended` event follows. */
export function closeCamera(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}
