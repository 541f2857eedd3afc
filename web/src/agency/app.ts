/** An agency's live page: puts line, picture, watermark and map together, and draws them. */

import { render } from "lit-html";

import { WATCH_REF } from "../console/link";
import { fromOutside, tileTruth, type TileTruth } from "../console/tiletruth";
import { WatchPool } from "../console/watches";
import { ScreenLock } from "../sharing/awake";
import type { AgencyClientMessage, AgencyServerMessage } from "../signalling/agencyshapes";
import type { ConsoleClientMessage, ConsoleServerMessage, ErrorMessage } from "../signalling/messages";
import { reopenWithNetwork } from "../signalling/network";
import { LiveSocket, socketUrl, type SocketOptions } from "../signalling/socket";
import type { PlaceMap } from "./map";
import { reduce, START, type AgencyAction, type AgencyState } from "./state";
import { pageView } from "./view";
import { paintWatermark, watermarkLines } from "./watermark";

type WatchMessage = Extract<ConsoleServerMessage, { type: "stream.offer" | "watch.ended" }>;
type ServerMessage = AgencyServerMessage | WatchMessage | ErrorMessage;

/** Time between two drawings when nothing happens: ages and the watermark's clock count up, in ms. */
const TICK_MS = 500;

export interface AgencyPageData {
  force_name: string;
  map_tiles_url: string;
}

/** One page of one viewer. */
export class AgencyApp {
  private state: AgencyState = START;
  private readonly socket: LiveSocket<ServerMessage, AgencyClientMessage>;
  private readonly pool: WatchPool;
  private readonly watermark = document.createElement("canvas");
  private readonly mapElement = document.createElement("div");
  private readonly awake = new ScreenLock();
  private map: PlaceMap | null = null;
  private isMapWanted = false;
  private hasMapFailed = false;
  private shownSince = Date.now();

  constructor(private readonly host: HTMLElement, private readonly page: AgencyPageData, options: SocketOptions = {}) {
    this.watermark.className = "watermark";
    this.watermark.dataset.testid = "watermark";
    this.watermark.setAttribute("aria-hidden", "true");
    this.mapElement.className = "map";
    this.mapElement.dataset.testid = "map";
    this.pool = new WatchPool((message) => this.ask(message), () => this.draw());
    this.socket = new LiveSocket(socketUrl("/ws/agency/"), {
      onMessage: (message) => this.received(message),
      onState: (state, code) => this.lineChanged(state, code),
      onGap: () => this.socket.send({ type: "agency.snapshot" }),
    }, options);
  }

  start(): void {
    this.host.replaceChildren();
    this.socket.open();
    reopenWithNetwork(this.socket);
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.shownSince = Date.now();
    });
    setInterval(() => this.draw(), TICK_MS);
    this.draw();
  }

  private received(message: ServerMessage): void {
    if (message.type === "stream.offer") this.pool.onOffer(message);
    else if (message.type === "watch.ended") this.pool.onEnded(message.watch_id, message.reason);
    else {
      if (message.type === "agency.snapshot") this.socket.rebase(message.seqs);
      if (message.type === "error" && (message.ref ?? "").startsWith(WATCH_REF)) {
        this.pool.onRefused(message.ref ?? "", message.code, message.message);
      }
      this.dispatch({ type: "wire", message });
    }
  }

  private lineChanged(state: AgencyState["line"], code: number | null): void {
    this.dispatch({ type: "line", state, code });
    if (state === "open") this.pool.lineOpened();
    else this.pool.lineLost();
  }

  private dispatch(action: AgencyAction): void {
    this.state = reduce(this.state, action);
    const { shared } = this.state;
    const { stream = null } = shared ?? {};
    const isThere = shared !== null && stream !== null && stream.state !== "ended";
    this.pool.want(isThere ? [{ sessionId: shared.id, streamId: stream.id, layer: "high", isShared: true }] : []);
    if (this.state.over !== null) this.letGo();
    this.draw();
  }

  /** Sends what the picture needs, as this socket calls it. */
  private ask(message: ConsoleClientMessage): boolean {
    if (message.type === "shared.watch") {
      const { stream_id, ref, replaces } = message;
      const before = replaces === undefined ? {} : { replaces };
      return this.socket.send({ type: "agency.watch", stream_id, ...(ref === undefined ? {} : { ref }), ...before });
    }
    if (message.type === "watch.answer" || message.type === "watch.candidate" || message.type === "watch.stop") {
      return this.socket.send(message);
    }
    return false;
  }

  private leave(): void {
    this.socket.send({ type: "agency.leave" });
    this.dispatch({ type: "left" });
  }

  private showHere(): void {
    this.dispatch({ type: "here" });
    this.socket.open();
  }

  /** Nothing of the picture or the place stays. */
  private letGo(): void {
    this.map?.dispose();
    this.map = null;
    this.isMapWanted = false;
    // Safari before 16.4 knows no fullscreenElement.
    if (document.fullscreenElement != null) void document.exitFullscreen();
    void this.awake.release();
    if (this.state.over !== "elsewhere") this.socket.close();
  }

  private draw(): void {
    const { state } = this;
    const streamId = state.shared?.stream?.id ?? null;
    const status = streamId === null ? null : this.pool.statusOf(streamId);
    const video = streamId === null ? null : this.pool.videoOf(streamId);
    video?.setAttribute("disablepictureinpicture", "");
    render(pageView({
      state, video, now: this.now(), truth: this.truth(), needsTap: status?.needsTap === true, hasPicture: status?.lastFrameAt != null,
      watermark: this.watermark, map: this.mapElement, hasMapFailed: this.hasMapFailed, forceName: this.page.force_name,
      play: () => this.pool.resume(streamId ?? ""), leave: () => this.leave(), showHere: () => this.showHere(),
    }), this.host);
    this.pool.playOn();
    this.mark();
    this.place();
  }

  private now(): number {
    return Date.now() + (this.socket.serverOffset_ms ?? 0);
  }

  private truth(): TileTruth | null {
    const { shared } = this.state;
    if (shared === null) return null;
    return tileTruth({
      session: fromOutside(shared), watch: shared.stream === null ? null : this.pool.statusOf(shared.stream.id), still: null, isFromOutside: true,
      isSynced: this.state.isSynced, now: Date.now(), clockOffset: this.socket.serverOffset_ms ?? 0, shownSince: this.shownSince,
    });
  }

  /** Writes who watches, and when, over the picture; while there is one, the screen stays on. */
  private mark(): void {
    const { viewer, shared } = this.state;
    if (viewer === null || shared === null) return;
    paintWatermark(this.watermark, watermarkLines({ name: viewer.name, agency: shared.agency, shareId: shared.id }, this.now()));
    if (shared.stream?.state === "live") void this.awake.hold();
  }

  private place(): void {
    const { position, shared } = this.state;
    if (position === null || shared === null) {
      this.map?.clear();
      return;
    }
    this.map?.show(position, shared.reference, shared.kind, this.now());
    if (this.isMapWanted) return;
    this.isMapWanted = true;
    void this.loadMap();
  }

  private async loadMap(): Promise<void> {
    try {
      const { PlaceMap } = await import("./map");
      if (this.state.over === null) this.map = new PlaceMap(this.mapElement, this.page.map_tiles_url);
    } catch {
      this.hasMapFailed = true;
    }
    this.draw();
  }
}
