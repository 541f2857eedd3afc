/** The console: puts state, socket, pictures, map and views together, and draws them. */

import { html, render } from "lit-html";

import { ConsoleActs } from "./acts";
import type { Desk, PageData } from "./desk";
import { DutyBoard } from "./dutyboard";
import { Fetching } from "./fetching";
import { Fleet } from "./fleet";
import { FleetRest } from "./fleetrest";
import { FlightKeeper } from "./flightkeeper";
import { FlightRest } from "./flightrest";
import { FormKeeper } from "./formkeeper";
import { DialogFocus, firstState, followTheme, isWallWindow, keepHabits, storageOrNull, titleOf, wordsOf } from "./habits";
import { keyAct } from "./keyboard";
import { ConsoleLink } from "./link";
import { IncidentKeeper } from "./incidentkeeper";
import { IncidentRest } from "./incidentrest";
import { shownIncident } from "./incidentstate";
import { MapKeeper } from "./mapkeeper";
import { reduce } from "./reduce";
import type { Rest } from "./rest";
import { press } from "./pressing";
import { chosenSession, hasEnded, hearable } from "./select";
import { loudest, newSignals } from "./signals";
import { Sky } from "./sky";
import { Sounds } from "./sound";
import { serverNow, type Action, type ConsoleState, type Me } from "./state";
import { holdPresses, type SteadyPress } from "./steadypress";
import { Store } from "./store";
import { Talking } from "./talking";
import { escalationView } from "./views/attention";
import { dialogsView } from "./views/dialogs";
import { coverView, headerView, noticesView, saidView } from "./views/header";
import { takenAt } from "./views/flight";
import { skipView } from "./views/keys";
import { middleView } from "./views/middle";
import { sessionListView } from "./views/sessionlist";
import { wantedStreams } from "./wanted";
import { WatchPool } from "./watches";

/** Time between two drawings when nothing happens: ages count up, in ms. */
const TICK_MS = 500;
/** Time after which a mark on the session that is on the screen has been seen, in ms. */
const SEEN_MS = 8_000;
/** Time between two looks at how long pictures are on their way, in ms. */
const MEASURE_MS = 2_000;
/** Before the id of an incident in the address. */
const INCIDENT_PLACE = "incident-";
/** How long a page may wait for a frame before it is drawn without one. */
const LATEST_DRAW_MS = 250;

/** One console in one page. */
export class Console {
  private readonly store: Store<ConsoleState, Action>;
  private readonly link: ConsoleLink;
  private readonly pool: WatchPool;
  private readonly map: MapKeeper;
  private readonly officers: DutyBoard;
  private readonly sky: Sky;
  private readonly fleet: Fleet;
  private readonly flights: FlightKeeper;
  private readonly talk: Talking;
  private readonly sounds: Sounds;
  private readonly fetching: Fetching;
  private readonly forms: FormKeeper;
  private readonly acts: ConsoleActs;
  private readonly incidents: IncidentKeeper;
  private readonly dialogs = new DialogFocus();
  private readonly steady: SteadyPress;
  /** Sessions that were announced as watched by nobody. */
  private shownSince = Date.now();
  private isDrawPending = false;

  constructor(
    private readonly host: HTMLElement,
    private readonly page: PageData,
    me: Me,
    private readonly rest: Rest,
  ) {
    const redraw = (): void => this.redraw();
    this.steady = holdPresses(host, () => this.sayOnScreen("The list had just moved. Press again."));
    this.store = new Store(firstState(me), reduce);
    this.pool = new WatchPool((message) => this.link.send(message), redraw);
    this.link = new ConsoleLink(this.store, this.pool, (sessionId) => this.fetching.itemChanged(sessionId));
    this.map = new MapKeeper(this.store, page.mapTilesUrl, (id) => this.officers.choose(id, false));
    this.officers = new DutyBoard(this.store, this.link, this.map.officers, {
      redraw, fit: () => this.map.fit(), hasMap: () => this.map.element.isConnected,
    });
    this.map.alsoPlaced = () => this.officers.fixes();
    this.link.join(this.officers);
    const fleetRest = new FleetRest(rest);
    this.fleet = new Fleet(this.store, fleetRest, redraw);
    this.flights = new FlightKeeper(fleetRest, this.fleet, redraw);
    this.link.join(this.fleet);
    this.sky = new Sky(this.store, this.link, {
      show: (content) => this.map.flights.show(content), middle: () => this.map.middle(),
    }, new FlightRest(rest), redraw);
    this.link.join(this.sky);
    this.map.onPlace = (latitude, longitude) => this.placeClicked(latitude, longitude);
    this.talk = new Talking({ send: (message) => this.link.send(message), redraw });
    this.link.join(this.talk);
    this.sounds = new Sounds(storageOrNull("localStorage"), redraw, () => this.store.state.preferences);
    this.fetching = new Fetching(this.rest, redraw);
    this.forms = new FormKeeper(this.rest, this.fetching, redraw);
    const incidentRest = new IncidentRest(rest);
    this.incidents = new IncidentKeeper(incidentRest, this.store);
    const { store, link, pool, sounds, map, forms, fetching, incidents, talk, fleet, flights } = this;
    this.acts = new ConsoleActs({ store, link, rest, pool, sounds, map, forms, fetching, incidents, incidentRest, talk, fleet, fleetRest, flights, redraw });
  }

