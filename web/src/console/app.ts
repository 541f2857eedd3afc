/** The console: puts state, socket, pictures, map and views together, and draws them. */

import { html, render } from "lit-html";

import { ConsoleActs } from "./acts";
import type { Desk, PageData } from "./desk";
import { Fetching } from "./fetching";
import { FormKeeper } from "./formkeeper";
import { ConsoleLink } from "./link";
import { MapKeeper } from "./mapkeeper";
import { reduce } from "./reduce";
import type { Rest } from "./rest";
import { hearable, wantedStreams } from "./select";
import { loudest, newSignals } from "./signals";
import { Sounds } from "./sound";
import { initialState, serverNow, type Action, type ConsoleState, type Me } from "./state";
import { Store } from "./store";
import { escalationView } from "./views/attention";
import { coverView, headerView, noticesView } from "./views/header";
import { detailsView } from "./views/details";
import { enlargedView } from "./views/gallery";
import { handoverDialog } from "./views/handover";
import { newIncidentView } from "./views/newincident";
import { searchView } from "./views/search";
import { sessionListView } from "./views/sessionlist";
import { stageView } from "./views/stage";
import { wallView } from "./views/wall";
import { WatchPool } from "./watches";

/** Time between two drawings when nothing happens: ages count up, in ms. */
const TICK_MS = 500;
/** Time after which a mark on the session that is on the screen has been seen, in ms. */
const SEEN_MS = 8_000;
/** How long a page may wait for a frame before it is drawn without one. */
const LATEST_DRAW_MS = 250;

/** One console in one page. */
export class Console {
  private readonly store: Store<ConsoleState, Action>;
  private readonly link: ConsoleLink;
  private readonly pool: WatchPool;
  private readonly map: MapKeeper;
  private readonly sounds: Sounds;
  private readonly fetching: Fetching;
  private readonly forms: FormKeeper;
  private readonly acts: ConsoleActs;
  private shownSince = Date.now();
  private isDrawPending = false;

  constructor(
    private readonly host: HTMLElement,
    private readonly page: PageData,
    me: Me,
    private readonly rest: Rest,
  ) {
    const redraw = (): void => this.redraw();
    this.store = new Store(initialState(me), reduce);
    this.pool = new WatchPool((message) => this.link.send(message), redraw);
    this.link = new ConsoleLink(this.store, this.pool, (sessionId) => this.fetching.itemChanged(sessionId));
    this.map = new MapKeeper(this.store, page.mapTilesUrl);
    this.sounds = new Sounds(storageOrNull(), redraw);
    this.fetching = new Fetching(this.rest, redraw);
    this.forms = new FormKeeper(this.rest, this.fetching, redraw);
    const { store, link, pool, sounds, map, forms } = this;
    this.acts = new ConsoleActs({ store, link, rest, pool, sounds, map, forms, fetching: this.fetching, redraw });
  }

  /** Connects, listens and draws from now on. */
  start(): void {
    this.store.subscribe((after, before) => this.changed(after, before));
    document.addEventListener("keydown", (event) => this.shortcut(event));
    document.addEventListener("visibilitychange", () => (this.shownSince = Date.now()));
    for (const act of ["pointerdown", "keydown"]) {
      document.addEventListener(act, () => void this.sounds.wake(), { once: true, capture: true });
    }
    setInterval(() => this.tick(), TICK_MS);
    this.chooseFromAddress();
    this.link.start();
    void this.fetching.start();
    this.redraw();
  }

  /** Everything that follows from a change of state. */
  private changed(after: ConsoleState, before: ConsoleState): void {
    if (after.line !== before.line) this.lineChanged(after);
    if (after.chosenId !== before.chosenId) this.chosen(after.chosenId);
    const watched = ["sessions", "comingStreams", "chosenId", "mode"] as const;
    if (watched.some((part) => after[part] !== before[part])) this.pool.want(wantedStreams(after));
    const sound = loudest(hearable(newSignals(before, after), after, this.sounds.setting));
    if (sound !== null) this.sounds.play(sound);
    if (after.marks !== before.marks) showMarksInTitle(after);
    if (isDrawnAnew(after, before)) this.redraw();
  }

