/** The desk of one consultation: the waiting room, the call and the record side by side, over one line. */

import { render } from "lit-html";

import { Capture } from "../media/capture";
import { rememberHere, wasHere } from "../meeting/here_memory";
import { listDevices, NO_DEVICES, type DeviceLists } from "../meeting/devices";
import { ApiError, type OutcomeChoice, type Rest } from "../console/rest";
import { Call } from "../room/call";
import { pressKey } from "../room/keys";
import type { CallTexts } from "../room/texts";
import type { DeskClientMessage, DeskServerMessage, DeskSnapshot, GoneReason, SeatServerMessage, TalkPerson } from "../signalling/deskmessages";
import type { ErrorMessage } from "../signalling/messages";
import { handle, type Handlers } from "../signalling/handling";
import { followNetwork, reopenWithNetwork } from "../signalling/network";
import { LiveSocket, socketUrl, type SocketOptions, type SocketState } from "../signalling/socket";
import { DeskActs } from "./acts";
import type { CallItem } from "./castview";
import type { CautionForm } from "./cautioncard";
import { deskView, type DeskTab } from "./deskview";
import { FIRST_STATE, isOver, reduceDesk, type DeskState } from "./deskstate";
import { NO_OUTCOME, type OutcomeForm } from "./outcome";
import type { DeskPage } from "./pagedata";
import { newPerson } from "./people_form";
import { ConsultRest, type Addable, type PersonPlan } from "./rest";
import { RiskRound } from "./riskround";
import type { ShownLink } from "./roster";
import { SignalAlert } from "./signalalert";
import type { Asking } from "./waiting";
import { deskError } from "./words";

const TICK_MS = 1_000;

/** What of the page is only this page's: forms that are open, and what they hold. */
export interface DeskLocal {
  tab: DeskTab;
  asking: Asking | null;
  caution: CautionForm | null;
  outcome: OutcomeForm;
  link: ShownLink | null;
  removing: string | null;
  adding: { person: PersonPlan; colleagueId: string | null; needsAnyway: boolean } | null;
  moving: { day: string; time: string } | null;
  isEnding: boolean;
  /** Of a REST door, by what was pressed. */
  failures: Readonly<Record<string, string>>;
}

/** One desk in one page. */
export class DeskApp {
  state: DeskState = FIRST_STATE;
  line: SocketState = "connecting";
  refusalCode: number | null = null;
  devices: DeviceLists = NO_DEVICES;
  talk: { id: string; with: TalkPerson } | null = null;
  outcomes: readonly OutcomeChoice[] = [];
  colleagues: readonly Addable[] = [];
  items: readonly CallItem[] = [];
  /** What is wrong, by code; each until it is put away. */
  alarms: readonly string[] = [];
  local: DeskLocal = {
    tab: "call", asking: null, caution: null, outcome: NO_OUTCOME, link: null, removing: null, adding: null, moving: null, isEnding: false, failures: {},
  };
  readonly acts: DeskActs;
  readonly call: Call;
  readonly risk: RiskRound;
  readonly rest: ConsultRest;
  readonly capture = new Capture(() => this.captureChanged());
  private wantsIn: boolean;
  /** The seat was given up for a private talk that has not begun yet. */
  private isTalkComing = false;
  private wasWaiting = false;
  private isDrawPending = false;
  private readonly socket: LiveSocket<DeskServerMessage, DeskClientMessage>;
  private readonly handlers: Handlers<DeskServerMessage> = {
    "desk.snapshot": (message) => this.snapshotCame(message),
    "desk.changed": ({ ice_servers }) => {
      this.call.servers(ice_servers);
      this.acts.settled();
      this.follow();
    },
    "waiting.changed": () => this.acts.settled(),
    "signal.sent": ({ signal }) => this.alert.changed(signal),
    "talk.began": (message) => {
      this.talk = { id: message.talk_id, with: message.with };
      this.isTalkComing = false;
      this.call.servers(message.ice_servers);
      this.call.join("talk", message.talk_id);
    },
    "talk.ended": ({ talk_id }) => this.talkEnded(talk_id),
    "alarm.raised": ({ code }) => (this.alarms = [...this.alarms.filter((one) => one !== code), code]),
    "item.changed": () => void this.lookForItems(),
  };