  /** Connects, listens and draws from now on. */
  start(): void {
    this.store.subscribe((after, before) => this.changed(after, before));
    document.addEventListener("keydown", (event) => this.shortcut(event));
    document.addEventListener("keyup", ({ key }) => { if (key.toLowerCase() === "v") this.talk.release(); });
    window.addEventListener("blur", () => this.talk.release());
    document.addEventListener("visibilitychange", () => (this.shownSince = Date.now()));
    for (const act of ["pointerdown", "keydown"]) {
      document.addEventListener(act, () => void this.sounds.wake(), { once: true, capture: true });
    }
    followTheme(() => this.store.state);
    setInterval(() => this.tick(), TICK_MS);
    setInterval(() => this.pool.measure(), MEASURE_MS);
    this.chooseFromAddress();
    this.link.start();
    void this.fetching.start();
    this.redraw();
  }

  /** Everything that follows from a change of state. */
  private changed(after: ConsoleState, before: ConsoleState): void {
    if (after.line !== before.line) this.lineChanged(after);
    if (after.chosenId !== before.chosenId) this.chosen(after.chosenId);
    if (after.chosenId !== before.chosenId || after.mode !== before.mode) this.talk.shown(after.mode === "session" ? after.chosenId : null);
    if (after.shared.chosenId !== before.shared.chosenId) this.link.openShared(after.shared.chosenId);
    if (shownIncident(after) !== shownIncident(before)) this.incidentShown(shownIncident(after));
    const watched = ["sessions", "comingStreams", "chosenId", "mode", "preferences", "shared", "incident"] as const;
    if (watched.some((part) => after[part] !== before[part])) this.pool.want(wantedStreams(after));
    if (after.marks !== before.marks) this.signal(after, before);
    keepHabits(after, before);
    if (isDrawnAnew(after, before)) this.redraw();
  }

  /** What happened is heard, said, and stands in the title. */
  private signal(after: ConsoleState, before: ConsoleState): void {
    const signals = newSignals(before, after);
    const sound = loudest(hearable(signals, after, this.sounds.setting));
    if (sound !== null) this.sounds.play(sound);
    document.title = titleOf(after);
    const words = wordsOf(signals, after.sessions);
    if (words.polite !== undefined || words.urgent !== undefined) this.store.dispatch({ type: "say", ...words });
  }

  private lineChanged(state: ConsoleState): void {
    if (state.line.state === "open") {
      this.pool.lineOpened();
      return;
    }
    this.pool.lineLost();
    this.talk.lineLost();
  }

  /** Follows the chosen session, and keeps it in the address for a reload. */
  private chosen(sessionId: string | null): void {
    this.link.openSession(sessionId);
    if (shownIncident(this.store.state) === null) keepPlace(sessionId);
    const hasPosition = sessionId !== null && this.store.state.sessions[sessionId]?.last_position != null;
    if (!hasPosition) this.map.fitAnew();
    this.acts.local({ endingId: null });
  }

  /** Follows the incident that is shown, and keeps it in the address; beside it the chosen session's comes back. */
  private incidentShown(incidentId: string | null): void {
    this.link.openIncident(incidentId);
    const { chosenId } = this.store.state;
    const place = incidentId === null ? chosenId : INCIDENT_PLACE + incidentId;
    keepPlace(place);
  }

