/** Drones that are shown to an officer: where they are by the second, and the map of the one that is watched. */

import { html, nothing, type TemplateResult } from "lit-html";

import { flightFacts } from "../console/flightwords";
import { duration } from "../console/times";
import type { Fix, FlightNow, ShownPicture } from "../signalling/messages";
import type { FlownMap, SkyMap } from "./skymap";

/** Telemetry that is older, in seconds, is marked. */
const QUIET_S = 5;
/** As many places of the way as the server gives. */
const TRAIL_LENGTH = 120;
/** How sure the place of an aircraft is taken to be, in metres, as the server takes it. */
const SURE_M = 4;

interface Flown {
  flight: FlightNow;
  trail: Fix[];
}

/** For tests: another map in the place of the real one. */
export type LoadMap = (element: HTMLElement) => Promise<Pick<SkyMap, "show" | "dispose">>;

async function loadMap(element: HTMLElement): Promise<SkyMap> {
  const { SkyMap } = await import("./skymap");
  return new SkyMap(element, document.getElementById("officer")?.dataset.mapTilesUrl ?? "");
}

/** What is known of them, and the map. */
export class FlownDrones {
  readonly element = document.createElement("div");
  private readonly known = new Map<string, Flown>();
  private map: Pick<SkyMap, "show" | "dispose"> | null = null;
  private isWanted = false;
  private hasFailed = false;

  constructor(private readonly redraw: () => void, private readonly load: LoadMap = loadMap) {
    this.element.className = "map";
    this.element.dataset.testid = "flown-map";
  }

  /** The server's whole state: what it knows is newer, or as new. */
  stateTaken(pictures: readonly ShownPicture[]): void {
    this.known.clear();
    for (const { session_id: id, flight, trail } of pictures) {
      if (flight !== null) this.known.set(id, { flight, trail: [...trail] });
    }
  }

  moved(flights: readonly FlightNow[]): void {
    for (const flight of flights) {
      const before = this.known.get(flight.session_id);
      if (before !== undefined && before.flight.fixed_at >= flight.fixed_at) continue;
      const trail = [...(before?.trail ?? []), fixOf(flight)].slice(-TRAIL_LENGTH);
      this.known.set(flight.session_id, { flight, trail });
    }
  }

  newest(sessionId: string): FlightNow | null {
    return this.known.get(sessionId)?.flight ?? null;
  }

  /** Under the picture of a drone: how it flies, how old that is, and the map. */
  view({ session_id: id, kind }: ShownPicture, now: number): TemplateResult | typeof nothing {
    const flown = this.known.get(id);
    if (kind !== "flight" || flown === undefined) return nothing;
    const age = Math.max(0, (now - Date.parse(flown.flight.fixed_at)) / 1000);
    const facts = flightFacts(flown.flight).map(([name, words]) => `${name} ${words}`).join(" · ");
    return html`<p class="card-place ${age > QUIET_S ? "age-stale" : ""}" data-testid="flown-facts">${facts} (${age < 2 ? "now" : `${duration(age)} ago`})</p>
      ${this.hasFailed ? html`<p class="card-facts" role="status">The map could not be loaded.</p>` : html`<div class="flown-map">${this.element}</div>`}`;
  }

  /** Shows what is watched on the map; null: nothing is, and the map goes. */
  draw(open: ShownPicture | null, now: number, isOld: boolean): void {
    const flown = open === null ? undefined : this.known.get(open.session_id);
    if (open === null || flown === undefined) {
      this.letGo();
      return;
    }
    if (!this.isWanted) void this.begin();
    const shown: FlownMap = { ...flown, label: open.source?.name ?? "", now, isOld };
    this.map?.show(shown);
  }

  private letGo(): void {
    this.map?.dispose();
    this.map = null;
    this.isWanted = false;
  }

  private async begin(): Promise<void> {
    const isWanted = (): boolean => this.isWanted;
    this.isWanted = true;
    try {
      const map = await this.load(this.element);
      if (isWanted()) this.map = map;
      else map.dispose();
    } catch {
      this.hasFailed = true;
    }
    this.redraw();
  }
}

/** The place of an aircraft as a fix; its grid is the server's matter. */
function fixOf({ latitude, longitude, altitude_m, heading_deg, speed_mps, fixed_at, received_at }: FlightNow): Fix {
  return { latitude, longitude, accuracy_m: SURE_M, altitude_m, heading_deg, speed_mps, fixed_at, received_at, easting: null, northing: null, grid_reference: null };
}