  private lineChanged(state: ConsoleState): void {
    if (state.line.state === "open") this.pool.lineOpened();
    else this.pool.lineLost();
  }

  /** Follows the chosen session, and keeps it in the address for a reload. */
  private chosen(sessionId: string | null): void {
    this.link.openSession(sessionId);
    history.replaceState(null, "", sessionId === null ? location.pathname : `#${sessionId}`);
    const hasPosition = sessionId !== null && this.store.state.sessions[sessionId]?.last_position != null;
    if (!hasPosition) this.map.fitAnew();
    this.acts.local({ endingId: null });
  }

  private chooseFromAddress(): void {
    const sessionId = location.hash.slice(1);
    if (/^[0-9a-f-]{36}$/.test(sessionId)) this.store.dispatch({ type: "choose", sessionId });
  }

  private tick(): void {
    const state = this.store.state;
    this.fetching.look(state, Date.now());
    this.noteSeen(state);
    this.redraw();
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
    if (!event.altKey || event.ctrlKey || event.metaKey || this.forms.form !== null) return;
    const acts: Record<string, () => void> = {
      KeyN: () => this.acts.newIncident(),
      KeyW: () => this.acts.setMode(this.store.state.mode === "wall" ? "session" : "wall"),
      KeyS: () => this.acts.openSearch(),
      KeyC: () => this.host.querySelector<HTMLElement>("#chat-input")?.focus(),
    };
    const act = acts[event.code];
    if (act === undefined) return;
    event.preventDefault();
    act();
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
      html`<div class="console mode-${state.mode} ${state.chosenId === null ? "" : "has-chosen"} ${state.isSynced ? "" : "is-stale"}">
        <div>${headerView(desk)} ${coverView(desk)}</div>
        <div class="columns">
          ${sessionListView(desk)}
          ${state.mode === "wall" ? wallView(desk) : [stageView(desk), detailsView(desk)]}
        </div>
        ${escalationView(desk)} ${noticesView(desk)} ${newIncidentView(desk)} ${enlargedView(desk)}
        ${handoverDialog(desk)} ${searchView(desk)}
      </div>`,
      this.host,
    );
    this.map.show(state);
    openDialog(this.host);
  }

  private desk(): Desk {
    const { state } = this.store;
    const at = Date.now();
    return {
      state, at, now: serverNow(state, at), shownSince: this.shownSince, page: this.page, fetched: this.fetching.fetched,
      local: this.acts.fields, form: this.forms.form, pool: this.pool, mapElement: this.map.element, acts: this.acts,
      sound: { setting: this.sounds.setting, isReady: this.sounds.isReady },
    };
  }
}

/** Parts of the state that are not drawn, or with the next tick only: they change with every frame of the line. */
const UNDRAWN: readonly string[] = ["lastDataAt", "clockOffset", "comingStreams"];

/** Whether a change shows. Drawing for one that does not takes time from the pictures. */
function isDrawnAnew(after: ConsoleState, before: ConsoleState): boolean {
  const parts = Object.keys(after) as (keyof ConsoleState)[];
  return parts.some((part) => after[part] !== before[part] && !UNDRAWN.includes(part));
}

/** A dialog that was just drawn is opened over the page. */
function openDialog(host: HTMLElement): void {
  for (const dialog of host.querySelectorAll("dialog")) if (!dialog.open) dialog.showModal();
}

/** The number of sessions with something new stands in the title, for those who look at another window. */
function showMarksInTitle(state: ConsoleState): void {
  const count = Object.keys(state.marks).length;
  document.title = count === 0 ? "Sightline" : `(${count}) Sightline`;
}

/** Local storage where the browser allows it. */
function storageOrNull(): Storage | null {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}
