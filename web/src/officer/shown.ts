/** The part of the officer's page that watches what the control room shows of their incident. */

import type { nothing, TemplateResult } from "lit-html";

import { WATCH_REF } from "../console/link";
import { tileTruth, type TileTruth, type WatchStatus } from "../console/tiletruth";
import { WatchPool } from "../console/watches";
import type { PicturePlace } from "../map/pictureplace";
import { ScreenLock } from "../sharing/awake";
import type { ErrorMessage, FlightNow, OfficerServerMessage, OfficerState, ShownPicture, WatchClientMessage } from "../signalling/messages";
import type { SocketState } from "../signalling/socket";
import { FlownDrones, type LoadMap } from "./flown";
import { GroundAsk } from "./groundask";
import type { OfficerPart, PartHost } from "./parts";
import { shownCards, shownLine, shownSheet } from "./shownview";

/** Time between two drawings while a picture is open: its age counts up, and a frozen one is said so, in ms. */
const TICK_MS = 500;

/** Why a picture may be seen no longer; every other end is the line's or the phone's, and is tried again. */
const ENDS: Readonly<Record<string, string>> = {
  not_shown: "The control room shows this picture no longer.",
  not_on_incident: "You are not on this incident any more.",
  officer_off_duty: "You are off duty.",
  session_over: "The session is over.",
  not_signed_in: "You are signed out.",
};
const GONE = "The session is over, or the control room shows it no longer.";

/** One picture at a time, over the page. It has a connection of its own: what this phone sends goes on beside it. */
export class Shown implements OfficerPart {
  /** What is watched; null: nothing. It stays after the end, until it is closed. */
  open: ShownPicture | null = null;
  /** Why it is seen no more; null while it is. */
  over: string | null = null;
  /** A state has arrived on the line that is open now: what is shown is true. */
  private isSynced = false;
  private shownSince = Date.now();
  private readonly awake = new ScreenLock();
  private readonly pool: WatchPool;
  /** Drones among what is shown. */
  readonly drones: FlownDrones;
  /** The place that was tapped in a drone's picture. */
  readonly ground: GroundAsk;

  constructor(private readonly host: PartHost, loadMap?: LoadMap) {
    this.drones = new FlownDrones(() => host.redraw(), loadMap);
    this.ground = new GroundAsk(() => host.redraw());
    this.pool = new WatchPool((message) => host.send(message as WatchClientMessage), () => host.redraw());
  }

  /** What may be watched. */
  get pictures(): readonly ShownPicture[] {
    return this.host.page().server?.pictures ?? [];
  }

  /** Whether this phone streams meanwhile. */
  get isLive(): boolean {
    return this.host.page().joined !== null;
  }

  get isConnected(): boolean {
    return this.host.page().line === "open";
  }

  /** The server's clock, as well as this page knows it, in ms. */
  now(): number {
    return Date.now() + this.host.clockOffset();
  }

  /** The picture that is watched, and how far that has come. */
  get video(): HTMLVideoElement | null {
    return this.open?.stream == null ? null : this.pool.videoOf(this.open.stream.id);
  }

  /** The picture of a drone, while there is one: places in it can be asked for. */
  get droneVideo(): HTMLVideoElement | null {
    return this.open?.kind === "flight" && this.over === null && this.status?.lastFrameAt != null ? this.video : null;
  }

  get status(): WatchStatus | null {
    return this.open?.stream == null ? null : this.pool.statusOf(this.open.stream.id);
  }

  /** What may be said of it: as on the console, LIVE needs pictures that are presented here. */
  truth(): TileTruth | null {
    const { open } = this;
    if (open === null) return null;
    return tileTruth({
      session: { state: "live", kind: open.kind, link_kind: "location_video", consent: null, stream: open.stream, progress: null, rung: null },
      watch: this.status, still: null, isSynced: this.isSynced, now: Date.now(), clockOffset: this.host.clockOffset(), shownSince: this.shownSince,
    });
  }

  start(): void {
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.shownSince = Date.now();
    });
    setInterval(() => this.tick(), TICK_MS);
  }

  lineChanged(line: SocketState): void {
    if (line === "open") this.pool.lineOpened();
    else {
      this.isSynced = false;
      this.pool.lineLost();
    }
    if (line === "refused") this.close();
  }

  stateTaken({ pictures }: OfficerState): void {
    this.isSynced = true;
    this.drones.stateTaken(pictures);
    if (this.open === null || this.over !== null) return;
    const now = pictures.find((one) => one.session_id === this.open?.session_id);
    if (now === undefined) this.end(GONE);
    else {
      this.open = now;
      this.want();
      this.host.redraw();
    }
  }

  received(message: OfficerServerMessage): boolean {
    if (message.type === "flights.moved") this.moved(message.flights);
    else if (message.type === "stream.offer") this.pool.onOffer(message);
    else if (message.type === "watch.ended") this.ended(message.watch_id, message.session_id, message.reason);
    else return message.type === "error" && this.refused(message);
    return true;
  }

  signedOut(): void {
    this.close();
  }

  homeView(): TemplateResult | typeof nothing {
    return shownCards(this);
  }

  liveView(): TemplateResult | typeof nothing {
    return shownLine(this);
  }

  sheetView(): TemplateResult | typeof nothing {
    return shownSheet(this);
  }

  /** Asks what lies under a place of the picture that is on the screen now. */
  askGround(place: PicturePlace): void {
    if (this.open !== null) void this.ground.tap(this.open.session_id, place, new Date(this.now()).toISOString());
  }

  watch(picture: ShownPicture): void {
    this.ground.forget();
    this.open = picture;
    this.over = null;
    this.want();
    this.host.redraw();
  }

  close(): void {
    this.open = null;
    this.over = null;
    this.want();
    this.host.redraw();
  }

  /** Plays after a tap, where the browser wants one. */
  play(): void {
    this.pool.resume(this.open?.stream?.id ?? "");
    this.host.redraw();
  }

  private want(): void {
    const { open, over } = this;
    const isThere = open?.stream != null && over === null;
    // What is looked at must not go dark; without a picture the phone may.
    void (isThere ? this.awake.hold() : this.awake.release());
    this.pool.want(isThere ? [{ sessionId: open.session_id, streamId: open.stream?.id ?? "", layer: "middle" }] : []);
  }

  /** A watch of this page's, or of another of the officer's. */
  private ended(watchId: string, sessionId: string | null, reason: string): void {
    this.pool.onEnded(watchId, reason);
    const why = ENDS[reason];
    // What one page may see no longer, no other may.
    if (why !== undefined && this.open !== null && this.open.session_id === sessionId) this.end(why);
  }

  private refused({ ref, code, message }: ErrorMessage): boolean {
    if (ref?.startsWith(WATCH_REF) !== true) return false;
    this.pool.onRefused(ref, code, message);
    const why = ENDS[code];
    if (why !== undefined && this.open !== null) this.end(why);
    return true;
  }

  /** The first reason is the true one. */
  private end(why: string): void {
    this.over ??= why;
    this.want();
    this.host.redraw();
  }

  private moved(flights: readonly FlightNow[]): void {
    this.drones.moved(flights);
    this.drawMap();
  }

  private drawMap(): void {
    this.drones.draw(this.over === null ? this.open : null, this.now(), !this.isSynced);
  }

  private tick(): void {
    this.drawMap();
    this.pool.playOn();
    if (this.open !== null || this.pictures.length > 0) this.host.redraw();
  }
}
