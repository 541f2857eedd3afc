/** What an operator does about whose session it is, where its link goes, and what is past. */

import type { SessionSummary } from "../signalling/messages";
import { Asking, without } from "./asking";
import type { HandoverDraft, WorkActs } from "./desk";
import type { Fetching } from "./fetching";
import type { Fleet } from "./fleet";
import type { FleetRest } from "./fleetrest";
import type { FlightKeeper } from "./flightkeeper";
import type { FormKeeper } from "./formkeeper";
import type { ConsoleLink } from "./link";
import type { IncidentKeeper } from "./incidentkeeper";
import type { IncidentRest } from "./incidentrest";
import type { MapKeeper } from "./mapkeeper";
import type { Rest } from "./rest";
import { bodyOf, emptySearch, missingOf, type SearchFields } from "./searching";
import type { Sounds } from "./sound";
import type { Action, ConsoleState } from "./state";
import type { Store } from "./store";
import type { Talking } from "./talking";
import type { WatchPool } from "./watches";

/** The parts that acts work on. */
export interface Parts {
  store: Store<ConsoleState, Action>;
  link: ConsoleLink;
  rest: Rest;
  pool: WatchPool;
  sounds: Sounds;
  map: MapKeeper;
  forms: FormKeeper;
  fetching: Fetching;
  incidents: IncidentKeeper;
  incidentRest: IncidentRest;
  talk: Talking;
  fleet: Fleet;
  fleetRest: FleetRest;
  flights: FlightKeeper;
  redraw(): void;
}

/** The acts of hand-over, resending, search and holds. */
export class OperatorActs extends Asking implements WorkActs {
  constructor(protected readonly parts: Parts) {
    super();
  }

  protected redraw(): void {
    this.parts.redraw();
  }

  openHandover(kind: "give" | "take", sessionId: string): void {
    this.failed("handover", null);
    this.local({ handover: { kind, sessionId, to: "", reason: "" } });
    if (kind === "give") void this.fetchColleagues();
  }

  editHandover(change: Partial<HandoverDraft>): void {
    const { handover } = this.fields;
    if (handover !== null) this.local({ handover: { ...handover, ...change } });
  }

  sendHandover(): void {
    const { handover } = this.fields;
    if (handover === null) return;
    const { kind, sessionId, to, reason } = handover;
    const { rest } = this.parts;
    void this.ask("handover", () =>
      kind === "give" ? rest.offerHandover(sessionId, to, reason.trim()) : rest.takeSession(sessionId, reason.trim()),
    ).then((wasDone) => {
      if (wasDone) this.closeHandover();
    });
  }

  closeHandover(): void {
    this.local({ handover: null });
  }

  withdrawHandover(sessionId: string): void {
    void this.ask(`handover:${sessionId}`, () => this.parts.rest.withdrawHandover(sessionId));
  }

  acceptHandover(sessionId: string): void {
    void this.ask(`handover:${sessionId}`, () => this.parts.rest.acceptHandover(sessionId));
  }

  declineHandover(sessionId: string): void {
    const reason = (this.fields.declines[sessionId] ?? "").trim();
    void this.ask(`handover:${sessionId}`, async () => {
      await this.parts.rest.declineHandover(sessionId, reason);
      this.local({ declines: without(this.fields.declines, sessionId) });
    });
  }

  takeUnattended(sessionId: string): void {
    void this.ask(`take:${sessionId}`, () => this.parts.rest.takeSession(sessionId, "")).then((wasDone) => {
      if (!wasDone) return;
      this.parts.store.dispatch({ type: "mode", mode: "session" });
      this.parts.store.dispatch({ type: "choose", sessionId });
    });
  }

  resend(sessionId: string): void {
    void this.ask(`invitation:${sessionId}`, () => this.parts.rest.resendInvitation(sessionId));
  }

  redirect(sessionId: string): void {
    const draft = this.fields.redirects[sessionId];
    if (draft === undefined) return;
    const to = draft.kind === "phone" ? { phone_number: draft.text } : { email_address: draft.text };
    void this.ask(`invitation:${sessionId}`, async () => {
      await this.parts.rest.redirectInvitation(sessionId, to);
      this.local({ redirects: without(this.fields.redirects, sessionId) });
    });
  }

  openSearch(): void {
    this.local({ isSearchOpen: true, search: this.fields.search ?? emptySearch() });
    if (this.fields.colleagues.length === 0) void this.fetchColleagues();
  }

  closeSearch(): void {
    this.local({ isSearchOpen: false });
  }

  editSearch(change: Partial<SearchFields>): void {
    const search = this.fields.search ?? emptySearch();
    this.local({ search: { ...search, fields: { ...search.fields, ...change } } });
  }

  search(isMore: boolean): void {
    const search = this.fields.search ?? emptySearch();
    const missing = missingOf(search.fields);
    this.failed("search", missing);
    if (missing !== null) return;
    const cursor = isMore && search.next !== null ? { cursor: search.next } : {};
    void this.ask("search", async () => {
      const page = await this.parts.rest.searchSessions({ ...bodyOf(search.fields), ...cursor });
      const before = isMore ? (search.found ?? []) : [];
      this.local({ search: { fields: this.fields.search?.fields ?? search.fields, found: [...before, ...page.results], next: page.next } });
    });
  }

  /** The middle of the map, as the place to search at. */
  searchHere(): void {
    const middle = this.parts.map.middle();
    if (middle === null) this.failed("search", "The map is not shown. Open a session or the map first.");
    else this.editSearch({ latLon: `${middle.latitude.toFixed(5)}, ${middle.longitude.toFixed(5)}`, gridReference: "" });
  }

  openFound(session: SessionSummary): void {
    this.closeSearch();
    this.parts.store.dispatch({ type: "found", session });
  }

  placeHold(sessionId: string, itemId: string): void {
    const reason = (this.fields.holds[itemId] ?? "").trim();
    void this.ask(`hold:${itemId}`, async () => {
      await this.parts.rest.placeHold(itemId, reason);
      this.local({ holds: without(this.fields.holds, itemId) });
      this.parts.fetching.itemChanged(sessionId);
    });
  }

  releaseHold(sessionId: string, itemId: string): void {
    void this.ask(`hold:${itemId}`, async () => {
      await this.parts.rest.releaseHold(itemId);
      this.parts.fetching.itemChanged(sessionId);
    });
  }

  private fetchColleagues(): Promise<boolean> {
    return this.ask("colleagues", async () => this.local({ colleagues: await this.parts.rest.operators() }));
  }
}
