/** The fleet: aircraft in service, what each is flying and how its picture comes, and who may fly. */

import { html, nothing, type TemplateResult } from "lit-html";

import type { Desk } from "../desk";
import type { AircraftView, FlightView, PilotView } from "../fleetrest";
import { basisWords } from "../flightphrases";
import { shownIncident } from "../incidentstate";
import type { FlightIncident } from "../flightform";
import { chosenSession } from "../select";
import { may } from "../state";
import { clockWithDay } from "../times";
import { feedView } from "./feed";
import { icon } from "./icons";

/** The dialog. */
export function fleetView(desk: Desk): TemplateResult | typeof nothing {
  if (!desk.local.isFleetOpen) return nothing;
  const close = (): void => desk.acts.closeFleet();
  return html`<dialog class="sheet small-sheet fleet" aria-labelledby="fleet-title" data-testid="fleet-dialog"
    @cancel=${(event: Event) => { event.preventDefault(); close(); }}>
    <header class="sheet-head"><h2 id="fleet-title">Drones</h2><span class="spacer"></span>
      <button type="button" class="icon-button" aria-label="Close" title="Close" data-testid="close-fleet" @click=${close}>${icon("close")}</button></header>
    <div class="small-sheet-body" tabindex="0" role="group" aria-label="Fleet">${listsView(desk)}</div>
  </dialog>`;
}

function listsView(desk: Desk): TemplateResult {
  const { fleet } = desk;
  if (fleet.listing === "failed") {
    return html`<p class="failure" role="alert" data-testid="fleet-failure">${fleet.failure}</p>
      <div class="button-row"><button type="button" class="button small" @click=${() => desk.acts.openFleet()}>Try again</button></div>`;
  }
  if (fleet.listing !== "ready") return html`<p class="none" role="status"><span class="spinner"></span>Fetching the fleet</p>`;
  return html`<h3 id="fleet-aircraft">Aircraft in service</h3>
    ${fleet.aircraft.length === 0 ? html`<p class="none">None. The force admin enters them.</p>` : nothing}
    <ul class="fleet-rows" aria-labelledby="fleet-aircraft">${fleet.aircraft.map((one) => aircraftRow(desk, one))}</ul>
    <h3 id="fleet-pilots">Pilots</h3>
    ${fleet.pilots.length === 0 ? html`<p class="none">None. The force admin gives officers the skill and their flyer ID.</p>` : nothing}
    <ul class="fleet-rows" aria-labelledby="fleet-pilots">${fleet.pilots.map((one) => pilotRow(desk, one))}</ul>`;
}

function aircraftRow(desk: Desk, aircraft: AircraftView): TemplateResult {
  const flight = desk.fleet.openFlightOf(aircraft.id);
  const name = `${aircraft.make} ${aircraft.model}`;
  const ways = aircraft.protocols.map((one) => one.toUpperCase()).join(", ");
  return html`<li class="fleet-row" data-testid="fleet-aircraft" data-id=${aircraft.id} data-state=${flight?.state ?? "ground"}>
    <div class="fleet-name"><b>${name}</b> <span class="mono">${aircraft.serial}</span> ${standingChip(flight)}</div>
    <p class="quiet-text">${aircraft.operator_id}${ways === "" ? ", no way for its picture" : `, picture by ${ways}`}</p>
    ${flight === undefined ? nothing : flightLines(desk, flight)}
    <div class="button-row">${flight === undefined ? planButton(desk, aircraft, name) : openButton(desk, flight, name)}</div>
  </li>`;
}

function standingChip(flight: FlightView | undefined): TemplateResult {
  if (flight === undefined) return html`<span class="chip">On the ground</span>`;
  return flight.state === "flying" ? html`<span class="chip chip-info">In the air</span>` : html`<span class="chip">Planned</span>`;
}

/** What it is flying; its feed once it is in the air. */
function flightLines(desk: Desk, flight: FlightView): TemplateResult {
  const at = flight.launched_at ?? flight.planned_at;
  const incident = Object.values(desk.state.sessions).find((one) => one.incident.id === flight.incident.id)?.incident;
  const name = incident === undefined || incident.external_reference === "" ? flight.incident.reference : incident.external_reference;
  return html`<p data-testid="fleet-flight">${name}, ${flight.pilot.name}, since ${clockWithDay(at, desk.now)}: ${flight.purpose}</p>
    <p class="quiet-text">${basisWords(flight)}</p>
    ${flight.state === "flying" ? html`<p class="fleet-feed"><span class="quiet-text">Feed</span> ${feedView(desk, flight.id, flight.aircraft.id)}</p>` : nothing}`;
}

function openButton(desk: Desk, flight: FlightView, name: string): TemplateResult {
  const open = (): void => {
    desk.acts.closeFleet();
    desk.acts.choose(flight.id);
  };
  return html`<button type="button" class="button small" data-testid="fleet-open" aria-label="Open the flight of ${name}" @click=${open}>Open</button>`;
}

/** For the incident that is on the screen; without one it says what is needed. */
function planButton(desk: Desk, aircraft: AircraftView, name: string): TemplateResult | typeof nothing {
  if (!may(desk.state, "flight.control")) return nothing;
  const incident = incidentOnScreen(desk);
  return html`<button type="button" class="button small primary" data-testid="fleet-plan" ?disabled=${incident === null || !desk.state.isSynced}
    aria-label="Plan a flight of ${name}" @click=${() => { if (incident !== null) desk.acts.planFlight(incident, aircraft.id); }}>Plan a flight</button>
    ${incident === null ? html`<span class="quiet-text">Choose a session or an incident first: a flight is for one.</span>`
      : html`<span class="quiet-text">for ${incident.external_reference === "" ? incident.reference : incident.external_reference}</span>`}`;
}

/** The incident that is shown whole, else the chosen session's. */
export function incidentOnScreen({ state }: Pick<Desk, "state">): FlightIncident | null {
  const page = shownIncident(state) === null ? null : state.incident.page;
  return page?.incident ?? chosenSession(state)?.incident ?? null;
}

function pilotRow(desk: Desk, pilot: PilotView): TemplateResult {
  const flown = desk.fleet.flownBy(pilot.id);
  return html`<li class="fleet-row" data-testid="fleet-pilot" data-id=${pilot.id}>
    <div class="fleet-name"><b>${[pilot.number, pilot.name].filter((part) => part !== "").join(" ")}</b> <span class="mono quiet-text">${pilot.flyer_id}</span>
      ${flown === undefined ? nothing : html`<span class="chip chip-info">Flies ${flown.aircraft.name}</span>`}</div></li>`;
}