  constructor(private readonly host: HTMLElement, readonly page: DeskPage, doors: Rest, texts: CallTexts, readonly alert: SignalAlert = new SignalAlert(), options: SocketOptions = {}) {
    this.rest = new ConsultRest(doors);
    this.wantsIn = wasHere(page.sessionId);
    this.socket = new LiveSocket(socketUrl("/ws/consultation/"), {
      onMessage: (message) => this.received(message),
      onState: (state, code) => this.lineChanged(state, code),
      onGap: () => this.open(),
    }, { pingFields: () => this.pingFields(), ...options });
    this.acts = new DeskActs({ send: (message) => this.socket.send(message), redraw: () => this.redraw(), now: () => Date.now() });
    this.risk = new RiskRound({ rest: this.rest, sessionId: page.sessionId, mayOverride: page.me.permissions.includes("risk.override"), redraw: () => this.redraw() });
    this.call = new Call({
      texts, capture: this.capture, isPhone: false, isSafe: false, isPolice: true,
      selfId: () => this.state.me.participant_id, sessionId: () => page.sessionId, uploadDoor: () => `/consultations/${page.sessionId}/uploads/`,
      send: (message, waiting) => this.socket.send(message, waiting), redraw: () => this.redraw(),
      onSeat: (state) => { if (state === "taken") this.wantsIn = false; }, onGone: (reason) => this.gone(reason),
      onRefused: (code) => this.refusedIn(code), onLeave: () => this.leave(),
      marksOf: (person) => (this.state.consultation?.caution?.participant_id === person.id ? [{ name: "cautioned", words: "Cautioned" }] : []),
    });
  }

  /** Connect, listen and draw from now on. */
  start(): void {
    reopenWithNetwork(this.socket);
    followNetwork(() => this.call.seat.networkChanged());
    document.addEventListener("keydown", (event) => { if (this.call.seat.state === "in") pressKey(this.call, event); });
    document.addEventListener("visibilitychange", () => this.call.stage.layout());
    setInterval(() => this.redraw(), TICK_MS);
    this.socket.open();
    void this.rest.outcomes().then((found) => (this.outcomes = found)).catch(() => undefined);
    this.redraw();
  }

  /** Milliseconds of the server's clock. */
  get now(): number {
    return Date.now() + (this.socket.serverOffset_ms ?? 0);
  }

  /** Whether this officer may act in the call. */
  get isInside(): boolean {
    return this.state.me.state === "admitted";
  }

  /** Something of this page's own has changed. */
  set(change: Partial<DeskLocal>): void {
    this.local = { ...this.local, ...change };
    this.redraw();
  }

  /** Into the call: taken where nobody leads, else waited for. */
  goIn(takes: boolean): void {
    this.wantsIn = true;
    if (takes) this.acts.take();
    this.enter();
  }

  /** A door of REST, whose failure is said beside what was pressed. */
  async door(key: string, act: () => Promise<unknown>): Promise<boolean> {
    this.set({ failures: Object.fromEntries(Object.entries(this.local.failures).filter(([name]) => name !== key)) });
    try {
      await act();
      return true;
    } catch (error) {
      const { code, message } = error instanceof ApiError ? error : new ApiError(0, "server", "");
      this.set({ failures: { ...this.local.failures, [key]: deskError(code, message) } });
      return false;
    }
  }

  /** The form for one more person, or none. */
  openAdding(isOpen: boolean): void {
    this.set({ adding: isOpen ? { person: newPerson(), colleagueId: null, needsAnyway: false } : null });
    if (isOpen && this.colleagues.length === 0) void this.rest.colleagues().then((found) => { this.colleagues = found; this.redraw(); }).catch(() => undefined);
  }

