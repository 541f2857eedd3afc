/** What somebody does with their own picture, sound, hand and screen, and what the others are told of it. */

import type { Capture } from "../media/capture";
import type { IceServer } from "../signalling/messages";
import type { Waiting } from "../signalling/queue";
import type { CallRung, PersonView, SeatClientMessage } from "../signalling/meetingmessages";
import type { Feeds } from "./feeds";

/** What it needs of the call. */
export interface OwnParts {
  capture: Capture;
  feeds: Feeds;
  readonly send: (message: SeatClientMessage, waiting?: Waiting) => boolean;
  /** The own person as the server knows it; null outside of the room. */
  readonly self: () => PersonView | null;
  readonly rung: () => CallRung;
  readonly relays: () => IceServer[];
  /** Sound of this device off, or on. */
  readonly silence: (isOff: boolean) => void;
  readonly redraw: () => void;
}

/** One person's own controls. */
export class Own {
  /** Somebody asked them to mute, and has had no answer. */
  mutedBy: string | null = null;
  /** This device is silent both ways: another one beside it is in the call. */
  isSameRoom = false;
  private isCameraWanted = true;
  private told = "";

  constructor(private readonly parts: OwnParts) {}

  get isMuted(): boolean {
    return this.parts.capture.isMuted;
  }

  /** Whether the camera is off because the person wants it so. */
  get isCameraOff(): boolean {
    return !this.isCameraWanted;
  }

  get isHandUp(): boolean {
    return this.parts.self()?.hand_at != null;
  }

  get isSharing(): boolean {
    return this.parts.feeds.sharedScreen !== null;
  }

  /** Silence, or be heard. Nobody else can make somebody heard. */
  toggleMute(): void {
    this.mutedBy = null;
    if (this.isSameRoom) this.setSameRoom(false);
    else this.parts.capture.setMuted(!this.isMuted);
    this.report();
    this.parts.redraw();
  }

  toggleCamera(): void {
    this.isCameraWanted = !this.isCameraWanted;
    void this.parts.capture.setCamera(this.isCameraWanted);
    this.report();
    this.parts.redraw();
  }

  toggleHand(): void {
    this.parts.send({ type: "call.hand", up: !this.isHandUp });
  }

  /** Called in a tap: browsers ask which screen only then. */
  async toggleShare(): Promise<void> {
    const { feeds } = this.parts;
    if (this.isSharing) feeds.unshare();
    else await feeds.share(this.parts.relays());
    this.parts.redraw();
  }

  /** Two devices in one room howl: this one neither sends nor plays sound. */
  setSameRoom(isSame: boolean): void {
    this.isSameRoom = isSame;
    this.parts.capture.setMuted(isSame);
    this.parts.silence(isSame);
    this.report();
    this.parts.redraw();
  }

  /** An officer asks; it stays the person's own choice. */
  askedToMute(byName: string): void {
    if (this.isMuted) return;
    this.mutedBy = byName;
    this.parts.redraw();
  }

  /** Not now. */
  dismissMute(): void {
    this.mutedBy = null;
    this.parts.redraw();
  }

  /** Tell the others how it stands, when that has changed since they were told. Outside of the room there is nobody to tell. */
  report(): void {
    if (this.parts.self() === null) return;
    const { standing, isPaused } = this.parts.capture;
    const camera_off = this.isCameraOff || standing.camera !== "on" || isPaused;
    const own = { is_muted: this.isMuted || standing.microphone !== "on", camera_off, rung: this.parts.rung() };
    const key = JSON.stringify(own);
    if (key !== this.told && this.parts.send({ type: "call.own", ...own })) this.told = key;
  }

  /** The seat is a new one, or the line was lost: the server is told anew. */
  forget(): void {
    this.told = "";
  }
}
