/** The phone's devices as the caller's page uses them: started and stopped here, and every change told as an event. */

import { CameraError, closeCamera, followCamera, openCamera, type Facing } from "../media/camera";
import { playLive, stopShowing } from "../media/play";
import { watchPosition } from "../media/position";
import type { SharingEvent } from "./model";
import { ScreenLock } from "./awake";

/** A camera that has not opened after this time, in ms, is waiting for the caller's answer. */
const ASKING_AFTER_MS = 300;

/** Camera, position and screen of this phone. */
export class Devices {
  private stream: MediaStream | null = null;
  private request = 0;
  private stopWatching: (() => void) | null = null;
  private readonly screen = new ScreenLock();

  constructor(
    private readonly preview: HTMLVideoElement,
    private readonly dispatch: (event: SharingEvent) => void,
  ) {
    // Where the browser wants a touch before it plays, a touch on the picture does it.
    preview.addEventListener("click", () => this.show());
  }

  /** The camera's stream, or null while it is off. */
  get cameraStream(): MediaStream | null {
    return this.stream;
  }

  /** Open a camera, or change to the other one. Phones give only one at a time, so the present one goes first. */
  async openCamera(facing: Facing): Promise<void> {
    this.closeCamera();
    const request = this.request;
    const waited = setTimeout(() => this.dispatch({ type: "camera_waited" }), ASKING_AFTER_MS);
    try {
      const stream = await openCamera(facing);
      if (request !== this.request) {
        closeCamera(stream);
        return;
      }
      this.stream = stream;
      this.follow(stream);
      this.show();
      this.dispatch({ type: "camera_opened", facing });
    } catch (error) {
      if (request !== this.request) return;
      this.dispatch({ type: "camera_fault", fault: error instanceof CameraError ? error.fault : "unknown" });
    } finally {
      clearTimeout(waited);
    }
  }

  /** Tell whether the camera would open without a question; of a page that nobody sees nothing is told. */
  async lookForPermission(): Promise<void> {
    const status = await permissionFor("camera");
    if (document.visibilityState === "hidden") return;
    this.dispatch({ type: "camera_permission", isGranted: status?.state === "granted" });
  }

  /** Turn the camera off, and forget one that is still starting. */
  closeCamera(): void {
    this.request += 1;
    const stream = this.stream;
    this.stream = null;
    if (stream !== null) closeCamera(stream);
    stopShowing(this.preview);
  }

  /** Watch the position; the first time, the browser asks. */
  watchPosition(): void {
    this.stopPosition();
    this.stopWatching = watchPosition({
      onFix: (fix) => this.dispatch({ type: "fix", fix }),
      onFault: (fault) => this.dispatch({ type: "position_fault", fault }),
    });
    void this.noticePermission();
  }

  /** Keep the screen on. */
  keepAwake(): void {
    void this.screen.hold();
  }

  /** Everything off, at once. */
  stop(): void {
    this.closeCamera();
    this.stopPosition();
    void this.screen.release();
  }

  private show(): void {
    if (this.stream !== null) void playLive(this.preview, this.stream);
  }

  private stopPosition(): void {
    this.stopWatching?.();
    this.stopWatching = null;
  }

  private follow(stream: MediaStream): void {
    followCamera(stream, {
      onEnded: () => {
        if (this.stream === stream) this.dispatch({ type: "camera_fault", fault: "ended" });
      },
      onMuted: (isMuted) => {
        if (this.stream === stream) this.dispatch({ type: "camera_muted", isMuted });
      },
    });
  }

  /** The yes to the browser's question comes long before the first fix; where the browser can tell, go on then. */
  private async noticePermission(): Promise<void> {
    const status = await permissionFor("geolocation");
    if (status === undefined) return;
    const note = (): void => {
      if (status.state === "granted" && this.stopWatching !== null) this.dispatch({ type: "location_allowed" });
    };
    status.addEventListener("change", note);
    note();
  }
}

/** What the browser says of a permission; undefined where it cannot tell, and the device itself says as much later. */
async function permissionFor(name: "camera" | "geolocation"): Promise<PermissionStatus | undefined> {
  // eslint-disable-next-line compat/compat -- Safari has it from 16 on
  const permissions = navigator.permissions as Permissions | undefined;
  return permissions?.query({ name }).catch(() => undefined);
}
