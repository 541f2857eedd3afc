/**
 * One person's seat in a room: taken, kept through lost lines and other networks, taken anew when the media are lost, and
 * given up. The connections go on while only the line is lost; a page whose seat another tab took does nothing until a tap.
 */

import type { PublisherState } from "../media/publisher";
import type { Reception } from "../media/reception";
import type { ErrorMessage, IceServer } from "../signalling/messages";
import { handle, type Handlers } from "../signalling/handling";
import type { GoneReason, PlacePurpose, ReceptionOffered, SeatServerMessage } from "../signalling/meetingmessages";
import { Feeds } from "./feeds";
import { Receiving } from "./receiving";
import { Relays } from "./relays";
import { AGAIN_MS, ANSWER_MS, COMES_BACK, JITTER_MS, LATER, RESTART_AFTER_MS, type SeatParts, type SeatState } from "./seatparts";

export type { SeatParts, SeatState } from "./seatparts";

type SeatTimer = "join" | "feed" | "answer";

/** One seat. */
export class Seat {
  readonly feeds: Feeds;
  private readonly relays: Relays;
  private current: SeatState = "out";
  private wish: { purpose: PlacePurpose; talkId: string | null } | null = null;
  private place: string | null = null;
  private readonly received: Receiving;
  private attempt = 0;
  private failures = 0;
  private timers = new Map<SeatTimer, ReturnType<typeof setTimeout>>();

  private readonly handlers: Handlers<SeatServerMessage> = {
    "place.joined": (message) => {
      if (message.ref === this.ref) void this.joined(message);
    },
    "place.resumed": ({ room }) => {
      this.become("in");
      this.parts.onRoom(room);
    },
    "place.taken": ({ place_id }) => {
      if (this.isOfPlace(place_id)) this.wasTaken();
    },
    "place.gone": ({ place_id, reason }) => {
      if (this.isOfPlace(place_id)) this.gone(reason);
    },
    "place.left": () => undefined,
    "seat.servers": ({ ice_servers }) => this.servers(ice_servers),
    "feed.opened": ({ feed_id, sdp }) => void this.feeds.opened(feed_id, sdp),
    "feed.restarted": ({ feed_id, sdp }) => void this.feeds.restarted(feed_id, sdp),
    "reception.offer": (message) => this.offered(message),
  };

  constructor(private readonly parts: SeatParts) {
    const forTests = parts.createConnection === undefined ? {} : { createConnection: parts.createConnection };
    this.relays = new Relays(() => parts.send({ type: "seat.servers", ref: "servers" }));
    this.feeds = new Feeds({
      capture: parts.capture, isPhone: parts.isPhone, send: (message) => parts.send(message, "keep"),
      onCamera: (state) => this.cameraChanged(state), onScreen: () => parts.onScreen(), ...forTests,
    });
    this.received = new Receiving({
      send: (message, waiting) => parts.send(message, waiting), relays: () => this.relays.last,
      onTracks: (tracks) => parts.onTracks(tracks), onLost: () => this.again(), ...forTests,
    });
  }

  get state(): SeatState {
    return this.current;
  }

  /** The place, for the heartbeat; null without one. */
  get placeId(): string | null {
    return this.place;
  }

  /** What it was taken for, or is being taken for. */
  get purpose(): PlacePurpose | null {
    return this.wish?.purpose ?? null;
  }

  /** What is received, for what measures it. */
  get receiving(): Reception | null {
    return this.received.way;
  }

  /** The relays that there are, for what is begun beside the camera. */
  get relaysNow(): IceServer[] {
    return this.relays.last;
  }

  /** The server gave relays. */
  servers(iceServers: IceServer[]): void {
    this.relays.take(iceServers);
  }

  /** Take a seat; one in another room is given up first. */
  join(purpose: PlacePurpose, talkId: string | null = null): void {
    const isSame = this.wish?.purpose === purpose && this.wish.talkId === talkId;
    if (isSame && (this.current === "in" || this.current === "joining" || this.current === "lost")) return;
    this.drop();
    this.wish = { purpose, talkId };
    this.failures = 0;
    void this.take();
  }

  /** Give the seat up; the server is told. */
  leave(): void {
    if (this.place !== null) this.parts.send({ type: "place.leave" }, "keep");
    this.close();
  }

  /** Nothing is sent or received any more; the server knows, or is told otherwise. */
  close(): void {
    this.wish = null;
    this.drop();
    this.become("out");
  }

  /** The page's line is open again: find the seat, or go on taking it. */
  lineOpened(): void {
    if (this.wish === null || this.current === "taken") return;
    if (this.place !== null) this.parts.send({ type: "place.resume", place_id: this.place, ref: "resume" });
    else void this.take();
  }

  /** Answers of the line that was lost do not come any more. */
  lineLost(): void {
    this.relays.giveUp();
    this.stop("answer");
  }

