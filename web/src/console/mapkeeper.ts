/** Keeps the map in step with the state: markers, trail, following. */

import { fixAge, freshnessOf, markerOpacity } from "../map/freshness";
import { FlightLayer } from "../map/flightlayer";
import { OfficerLayer } from "../map/officerlayer";
import { SituationMap, type MapContent, type Spot } from "../map/situation";
import type { Fix, SessionSummary } from "../signalling/messages";
import { shownTheme } from "./habits";
import { mappedSessions, shownIncident } from "./incidentstate";
import { chosenSession, hasEnded, isByOrder, isOnOne, sharerName, shortName } from "./select";
import { chosenShared } from "./sharedstate";
import { serverNow, type Action, type ConsoleState } from "./state";
import type { Store } from "./store";

/** The map's element and what is shown in it. The map itself is made when its element first has a size. */
export class MapKeeper {
  readonly element = document.createElement("div");
  /** Officers on duty, beneath the sessions. */
  readonly officers: OfficerLayer;
  /** What aircraft see, beneath the officers. */
  readonly flights = new FlightLayer();
  /** A place was clicked where nothing stands: degrees WGS 84. */
  onPlace: (latitude: number, longitude: number) => void = () => undefined;
  /** Whom else "all positions" means. */
  alsoPlaced: () => readonly Spot[] = () => [];
  private map: SituationMap | null = null;
  private followed: { sessionId: string; fixedAt: string } | null = null;
  private hasFitted = false;
  private look = "";

  constructor(private readonly store: Store<ConsoleState, Action>, private readonly tilesUrl: string, onOfficer: (id: string) => void) {
    this.officers = new OfficerLayer(onOfficer, () => this.store.dispatch({ type: "follow", on: false }));
    this.element.className = "map";
    this.element.id = "map";
    this.element.setAttribute("role", "group");
    this.element.tabIndex = 0;
    this.element.dataset.testid = "map";
    this.element.setAttribute("aria-label", "Map of positions. Arrow keys move it, plus and minus zoom.");
    new ResizeObserver(() => this.resized()).observe(this.element);
  }

  /** Shows the state as it is now. */
  show(state: ConsoleState): void {
    if (this.map === null) return;
    const markers = markersOf(state);
    const content: MapContent = {
      markers,
      trail: trailOf(state),
      now: serverNow(state),
      theme: shownTheme(state),
    };
    this.draw(this.map, content);
    const fixes = markers.map(({ fix }) => fix);
    this.follow(state);
    this.fitOnce(state, fixes);
    this.keepAll(this.map, state, fixes);
  }

  /** Draws the map anew only where it would look different: it costs more than all the rest of the page. */
  private draw(map: SituationMap, content: MapContent): void {
    const look = lookOf(content);
    if (look === this.look) return;
    this.look = look;
    map.show(content);
  }

  /** Shows all positions. */
  fit(): void {
    this.map?.fit([...markersOf(this.store.state).map(({ fix }) => fix), ...this.alsoPlaced()]);
  }

  /** The middle of what is shown, in degrees; null while there is no map. */
  middle(): { latitude: number; longitude: number } | null {
    return this.map?.middle() ?? null;
  }

  /** Steps the zoom in (1) or out (-1). */
  zoom(direction: 1 | -1): void {
    this.map?.zoom(direction);
  }

  /** All positions are shown again with the next drawing. */
  fitAnew(): void {
    this.hasFitted = false;
  }

  /** The next fix is brought to the middle even if it is the one that was followed last. */
  followAnew(): void {
    this.followed = null;
  }