  redraw(): void {
    if (this.isDrawPending) return;
    this.isDrawPending = true;
    requestAnimationFrame(() => {
      this.isDrawPending = false;
      render(deskView(this), this.host);
      if (this.call.isOn) this.call.stage.layout();
    });
  }

  private open(): void {
    this.socket.send({ type: "desk.open", session_id: this.page.sessionId, ref: "open" });
  }

  private lineChanged(state: SocketState, code: number | null): void {
    this.line = state;
    this.refusalCode = code;
    if (state === "open") {
      this.open();
      this.call.lineOpened();
    } else {
      this.state = { ...this.state, isSynced: false };
      this.call.lineLost();
    }
    // A server that says no for good ends everything that goes out of this page.
    if (state === "refused") {
      this.call.close();
      this.capture.close();
    }
    this.redraw();
  }

  private received(message: DeskServerMessage): void {
    if (message.type === "heartbeat.pong") return;
    if (message.type === "error" && this.acts.refused(message)) return;
    this.state = reduceDesk(this.state, message);
    handle(this.handlers, message);
    this.call.receive(message as SeatServerMessage | ErrorMessage);
    this.redraw();
  }

  private snapshotCame(message: DeskSnapshot): void {
    this.socket.rebase(message.seqs);
    this.call.servers(message.ice_servers);
    this.call.snapshot({ messages: message.messages, uploads: message.uploads });
    this.alert.snapshot(message.signals);
    void this.lookForItems();
    this.follow();
  }

  /** Admitted by a colleague, or having taken it: in; put back or over: out. */
  private follow(): void {
    const { me, consultation } = this.state;
    if (me.state === "admitted" && this.wasWaiting) this.wantsIn = true;
    this.wasWaiting = me.state === "waiting";
    if (isOver(consultation)) {
      this.call.close();
      this.call.files.stop();
      this.capture.close();
      rememberHere(null);
    } else if (me.state === "admitted") this.enter();
    else if (this.call.seat.purpose === "call") this.call.close();
  }

  private enter(): void {
    if (!this.wantsIn || !this.isInside || this.call.isOn || this.talk !== null || this.isTalkComing) return;
    rememberHere(this.page.sessionId);
    void this.capture.open().then(() => {
      if (this.wantsIn && this.isInside && !this.call.isOn && this.talk === null) this.call.join("call");
    });
  }

  private talkEnded(talkId: string): void {
    if (this.talk !== null && this.talk.id !== talkId) return;
    if (this.talk === null && !this.isTalkComing) return;
    this.talk = null;
    this.isTalkComing = false;
    this.call.close();
    this.wantsIn = true;
    this.enter();
  }

  /** For a private talk the seat in the call is given up and taken again after it; all other reasons wait for a press. */
  private gone(reason: GoneReason): void {
    this.isTalkComing = reason === "private";
    if (this.call.seat.state === "out" && this.state.me.state !== "admitted") this.wantsIn = false;
    this.redraw();
  }

  private refusedIn(code: string): void {
    this.wantsIn = false;
    this.set({ failures: { ...this.local.failures, enter: deskError(code, "") } });
  }

  /** Out of the call; whoever leads goes on leading until a colleague takes it. */
  private leave(): void {
    this.wantsIn = false;
    rememberHere(null);
    this.call.seat.leave();
    this.capture.close();
    this.set({ isEnding: false });
  }

  private captureChanged(): void {
    this.call.captureChanged();
    if (this.capture.standing.microphone === "on") void listDevices().then((found) => (this.devices = found));
    this.redraw();
  }

  private pingFields(): { place_id?: string } {
    const { placeId } = this.call.seat;
    return placeId === null ? {} : { place_id: placeId };
  }

  private async lookForItems(): Promise<void> {
    if (!this.page.me.permissions.includes("item.view")) return;
    this.items = await this.rest.items(this.page.sessionId).catch(() => this.items);
    this.redraw();
  }
}