  /** The network is back, or another one: the old way is not waited for. */
  networkChanged(): void {
    if (this.current !== "in") return;
    void this.restartFeeds();
    this.received.restart();
  }

  /** Take in one frame; returns whether it was the seat's. */
  receive(message: SeatServerMessage | ErrorMessage): boolean {
    return message.type === "error" ? this.refused(message) : handle(this.handlers, message);
  }

  private get ref(): string {
    return `seat:${this.attempt}`;
  }

  private async take(): Promise<void> {
    const { wish } = this;
    if (wish === null) return;
    this.stop("join");
    this.attempt += 1;
    const { attempt } = this;
    this.become(this.current === "lost" ? "lost" : "joining");
    const servers = await this.relays.good();
    if (attempt !== this.attempt) return;
    const sdp = await this.feeds.offer(servers).catch(() => null);
    if (attempt !== this.attempt) return;
    if (sdp === null) {
      this.again();
      return;
    }
    const talk = wish.talkId === null ? {} : { talk_id: wish.talkId };
    // Without a line the next one brings it: see lineOpened.
    const isSent = this.parts.send({ type: "place.join", sdp, purpose: wish.purpose, ...talk, ref: this.ref });
    if (isSent) this.wait("answer", ANSWER_MS, () => this.again());
  }

  private async joined(message: Extract<SeatServerMessage, { type: "place.joined" }>): Promise<void> {
    const { attempt } = this;
    this.stop("answer");
    this.place = message.place_id;
    this.become("in");
    this.parts.onRoom(message.room);
    try {
      await this.feeds.joined(message.feed_id, message.sdp);
      if (attempt === this.attempt) await this.feeds.shareAgain(this.relays.last);
    } catch {
      if (attempt === this.attempt) this.again();
    }
  }

  private offered(message: ReceptionOffered): void {
    if (this.wish === null) return;
    if (message.ice_servers != null) this.relays.take(message.ice_servers);
    this.received.offered(message);
  }

  private cameraChanged(state: PublisherState): void {
    this.stop("feed");
    if (this.wish === null || this.place === null) return;
    if (state === "connected") this.failures = 0;
    else if (state === "interrupted") this.wait("feed", RESTART_AFTER_MS, () => void this.restartFeeds());
    else if (state === "failed") this.again();
  }

  private async restartFeeds(): Promise<void> {
    const { attempt } = this;
    const servers = await this.relays.good();
    if (attempt === this.attempt && this.place !== null) await this.feeds.restart(servers);
  }

  /** The word of a place before this one may come late. */
  private isOfPlace(placeId: string | undefined): boolean {
    return placeId === undefined || this.place === null || placeId === this.place;
  }

  private gone(reason: GoneReason): void {
    if (COMES_BACK.has(reason) && this.wish !== null) {
      this.again();
      return;
    }
    // The word of a place before this one may overtake the answer to the next join.
    if (reason === "replaced" && this.current === "joining") return;
    this.close();
    this.parts.onGone(reason);
  }

  private wasTaken(): void {
    const { wish } = this;
    this.drop();
    this.wish = wish;
    this.become("taken");
  }

  private refused({ ref, code, details }: ErrorMessage): boolean {
    if (ref === "servers") this.relays.giveUp();
    else if (ref === "screen") this.feeds.unshare();
    else if (ref === "resume") this.again();
    else if (ref === this.ref) this.notJoined(code, details ?? {});
    else return false;
    // Of a screen the person is told.
    return ref !== "screen";
  }

  private notJoined(code: string, details: Record<string, unknown>): void {
    this.stop("answer");
    if (LATER.has(code)) {
      this.again();
      return;
    }
    this.close();
    this.parts.onRefused(code, details);
  }

  /** The media are lost, or nobody answered: take the seat anew, and not all pages of a room in one instant. */
  private again(): void {
    const { wish } = this;
    if (wish === null) return;
    const before = this.current;
    this.drop(true);
    this.become(before === "joining" ? "joining" : "lost");
    const step = AGAIN_MS[Math.min(this.failures, AGAIN_MS.length - 1)] ?? 0;
    this.failures += 1;
    this.wait("join", step + (this.parts.random ?? Math.random)() * JITTER_MS, () => void this.take());
  }

  private drop(isToComeBack = false): void {
    this.attempt += 1;
    this.place = null;
    for (const name of this.timers.keys()) this.stop(name);
    if (isToComeBack) this.feeds.lose();
    else this.feeds.stop();
    this.received.close();
  }

  private wait(name: SeatTimer, ms: number, act: () => void): void {
    this.stop(name);
    this.timers.set(name, setTimeout(act, ms));
  }

  private stop(name: SeatTimer): void {
    clearTimeout(this.timers.get(name));
    this.timers.delete(name);
  }

  private become(state: SeatState): void {
    if (this.current === state) return;
    this.current = state;
    this.parts.onState(state);
  }
}
