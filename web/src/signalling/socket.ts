/**
 * One WebSocket that stays: reconnects by policy, notices a dead line by heartbeat, finds missing broadcasts, and keeps
 * a bounded outbox while the line is down. It knows no message of the product except the heartbeat.
 */

import { decodeFrame, type Frame, type Ping, type Pong, type Seqs } from "./messages";
import { Outbox, type Waiting } from "./queue";
import { DEFAULT_RECONNECT_POLICY, mayReconnect, reconnectDelay, type ReconnectPolicy } from "./reconnect";
import { SequenceTracker } from "./sequence";
import { Unproven } from "./unproven";

/** `waiting` has lost its line and will try again; `refused` will not (the server said no); `closed` was closed here. */
export type SocketState = "connecting" | "open" | "waiting" | "refused" | "closed";

/** Time between pings, in ms. */
export const HEARTBEAT_MS = 2_000;
/** Longest wait for a pong, in ms: after it the line is dead. Ping and wait together stay below five seconds. */
export const PONG_DEADLINE_MS = 2_500;
/** Longest wait for a connection to open, in ms: browsers would wait minutes in a hole of the network. */
export const CONNECT_DEADLINE_MS = 10_000;
/** A line on which nothing was heard for this long, in ms, is not believed when the network or the page comes back. */
export const STALE_MS = 3_000;

export interface SocketEvents<S, C> {
  /** A frame of the server, heartbeat excluded. */
  onMessage(message: S): void;
  /** The line changed; `code` is the close code where there is one. */
  onState?(state: SocketState, code: number | null): void;
  /** A broadcast of this topic is missing: ask for a snapshot. */
  onGap?(topic: string): void;
  /** The line is gone, and nobody knows whether these arrived. */
  onUnproven?(messages: C[]): void;
}

export interface SocketOptions {
  policy?: ReconnectPolicy;
  /** What each ping says besides: which seat is still taken, say. */
  pingFields?: () => Partial<Ping>;
  /** Patience with a pong, in ms, where the line is slow by nature. */
  pongDeadline_ms?: number;
  /** For tests. */
  random?: () => number;
  openSocket?: (url: string) => WebSocket;
}

/** Address of a socket on this page's own host, for example `socketUrl("/ws/caller/")`. */
export function socketUrl(path: string, location: Location = window.location): string {
  return `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${path}`;
}

/**
 * The server's clock less ours, in ms, from a pong received at `received_ms`: phones are minutes wrong now and then,
 * and the age of a position or of a picture must not be. Null when a time cannot be read.
 */
export function clockOffset(pong: Pong, received_ms: number): number | null {
  const offset = Date.parse(pong.now) - (Date.parse(pong.sent_at) + received_ms) / 2;
  return Number.isFinite(offset) ? Math.round(offset) : null;
}

/** S: what the server sends; C: what this page sends. */
export class LiveSocket<S extends { type: string }, C extends { type: string }> {
  private socket: WebSocket | null = null;
  private current: SocketState = "closed";
  private attempt = 0;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;
  private pingTimer: ReturnType<typeof setInterval> | undefined;
  private deadline: ReturnType<typeof setTimeout> | undefined;
  private offset: number | null = null;
  private heardAt = 0;
  private readonly outbox = new Outbox<C>();
  private readonly sequence = new SequenceTracker();
  private readonly unproven = new Unproven<C>();

  constructor(
    private readonly url: string,
    private readonly events: SocketEvents<S, C>,
    private readonly options: SocketOptions = {},
  ) {}

  /** Where the line stands. */
  get state(): SocketState {
    return this.current;
  }

  /** What to add to this device's clock to get the server's, in ms; null until it is known. */
  get serverOffset_ms(): number | null {
    return this.offset;
  }

  /** Open the line, or try again at once when it is waiting. Does nothing while it is open or opening. */
  open(): void {
    if (this.current === "open" || this.current === "connecting") return;
    this.connect();
  }

  /** Close for good; what waits in the outbox is dropped. */
  close(): void {
    this.outbox.drain();
    this.letGo();
    this.change("closed", null);
  }

  /** Drop the line and connect again: the server then sends its state anew. */
  restart(): void {
    if (this.current === "closed" || this.current === "refused") return;
    this.letGo();
    this.connect();
  }

  /** The network or the page is back: try at once, and do not wait for a line that may have died meanwhile. */
  revive(): void {
    if (this.current === "waiting") this.open();
    else if (Date.now() - this.heardAt > STALE_MS) this.restart();
  }

