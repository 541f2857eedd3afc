/** Joins the console's socket to its state: snapshots on connect and on gaps, opened sessions, refs of errors. */

import type {
  ConsoleClientMessage, ConsoleServerMessage, ErrorMessage, FlightsServerMessage, OfficersServerMessage, Seqs, SpeakingServerMessage,
} from "../signalling/messages";
import { reopenWithNetwork } from "../signalling/network";
import { LiveSocket, socketUrl, type SocketOptions } from "../signalling/socket";
import { errorPhrase } from "./phrases";
import type { Action, ConsoleState } from "./state";
import type { Store } from "./store";
import { millis } from "./times";
import { doubtWords } from "./weighty";

/** Messages about pictures go to whoever watches. */
export interface WatchMessages {
  onOffer(message: Extract<ConsoleServerMessage, { type: "stream.offer" }>): void;
  onEnded(watchId: string, reason: string): void;
  /** A watch could not start; `ref` is what it was asked with. */
  onRefused(ref: string, code: string, message: string): void;
}

/** A part of the console that follows a topic of its own. */
export interface LinkPart {
  readonly topic: string;
  /** One frame; returns whether it was this part's, and nobody else's. */
  received(message: ConsoleServerMessage): boolean;
  /** An error; returns whether this part had asked. */
  refused(ref: string, text: string): boolean;
  /** A broadcast of the topic is missing. */
  missed(): void;
}

/** Ref of the frames that concern a stream's watch. */
export const WATCH_REF = "watch:";
const CHAT_REF = "chat:";
const SAY_REF = "say:";

/** The console's line to the server. */
export class ConsoleLink {
  private readonly socket: LiveSocket<ConsoleServerMessage, ConsoleClientMessage>;
  private openedId: string | null = null;
  private sharedId: string | null = null;
  private readonly parts: LinkPart[] = [];
  private incidentId: string | null = null;

  constructor(
    private readonly store: Store<ConsoleState, Action>,
    private readonly watches: WatchMessages,
    private readonly onItemChanged: (sessionId: string) => void,
    options: SocketOptions = {},
  ) {
    const listening: SocketOptions = { ...options, openSocket: (url) => this.listened(options, url) };
    this.socket = new LiveSocket(socketUrl("/ws/console/"), {
      onMessage: (message) => this.received(message),
      onState: (state, code) => this.store.dispatch({ type: "line", state, code }),
      onGap: (topic) => this.gap(topic),
      onUnproven: (messages) => this.doubt(messages),
    }, listening);
  }

  /** Tells this part what is its own from now on. */
  join(part: LinkPart): void {
    this.parts.push(part);
  }

  /** Takes over the numbers of a part's snapshot. */
  rebase(seqs: Seqs): void {
    this.socket.rebase(seqs);
  }

  /** A part follows its topic no longer. */
  forget(topic: string): void {
    this.socket.forget(topic);
  }

  /** Opens the line and keeps it. */
  start(): void {
    this.socket.open();
    reopenWithNetwork(this.socket);
  }

  /** Tries at once when the line is waiting for its next try. */
  retry(): void {
    this.socket.open();
  }

  /** Sends a frame; false when the line is down (nothing is kept). */
  send(message: ConsoleClientMessage): boolean {
    return this.socket.send(message);
  }

  /** Follows one session's chat and trail; the one before is let go. */
  openSession(sessionId: string | null): void {
    if (this.openedId === sessionId) return;
    if (this.openedId !== null) {
      this.socket.forget(`session.${this.openedId}`);
      this.send({ type: "session.close", session_id: this.openedId });
    }
    this.openedId = sessionId;
    this.requestSession();
  }

  /** Follows what another force shares; the one before is let go. */
  openShared(shareId: string | null): void {
    if (this.sharedId === shareId) return;
    if (this.sharedId !== null) {
      this.socket.forget(`shared.${this.sharedId}`);
      this.send({ type: "shared.close", share_id: this.sharedId });
    }
    this.sharedId = shareId;
    this.requestShared();
  }

  /** Follows one incident; the one before is let go. */
  openIncident(incidentId: string | null): void {
    if (this.incidentId === incidentId) return;
    if (this.incidentId !== null) {
      this.socket.forget(`incident.${this.incidentId}`);
      this.send({ type: "incident.close", incident_id: this.incidentId });
    }
    this.incidentId = incidentId;
    this.requestIncident();
  }

  /** Writes to everybody on an incident. A line that cannot go now is marked so and can be sent again. */
  sayOnIncident(incidentId: string, clientId: string, text: string): void {
    this.store.dispatch({ type: "incident.sent", clientId, text });
    const frame = { type: "incident.say", incident_id: incidentId, client_id: clientId, text, ref: SAY_REF + clientId } as const;
    if (!this.send(frame)) this.store.dispatch({ type: "incident.failed", clientId, reason: "Not connected" });
  }

  /** Sends a line of chat, typed or a phrase by its code. A line that cannot go now is marked so and can be sent again. */
  sendChat(sessionId: string, clientId: string, text: string, phrase: string | null = null): void {
    this.store.dispatch({ type: "chat.sent", sessionId, clientId, text, phrase, at: Date.now() });
    const said = phrase === null ? { text } : { phrase };
    const frame = { type: "chat.send", session_id: sessionId, client_id: clientId, ...said, ref: CHAT_REF + clientId } as const;
    if (!this.send(frame)) this.store.dispatch({ type: "chat.failed", clientId, reason: "Not connected" });
  }

