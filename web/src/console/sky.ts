/** Aircraft in the air: followed while the line stands, drawn at most four times a second, and asked what they see. */

import type { FlightsOnMap } from "../map/flightlayer";
import type { PicturePlace } from "../map/pictureplace";
import type { ConsoleClientMessage, ConsoleServerMessage, FlightNow, Instant, Seqs } from "../signalling/messages";
import type { FlightRest, GroundAnswer, InViewAnswer } from "./flightrest";
import { groundPlace, groundWords, inViewWords } from "./flightwords";
import { shownTheme } from "./habits";
import { shownIncident } from "./incidentstate";
import type { LinkPart } from "./link";
import { errorPhrase } from "./phrases";
import { Replay } from "./replay";
import { ApiError } from "./rest";
import { hasEnded } from "./select";
import { may, serverNow, type Action, type ConsoleState } from "./state";
import type { Store } from "./store";

/** Least time between two drawings, in ms. */
const DRAW_MS = 250;
/** Age makes an outline old also when nothing moves: time until it is drawn anew, in ms. */
const AGEING_MS = 2_000;
const REF = "flights";

/** One question about what a camera sees, and what came of it. */
export interface Asked {
  sessionId: string;
  /** In the picture; null while it is not known, or for what is not in it. */
  place: PicturePlace | null;
  /** On the ground; null while it is not known. */
  ground: { latitude: number; longitude: number } | null;
  words: string;
  /** What is copied; "" for nothing. */
  copies: string;
  isPending: boolean;
}

/** When a picture was taken; unsure while nobody measures its way from the camera. */
export interface Taken {
  at: Instant;
  isSure: boolean;
}

/** The line to the server, as far as it is needed. */
export interface SkyLine {
  send(message: ConsoleClientMessage): boolean;
  rebase(seqs: Seqs): void;
}

/** The map, as far as it is needed. */
export interface SkyMap {
  show(content: FlightsOnMap | null): void;
  middle(): { latitude: number; longitude: number } | null;
}

/** What is known of aircraft, and asked about them. */
export class Sky implements LinkPart {
  readonly topic = "flights";
  /** The newest question; the one before is gone. */
  asked: Asked | null = null;
  private readonly flights = new Map<string, FlightNow>();
  private readonly doubts = new Map<string, readonly string[]>();
  private readonly replay: Replay;
  /** What was seen at the moment of a recording that is played. */
  private played: FlightNow | null = null;
  private isFollowed = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private drawnAt = 0;

  /** @param redraw draws the page with the next frame */
  constructor(
    private readonly store: Store<ConsoleState, Action>,
    private readonly line: SkyLine,
    private readonly map: SkyMap,
    private readonly rest: Pick<FlightRest, "ground" | "inView" | "track">,
    private readonly redraw: () => void,
  ) {
    this.replay = new Replay((sessionId, after) => this.rest.track(sessionId, after));
    store.subscribe((after, before) => {
      if (after.isSynced !== before.isSynced) this.synced(after.isSynced);
      if (after.chosenId !== before.chosenId) this.left();
      if (after.sessions !== before.sessions) this.schedule();
    });
  }

  /** What an aircraft said last; null before it said anything, or when its flight is over. */
  newest(sessionId: string): FlightNow | null {
    return this.flights.get(sessionId) ?? null;
  }

  /** Why the last that an aircraft said is not believed. */
  doubtsOf(sessionId: string): readonly string[] {
    return this.doubts.get(sessionId) ?? [];
  }

  received(message: ConsoleServerMessage): boolean {
    if (message.type === "flights.snapshot") this.taken(message.flights, message.seqs);
    else if (message.type === "flights.moved") message.flights.forEach((flight) => this.moved(flight));
    else if (message.type === "flight.doubtful") this.doubts.set(message.session_id, message.reasons);
    else return false;
    this.schedule();
    return true;
  }

  /** Without it the console is what it was: nothing is said of aircraft. */
  refused(ref: string): boolean {
    return ref === REF;
  }

  missed(): void {
    this.follow();
  }

  /** Time goes by. */
  tick(): void {
    if (this.flights.size > 0 && Date.now() - this.drawnAt >= AGEING_MS) this.schedule();
  }