  /**
   * Send a frame now. With `waiting` it may wait in the outbox for the next connection; without, it is dropped when
   * the line is down. Returns whether it was sent now.
   */
  send(message: C, waiting?: Waiting): boolean {
    if (this.current === "open" && this.socket?.readyState === WebSocket.OPEN) {
      this.socket.send(JSON.stringify(message));
      this.unproven.add(message);
      return true;
    }
    if (waiting !== undefined) this.outbox.add(message, waiting);
    return false;
  }

  /** Take over the sequence numbers of a snapshot. */
  rebase(seqs: Seqs): void {
    this.sequence.rebase(seqs);
  }

  /** Stop following one topic. */
  forget(topic: string): void {
    this.sequence.forget(topic);
  }

  private connect(): void {
    clearTimeout(this.retryTimer);
    this.heardAt = Date.now();
    this.change("connecting", null);
    const open = this.options.openSocket ?? ((url: string) => new WebSocket(url));
    const socket = open(this.url);
    this.socket = socket;
    this.deadline = setTimeout(() => this.lost(null), CONNECT_DEADLINE_MS);
    // Events of a socket that was let go are not ours any more.
    const whileOurs = (act: () => void) => () => {
      if (this.socket === socket) act();
    };
    socket.addEventListener("open", whileOurs(() => this.opened()));
    socket.addEventListener("close", (event) => {
      if (this.socket === socket) this.lost(event.code);
    });
    socket.addEventListener("message", (event: MessageEvent<unknown>) => {
      if (this.socket === socket && typeof event.data === "string") this.received(event.data);
    });
  }

  private opened(): void {
    this.keepDeadline();
    this.sequence.forget();
    this.change("open", null);
    this.pingTimer = setInterval(() => this.ping(), HEARTBEAT_MS);
    this.ping();
    for (const message of this.outbox.drain()) this.send(message, "keep");
  }

  private ping(): void {
    if (this.socket?.readyState !== WebSocket.OPEN) return;
    const ping: Ping = { type: "heartbeat.ping", sent_at: new Date().toISOString(), ...this.options.pingFields?.() };
    this.socket.send(JSON.stringify(ping));
    this.unproven.pinged(ping.sent_at);
    // A ping that is still unanswered keeps its own deadline.
    this.deadline ??= setTimeout(() => this.lost(null), this.options.pongDeadline_ms ?? PONG_DEADLINE_MS);
  }

  private received(text: string): void {
    const frame = decodeFrame(text);
    if (frame === null) return;
    this.heardAt = Date.now();
    // The server accepted us for real: only now is the next loss a first one again.
    this.attempt = 0;
    if (frame.type === "heartbeat.pong") {
      this.keepDeadline();
      this.unproven.proven((frame as unknown as Pong).sent_at);
      this.offset = clockOffset(frame as unknown as Pong, Date.now()) ?? this.offset;
      return;
    }
    this.deliver(frame);
  }

  private keepDeadline(): void {
    clearTimeout(this.deadline);
    this.deadline = undefined;
  }

  private deliver(frame: Frame): void {
    const { topic, seq, seq_from } = frame;
    const verdict = topic === undefined || seq === undefined ? "next" : this.sequence.observe(topic, seq, seq_from);
    if (verdict === "repeat") return;
    this.events.onMessage(frame as unknown as S);
    if (verdict === "gap" && topic !== undefined) this.events.onGap?.(topic);
  }

  private lost(code: number | null): void {
    this.letGo();
    if (code !== null && !mayReconnect(code)) {
      this.change("refused", code);
      return;
    }
    const random = this.options.random ?? Math.random;
    const delay = reconnectDelay(this.options.policy ?? DEFAULT_RECONNECT_POLICY, this.attempt, random());
    this.attempt += 1;
    this.retryTimer = setTimeout(() => this.connect(), delay);
    this.change("waiting", code);
  }

  private letGo(): void {
    clearTimeout(this.retryTimer);
    clearInterval(this.pingTimer);
    this.keepDeadline();
    const socket = this.socket;
    this.socket = null;
    socket?.close();
    const unproven = this.unproven.drain();
    if (unproven.length > 0) this.events.onUnproven?.(unproven);
  }

  private change(state: SocketState, code: number | null): void {
    if (this.current === state) return;
    this.current = state;
    this.events.onState?.(state, code);
  }
}