  private chooseFromAddress(): void {
    const sessionId = location.hash.slice(1);
    const incidentId = sessionId.startsWith(INCIDENT_PLACE) ? sessionId.slice(INCIDENT_PLACE.length) : "";
    if (/^[0-9a-f-]{36}$/.test(incidentId)) this.acts.openIncident(incidentId);
    if (/^[0-9a-f-]{36}$/.test(sessionId)) this.store.dispatch({ type: "choose", sessionId });
  }

  private tick(): void {
    const state = this.store.state;
    this.fetching.look(state, Date.now());
    this.acts.lookAgain(Date.now());
    this.incidents.look(state, Date.now());
    this.noteSeen(state);
    this.officers.tick();
    this.sky.tick();
    this.fleet.tick();
    this.redraw();
  }

  /** Beside a drone's picture a click on the map asks whether that place is in it. */
  private placeClicked(latitude: number, longitude: number): void {
    const { state } = this.store;
    const session = chosenSession(state);
    if (state.mode !== "session" || session?.kind !== "flight" || hasEnded(session)) return;
    void this.sky.askInView(session.id, { latitude, longitude }, takenAt(this.desk(), session));
  }

  /** Marks of the session on the screen go out by themselves after a while. */
  private noteSeen(state: ConsoleState): void {
    if (state.chosenId === null || state.mode !== "session" || document.hidden) return;
    const oldest = state.marks[state.chosenId]?.[0];
    if (oldest !== undefined && serverNow(state) - oldest.at > SEEN_MS) {
      this.store.dispatch({ type: "seen", sessionId: state.chosenId });
    }
  }

  private shortcut(event: KeyboardEvent): void {
    if (this.forms.form !== null || this.flights.form !== null) return;
    const act = keyAct(event, this.store.state.preferences.singleKeys);
    if (act === null) return;
    event.preventDefault();
    if (act !== "talk" || !event.repeat) press(act, this.store.state, this.acts);
  }

  private sayOnScreen(text: string): void {
    this.store.dispatch({ type: "notice", tone: "error", text, sessionId: null, at: Date.now() });
  }

  /** Draws once per frame at most; a browser that holds frames back (hidden, covered, busy) must not keep an old page. */
  private redraw(): void {
    if (this.isDrawPending) return;
    this.isDrawPending = true;
    let isDrawn = false;
    const draw = (): void => {
      if (isDrawn) return;
      isDrawn = true;
      clearTimeout(timer);
      this.isDrawPending = false;
      this.draw();
    };
    const timer = setTimeout(draw, LATEST_DRAW_MS);
    requestAnimationFrame(draw);
  }

  private draw(): void {
    const desk = this.desk();
    const { state } = desk;
    render(
      html`<div class="console mode-${state.mode} ${isWallWindow() ? "wall-window" : ""} ${state.chosenId === null && state.shared.chosenId === null ? "" : "has-chosen"} ${state.isSynced ? "" : "is-stale"}">
        <div>${skipView(desk)} ${headerView(desk)} ${escalationView(desk)} ${coverView(desk)} ${saidView(desk)}</div>
        <div class="columns">
          ${sessionListView(desk)}
          ${middleView(desk)}
        </div>
        ${noticesView(desk)} ${dialogsView(desk)}
      </div>`,
      this.host,
    );
    this.pool.playOn();
    this.steady.drawn();
    this.map.show(state);
    this.dialogs.follow(this.host);
  }

  private desk(): Desk {
    const { state } = this.store;
    const at = Date.now();
    return {
      state, at, now: serverNow(state, at), shownSince: this.shownSince, page: this.page, fetched: this.fetching.fetched,
      local: this.acts.fields, form: this.forms.form, pool: this.pool, officers: this.officers, mapElement: this.map.element, acts: this.acts, talk: this.talk, sky: this.sky,
      fleet: this.fleet, flight: this.flights.form,
      sound: { setting: this.sounds.setting, isReady: this.sounds.isReady },
    };
  }
}

/** Keeps in the address what is shown, for a reload. */
function keepPlace(place: string | null): void {
  history.replaceState(null, "", place === null ? location.pathname + location.search : `#${place}`);
}

/** Parts of the state that are not drawn, or with the next tick only: they change with every frame of the line. */
const UNDRAWN: readonly string[] = ["lastDataAt", "clockOffset", "comingStreams"];

/** Whether a change shows. Drawing for one that does not takes time from the pictures. */
function isDrawnAnew(after: ConsoleState, before: ConsoleState): boolean {
  const parts = Object.keys(after) as (keyof ConsoleState)[];
  return parts.some((part) => after[part] !== before[part] && !UNDRAWN.includes(part));
}