  /** What ground lies under a place in the picture, which was taken at that time. */
  async askGround(sessionId: string, place: PicturePlace, taken: Taken): Promise<void> {
    const asked = this.ask({ sessionId, place, ground: null });
    await this.answer(asked, () => this.rest.ground(sessionId, place, taken.at), (answer: GroundAnswer) => {
      asked.words = groundWords(answer) + (taken.isSure || answer.miss !== null ? "" : "; how old the picture is is not known");
      asked.copies = groundPlace(answer);
      if (answer.latitude !== null && answer.longitude !== null) asked.ground = { latitude: answer.latitude, longitude: answer.longitude };
    });
  }

  /** Whether a place on the ground is in the picture. */
  async askInView(sessionId: string, ground: { latitude: number; longitude: number }, taken: Taken): Promise<void> {
    const asked = this.ask({ sessionId, place: null, ground });
    await this.answer(asked, () => this.rest.inView(sessionId, ground.latitude, ground.longitude, taken.at), (answer: InViewAnswer) => {
      asked.words = inViewWords(answer);
      if (answer.across !== null && answer.down !== null) asked.place = { across: answer.across, down: answer.down };
    });
  }

  /** Whether the middle of the map is in the picture. */
  async askMiddle(sessionId: string, taken: Taken): Promise<void> {
    const middle = this.map.middle();
    if (middle !== null) await this.askInView(sessionId, middle, taken);
  }

  /** A recording of a flight is played, and has come to that moment (ms since 1970). */
  play(sessionId: string, at: number): void {
    this.played = this.replay.pointOf(sessionId, at);
    this.schedule();
  }

  /** The answer has been read. */
  close(): void {
    if (this.asked === null) return;
    this.asked = null;
    this.redraw();
    this.schedule();
  }

  /** Another session is on the screen: nothing that was asked or played is of it. */
  private left(): void {
    this.played = null;
    this.close();
    this.schedule();
  }

  private ask(about: Pick<Asked, "sessionId" | "place" | "ground">): Asked {
    const asked = { ...about, words: "Looking…", copies: "", isPending: true };
    this.asked = asked;
    this.redraw();
    return asked;
  }

  /** A later question has taken the place of this one: its answer is nobody's. */
  private async answer<T>(asked: Asked, call: () => Promise<T>, take: (answer: T) => void): Promise<void> {
    try {
      take(await call());
    } catch (error) {
      asked.words = error instanceof ApiError ? errorPhrase(error.code, error.message) : errorPhrase("server", "");
    }
    asked.isPending = false;
    if (this.asked !== asked) return;
    this.redraw();
    this.schedule();
  }

  private taken(flights: readonly FlightNow[], seqs: Seqs): void {
    this.flights.clear();
    this.doubts.clear();
    flights.forEach((flight) => this.moved(flight));
    this.line.rebase(seqs);
    this.isFollowed = true;
  }

  private moved(flight: FlightNow): void {
    const known = this.flights.get(flight.session_id);
    if (known !== undefined && known.fixed_at >= flight.fixed_at) return;
    this.flights.set(flight.session_id, flight);
    this.doubts.set(flight.session_id, flight.doubts);
  }

  private synced(isSynced: boolean): void {
    if (isSynced) this.follow();
    else this.isFollowed = false;
    this.schedule();
  }

  private follow(): void {
    if (may(this.store.state, "session.view") || may(this.store.state, "stream.watch")) this.line.send({ type: "flights.follow", ref: REF });
  }

  private schedule(): void {
    this.timer ??= setTimeout(() => this.draw(), Math.max(0, this.drawnAt + DRAW_MS - Date.now()));
  }

  private draw(): void {
    this.timer = undefined;
    this.drawnAt = Date.now();
    const { state } = this.store;
    for (const sessionId of this.flights.keys()) {
      const session = state.sessions[sessionId];
      if (session === undefined || hasEnded(session)) this.forget(sessionId);
    }
    const only = shownIncident(state);
    const flights = [...this.flights.values()].filter(({ session_id: id }) => only === null || state.sessions[id]?.incident.id === only);
    const { asked } = this;
    const point = asked?.ground == null ? null : { ...asked.ground, label: asked.isPending ? "" : asked.copies === "" ? asked.words : asked.copies };
    this.map.show({
      flights: [...flights, ...(this.played === null ? [] : [this.played])], chosenId: state.chosenId, now: serverNow(state),
      theme: shownTheme(state), isOld: !this.isFollowed, point,
    });
  }

  private forget(sessionId: string): void {
    this.flights.delete(sessionId);
    this.doubts.delete(sessionId);
  }
}
