/** The officer's page at work: its line, what the server says, and the parts that hear it. */

import { initialModel } from "../sharing/model";
import { hasStopped } from "../sharing/stop_memory";
import type { OfficerClientMessage, OfficerServerMessage, OfficerState, OfficerStatus } from "../signalling/messages";
import { reopenWithNetwork } from "../signalling/network";
import { LiveSocket, socketUrl, type SocketOptions, type SocketState } from "../signalling/socket";
import { OwnLive, type LiveActs, type LiveParts } from "./ownlive";
import { PARTS, type GoingLive, type OfficerPart, type PartHost } from "./parts";
import { refusalNotice, type OfficerPage } from "./state";

const START_REF = "start";
/** Signing out waits no longer than that, in ms. */
const SIGN_OUT_MS = 1_500;

/** What may be done on the page itself; a part draws its own acts. */
export interface OfficerActs {
  readonly live: LiveActs;
  setStatus(status: OfficerStatus): void;
  choose(isChoosing: boolean): void;
  goLive(incidentId: string | null): void;
}

/** For tests: other ends in the place of line, camera, microphone and parts. */
export interface OfficerEnds extends LiveParts {
  socket?: SocketOptions;
  parts?: typeof PARTS;
}

/** One page of one officer. */
export class OfficerApp implements OfficerActs {
  readonly live: OwnLive;
  /** Duty, assignments and whatever else the page shows beside the picture. */
  readonly parts: readonly OfficerPart[];
  private page: OfficerPage = {
    line: "connecting", refusalCode: null, server: null, joined: null, sharing: initialModel(), watchers: 0, guests: 0, names: [],
    microphone: "off", torch: null, isChoosing: false, isStarting: false, notice: null,
  };
  /** The next state is the first of a new line: what was said into the old one may be lost. */
  private isNewLine = true;
  /** The officer signs out: no part begins again what it has just ended. */
  private isLeaving = false;
  private readonly socket: LiveSocket<OfficerServerMessage, OfficerClientMessage>;

  /** @param preview plays the own picture; @param draw shows the page as it is now */
  constructor(preview: HTMLVideoElement, private readonly draw: (page: OfficerPage) => void, ends: OfficerEnds = {}) {
    const socket = new LiveSocket<OfficerServerMessage, OfficerClientMessage>(socketUrl("/ws/officer/"), {
      onMessage: (message) => this.received(message),
      onState: (state, code) => this.onLine(state, code),
      onGap: () => socket.restart(),
    }, { pongDeadline_ms: 5_000, ...ends.socket });
    this.socket = socket;
    const page = (): OfficerPage => this.page;
    const change = (changes: Partial<OfficerPage>): void => this.change(changes);
    this.live = new OwnLive(preview, { page, change, note: (changes) => this.note(changes), socket }, ends);
    const host: PartHost = {
      page,
      send: (message, waiting) => socket.send(message, waiting),
      begin: (message) => this.begin(message),
      say: (notice) => this.change({ notice }),
      amend: (server) => this.change({ server }),
      clockOffset: () => socket.serverOffset_ms ?? 0,
      redraw: () => this.draw(this.page),
    };
    this.parts = (ends.parts ?? PARTS).map((make) => make(host));
  }

  /** Connect. */
  start(): void {
    this.draw(this.page);
    this.live.start();
    for (const part of this.parts) part.start?.();
    reopenWithNetwork(this.socket);
    this.socket.open();
  }

  setStatus(status: OfficerStatus): void {
    this.socket.send({ type: "status.set", status }, "newest");
  }

  choose(isChoosing: boolean): void {
    this.change({ isChoosing, notice: null });
  }

  goLive(incidentId: string | null): void {
    this.begin({ type: "live.start", incident_id: incidentId });
  }

  /** The officer is about to sign out here; resolves once nothing of theirs is left, or has had its time to go. */
  async signedOut(): Promise<void> {
    this.isLeaving = true;
    const gone = Promise.allSettled(this.parts.map(async (part) => part.signedOut?.()));
    await Promise.race([gone, new Promise((done) => setTimeout(done, SIGN_OUT_MS))]);
    this.isLeaving = false;
  }

  private begin(message: GoingLive): void {
    const isSent = this.socket.send({ ...message, ref: START_REF });
    this.change(isSent ? { isStarting: true, isChoosing: false, notice: null } : { isChoosing: false, notice: "failed" });
  }

  private onLine(line: SocketState, code: number | null): void {
    this.isNewLine ||= line === "open";
    this.change({ line, refusalCode: code, ...(line === "open" ? {} : { isStarting: false }) });
    this.live.lineChanged(line, code);
    for (const part of this.parts) part.lineChanged?.(line);
  }

  private received(message: OfficerServerMessage): void {
    if (message.type === "officer.state") this.onState(message);
    else if (message.type === "officer.changed") this.socket.send({ type: "officer.snapshot" });
    else if (message.type === "error" && message.ref === START_REF) this.change({ isStarting: false, notice: refusalNotice(message, "failed") });
    else if (!this.parts.some((part) => part.received?.(message) === true)) this.live.received(message);
  }

  private onState(server: OfficerState): void {
    this.socket.rebase(server.seqs);
    const isNew = this.isNewLine;
    this.isNewLine = false;
    const { live } = server;
    if (live !== null && hasStopped(live.session.id)) {
      // The end was said into a line that was lost.
      this.change({ server: { ...server, live: null } });
      this.socket.send({ type: "session.stop", session_id: live.session.id });
    } else {
      const isStarted = server.ref === START_REF;
      const watched = { watchers: live?.count ?? 0, guests: live?.guests ?? 0, names: live?.names ?? [] };
      this.change({ server, ...watched, ...(isStarted ? { isStarting: false } : {}) });
      this.live.stateTaken(live, isNew, isStarted);
    }
    if (this.isLeaving) return;
    for (const part of this.parts) part.stateTaken?.(server);
  }

  private note(changes: Partial<OfficerPage>): void {
    this.page = { ...this.page, ...changes };
  }

  private change(changes: Partial<OfficerPage>): void {
    this.note(changes);
    for (const part of this.parts) part.pageChanged?.();
    this.draw(this.page);
  }
}