  /** Notices every frame, heartbeats included: they prove that the screen is up to date. */
  private listened(options: SocketOptions, url: string): WebSocket {
    const socket = options.openSocket?.(url) ?? new WebSocket(url);
    socket.addEventListener("message", (event: MessageEvent<unknown>) => {
      if (typeof event.data === "string") this.heard(event.data);
    });
    return socket;
  }

  private heard(text: string): void {
    this.store.dispatch({ type: "heard", at: Date.now(), serverNow: pongTime(text) });
  }

  private received(message: ConsoleServerMessage): void {
    if (this.parts.some((part) => part.received(message)) || isOfPart(message)) return;
    this.store.dispatch({ type: "wire", message, at: Date.now() });
    switch (message.type) {
      case "console.snapshot":
        this.socket.rebase(message.seqs);
        this.requestSession();
        this.requestShared();
        this.requestIncident();
        break;
      case "session.snapshot":
      case "shared.snapshot":
      case "incident.snapshot":
        this.socket.rebase(message.seqs);
        break;
      case "stream.offer":
        this.watches.onOffer(message);
        break;
      case "watch.ended":
        this.watches.onEnded(message.watch_id, message.reason);
        break;
      case "shared.granted":
        // A frame about it was lost on its way: the snapshot has it.
        if (!(message.share_id in this.store.state.shared.received)) this.send({ type: "console.snapshot" });
        break;
      case "item.changed":
        this.onItemChanged(message.session_id);
        break;
      case "error":
        this.refused(message);
        break;
      case "session.changed":
      case "stream.coming":
      case "stream.delay":
      case "position.changed":
      case "position.trail":
      case "chat.message":
      case "alarm.raised":
      case "still.taken":
      case "still.asked":
      case "upload.changed":
      case "assignment.changed":
      case "view.changed":
      case "shared.changed":
      case "shared.ended":
      case "shared.position":
      case "shared.message":
      case "shared.recordings":
      case "incident.message":
      case "incident.changed":
      case "incident.said":
      case "heartbeat.pong":
        break;
    }
  }

  /** A broadcast is missing: ask for everything that it may have changed. */
  private gap(topic: string): void {
    const parts = this.parts.filter((one) => one.topic === topic);
    if (parts.length > 0) parts.forEach((part) => part.missed());
    else if (topic === "console") this.send({ type: "console.snapshot" });
    else if (topic.startsWith("shared.")) this.requestShared();
    else if (topic.startsWith("incident.")) this.requestIncident();
    else this.requestSession();
  }

  private requestSession(): void {
    if (this.openedId !== null) this.send({ type: "session.open", session_id: this.openedId });
  }

  private requestIncident(): void {
    if (this.incidentId !== null) this.send({ type: "incident.open", incident_id: this.incidentId });
  }

  /** What has ended is not asked for again: the tile says so. */
  private requestShared(): void {
    const shared = this.sharedId === null ? undefined : this.store.state.shared.received[this.sharedId];
    if (shared?.end === null) this.send({ type: "shared.open", share_id: shared.id });
  }

  /** The line was lost: of acts of weight that may not have arrived the operator is told. */
  private doubt(messages: readonly ConsoleClientMessage[]): void {
    const text = doubtWords(messages);
    if (text !== null) this.store.dispatch({ type: "notice", tone: "error", text, sessionId: null, at: Date.now() });
  }

  /** An error goes to what asked; one that nobody asked for becomes a notice. */
  private refused(message: ErrorMessage): void {
    const ref = message.ref ?? "";
    // A watch may end on both sides at once; that it is gone is what was wanted, unless it was being answered.
    if (message.code === "watch_unknown" && ref === "") return;
    const text = errorPhrase(message.code, message.message);
    if (this.parts.some((part) => part.refused(ref, text))) return;
    if (ref.startsWith(CHAT_REF)) {
      this.store.dispatch({ type: "chat.failed", clientId: ref.slice(CHAT_REF.length), reason: text });
    } else if (ref.startsWith(SAY_REF)) {
      this.store.dispatch({ type: "incident.failed", clientId: ref.slice(SAY_REF.length), reason: text });
    } else if (ref.startsWith(WATCH_REF)) {
      this.watches.onRefused(ref, message.code, text);
    } else {
      this.store.dispatch({ type: "notice", tone: "error", text, sessionId: null, at: Date.now() });
    }
  }
}

/** What was on its way when its part had let it go is nobody's. */
function isOfPart(message: ConsoleServerMessage): message is FlightsServerMessage | OfficersServerMessage | SpeakingServerMessage {
  return message.type.startsWith("flight") || message.type.startsWith("officer") || message.type.startsWith("talk.");
}

/** The server's clock in the answer to a heartbeat; null for any other frame. */
export function pongTime(text: string): number | null {
  if (!text.includes('"heartbeat.pong"')) return null;
  try {
    const frame = JSON.parse(text) as { type?: unknown; now?: unknown };
    return frame.type === "heartbeat.pong" && typeof frame.now === "string" ? millis(frame.now) : null;
  } catch {
    return null;
  }
}