  private resized(): void {
    if (this.element.clientWidth === 0 || this.element.clientHeight === 0) return;
    this.map ??= new SituationMap(this.element, this.tilesUrl, {
      onChoose: (sessionId) => {
        if (sessionId in this.store.state.sessions) this.store.dispatch({ type: "choose", sessionId });
      },
      onMoved: () => this.store.dispatch({ type: "follow", on: false }),
      onTileFailure: () => this.store.dispatch({ type: "tiles.failed" }),
      onPlace: (latitude, longitude) => this.onPlace(latitude, longitude),
    }, [this.flights, this.officers]);
    this.map.resized();
    // Before anything is known all of Great Britain stands in the box, whatever its shape is by now.
    if (!this.hasFitted && this.store.state.isFollowing) this.map.fit([]);
    this.show(this.store.state);
  }

  /** Keeps the chosen caller in the middle while following is on and one session is shown. */
  private follow(state: ConsoleState): void {
    const chosen = chosenPlace(state);
    if (chosen === null || state.mode !== "session" || !state.isFollowing) return;
    const { id, fix } = chosen;
    if (this.followed?.sessionId === id && this.followed.fixedAt === fix.fixed_at) return;
    this.map?.follow(fix, this.followed?.sessionId !== id);
    this.followed = { sessionId: id, fixedAt: fix.fixed_at };
    this.hasFitted = true;
  }

  /** With nobody to follow every position stays in view, until the operator moves the map by hand. */
  private keepAll(map: SituationMap, state: ConsoleState, fixes: readonly Fix[]): void {
    if (isOnOne(state)) return;
    this.followed = null;
    if (state.isFollowing && fixes.length > 0 && !map.holds(fixes)) map.fit(fixes);
  }

  /** Until one is followed, the map shows all positions. */
  private fitOnce(state: ConsoleState, fixes: readonly Fix[]): void {
    if (this.hasFitted || fixes.length === 0 || !state.isSynced) return;
    this.hasFitted = true;
    // The map may just have been moved to another place of the page.
    this.map?.resized();
    this.map?.fit(fixes);
  }
}

/** Every session with a position, and what another force shares where that is shown. */
function markersOf(state: ConsoleState): MapContent["markers"] {
  const only = shownIncident(state);
  const own = mappedSessions(state).map(({ session, fix }) => ({
    sessionId: session.id, label: markerName(session), fix, kind: session.kind,
    isChosen: session.id === state.chosenId, hasEnded: hasEnded(session),
  }));
  const shared = only === null ? chosenShared(state.shared) : null;
  return shared?.position == null ? own : [...own, {
    sessionId: shared.id, label: shared.reference, fix: shared.position, kind: shared.kind,
    isChosen: true, hasEnded: shared.end !== null,
  }];
}

/** The way of the chosen session; beside a whole incident there is room for places only. */
function trailOf(state: ConsoleState): readonly Fix[] {
  if (state.chosenId === null || state.mode === "incident") return [];
  return state.details[state.chosenId]?.positions ?? [];
}

/** The position of what is shown alone: of a session, or of what another force shares. */
function chosenPlace(state: ConsoleState): { id: string; fix: Fix } | null {
  const session = chosenSession(state);
  const shared = chosenShared(state.shared);
  const fix = session === null ? (shared?.position ?? null) : session.last_position;
  const id = session?.id ?? shared?.id;
  return id === undefined || fix === null ? null : { id, fix };
}

/** Beside its mark: an officer's own name, or an aircraft's, for several may be at one incident. */
function markerName(session: SessionSummary): string {
  return isByOrder(session) ? `${sharerName(session)}, ${shortName(session)}` : shortName(session);
}

/** Everything that the map's markers and trail look like, as one text; equal texts are equal pictures. */
function lookOf({ markers, trail, now, theme }: MapContent): string {
  const looks = markers.map(({ sessionId, label, fix, isChosen, hasEnded }) => {
    const age = fixAge(fix, now);
    const shade = hasEnded ? "ended" : `${freshnessOf(age)} ${markerOpacity(age).toFixed(2)}`;
    return [sessionId, label, fix.fixed_at, fix.received_at, isChosen, shade].join(" ");
  });
  return [theme, ...looks, `${trail.length} ${trail.at(-1)?.fixed_at ?? ""}`].join("\n");
}
