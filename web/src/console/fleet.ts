/** The fleet in the console: aircraft, pilots and flights by REST, and how each flight's picture comes, kept up by the line. */

import type { ConsoleServerMessage, FeedView, FlightFeed, FlightRefused, Instant } from "../signalling/messages";
import type { Protocols } from "./feedwords";
import type { AircraftView, FleetRest, FlightView, PilotView } from "./fleetrest";
import { flightPhrase } from "./flightphrases";
import type { LinkPart } from "./link";
import { ApiError } from "./rest";
import { may, type Action, type ConsoleState } from "./state";
import type { Store } from "./store";
import { millis } from "./times";

/** Least time between two tries to read what could not be read, in ms. */
const AGAIN_MS = 4_000;
/** Answers that the next try would have, too. */
const FINAL: readonly number[] = [401, 403, 404];
const OPEN: readonly FlightView["state"][] = ["planned", "flying"];

/** A bridge that begins anew waits for a moment each time: only what has waited so long, in ms, is said to wait. */
const STEADY_MS = 10_000;

/** Time for which it is said that a sender was refused, in ms: who goes on trying is told of again before. */
const REFUSAL_MS = 60_000;

/** How a feed stood at that time. */
interface Told {
  at: Instant | null;
  feed: FeedView | null;
  /** How it stood in trouble, while after that it has done nothing but wait. */
  before: FeedView | null;
}

/** What is known of the fleet. Read while a flight is on the screen or the fleet is looked at, and not otherwise: each reading is audited. */
export class Fleet implements LinkPart {
  readonly topic = "flights";
  aircraft: readonly AircraftView[] = [];
  pilots: readonly PilotView[] = [];
  /** Whether the lists are there: they are read when somebody wants to see them. */
  listing: "none" | "loading" | "ready" | "failed" = "none";
  /** Why they are not. */
  failure = "";
  private flights: readonly FlightView[] = [];
  private readonly feeds = new Map<string, Told>();
  /** The newest sender of each flight that was refused. */
  private readonly refusals = new Map<string, Pick<FlightRefused, "at" | "reason">>();
  /** Feeds of which the line spoke since the reading began: its word is later. */
  private readonly heard = new Set<string>();
  private isWanted = false;
  private isReading = false;
  private readAt = 0;

  /** @param redraw draws the page with the next frame */
  constructor(
    private readonly store: Store<ConsoleState, Action>,
    private readonly rest: Pick<FleetRest, "aircraft" | "pilots" | "flights">,
    private readonly redraw: () => void,
  ) {
    store.subscribe((after, before) => {
      if (after.sessions !== before.sessions && standingOf(after) !== standingOf(before)) this.read();
    });
  }

  /** A flight by its session's id. */
  flightOf(sessionId: string): FlightView | undefined {
    return this.flights.find((one) => one.id === sessionId);
  }

  /** The flight of an aircraft that is planned or in the air. */
  openFlightOf(aircraftId: string): FlightView | undefined {
    return this.flights.find((one) => one.aircraft.id === aircraftId && OPEN.includes(one.state));
  }

  /** What a pilot has in the air. */
  flownBy(pilotId: string): FlightView | undefined {
    return this.flights.find((one) => one.pilot.id === pilotId && one.state === "flying");
  }

  /** How a flight's picture is bridged: null where it is not, undefined while that is not known. `now`: ms of the server's clock. */
  feedOf(sessionId: string, now: number): FeedView | null | undefined {
    const told = this.feeds.get(sessionId);
    if (told?.feed?.state !== "waiting" || told.before === null) return told?.feed;
    return now - (millis(told.feed.changed_at) ?? 0) < STEADY_MS ? told.before : told.feed;
  }

  /** The sender that was refused for a flight within the last minute. */
  refusalOf(sessionId: string, now: number): Pick<FlightRefused, "at" | "reason"> | null {
    const found = this.refusals.get(sessionId);
    return found !== undefined && now - (millis(found.at) ?? 0) < REFUSAL_MS ? found : null;
  }

  /** How an aircraft's picture may come; null while that is not known. */
  protocolsOf(aircraftId: string): Protocols {
    return this.aircraft.find((one) => one.id === aircraftId)?.protocols ?? null;
  }

  /** Reads the lists: what is shown of the fleet is of now. */
  open(): void {
    void this.list();
    this.read();
  }

  received(message: ConsoleServerMessage): boolean {
    // From here on the line tells every change: what was before is read once. The snapshot itself is another part's.
    if (message.type === "flights.snapshot") this.read();
    if (message.type === "flight.feed") this.told(message);
    else if (message.type === "flight.refused") this.refusals.set(message.session_id, message);
    else return false;
    this.redraw();
    return true;
  }

  refused(): boolean {
    return false;
  }

  /** The other part of this topic asks for its snapshot, which comes here, too. */
  missed(): void {
    this.isWanted = true;
  }

  /** Time goes by. */
  tick(at: number = Date.now()): void {
    if (this.isWanted && !this.isReading && at - this.readAt >= AGAIN_MS) this.read(at);
  }

  private told({ session_id: id, at, feed }: FlightFeed): void {
    const known = this.feeds.get(id);
    if (known?.at != null && known.at > at) return;
    this.feeds.set(id, { at, feed, before: beforeOf(feed, known) });
    this.heard.add(id);
  }

  /** Reads the flights, unless there is none that anybody could look at; one reading at a time, and the last word is read. */
  private read(at: number = Date.now()): void {
    const { state } = this.store;
    const isShown = this.listing !== "none" || Object.values(state.sessions).some((one) => one.kind === "flight");
    if (!may(state, "flight.view") || !isShown) return;
    this.isWanted = true;
    if (!this.isReading) void this.readFlights(at);
  }

  private async readFlights(at: number): Promise<void> {
    this.isReading = true;
    this.readAt = at;
    while (this.isWanted) {
      this.isWanted = false;
      this.heard.clear();
      try {
        const [flights, aircraft] = await Promise.all([this.rest.flights(), this.rest.aircraft()]);
        this.aircraft = aircraft;
        this.taken(flights);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        // What was known stands; where it may help, a tick tries again.
        this.isWanted = !FINAL.includes(error.status);
        break;
      }
    }
    this.isReading = false;
    this.redraw();
  }

  private taken(flights: readonly FlightView[]): void {
    this.flights = flights;
    const ids = new Set(flights.map((one) => one.id));
    for (const id of this.feeds.keys()) if (!ids.has(id) && !this.heard.has(id)) this.feeds.delete(id);
    for (const { id, feed } of flights) {
      if (!this.heard.has(id)) this.feeds.set(id, { at: feed?.changed_at ?? null, feed, before: beforeOf(feed, this.feeds.get(id)) });
    }
  }

  private async list(): Promise<void> {
    if (this.listing !== "ready") this.listing = "loading";
    try {
      [this.aircraft, this.pilots] = await Promise.all([this.rest.aircraft(), this.rest.pilots()]);
      this.listing = "ready";
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.failure = flightPhrase(error);
      this.listing = "failed";
    }
    this.redraw();
  }
}

function beforeOf(feed: FeedView | null, known: Told | undefined): FeedView | null {
  if (feed?.state === "paused" || feed?.state === "refused") return feed;
  return feed?.state === "waiting" ? (known?.before ?? null) : null;
}

/** What of the sessions says that a flight was planned, answered, launched or ended. */
function standingOf({ sessions }: ConsoleState): string {
  const flights = Object.values(sessions).filter((one) => one.kind === "flight");
  return flights.map((one) => `${one.id} ${one.state} ${one.risk?.outcome ?? ""}`).sort().join(",");
}
