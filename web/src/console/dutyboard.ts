/** Officers on duty in the console: followed while they are shown, drawn at most four times a second. */

import type { OfficersOnMap } from "../map/officerlayer";
import type { ConsoleClientMessage, ConsoleServerMessage, OfficerFix, OfficerView, Seqs } from "../signalling/messages";
import { shownTheme } from "./habits";
import { mappedSessions, shownIncident } from "./incidentstate";
import type { LinkPart } from "./link";
import { EVERYBODY, OfficerBook, type OfficerFilter } from "./officerbook";
import { placedSessions } from "./select";
import { may, serverNow, type Action, type ConsoleState } from "./state";
import type { Store } from "./store";

/** Least time between two drawings, in ms. */
const DRAW_MS = 250;
/** Ages fade marks also when nobody moves: time until they are drawn anew, in ms. */
const AGEING_MS = 2_000;
/** Rows of the list at first, and more each time. */
export const ROWS = 60;
const REF = "officers";
const TOPIC = "officers";

/** How the following stands. `lost`: what is shown is from before the line was lost. */
export type Following = "off" | "asked" | "followed" | "lost" | "refused";

/** The line to the server, as far as it is needed. */
export interface BoardLine {
  send(message: ConsoleClientMessage): boolean;
  rebase(seqs: Seqs): void;
  forget(topic: string): void;
}

/** The map, as far as it is needed. */
export interface BoardMap {
  show(content: OfficersOnMap | null): void;
  goTo(fix: OfficerFix): void;
}

/** What the panel shows and does. */
export class DutyBoard implements LinkPart {
  readonly topic = TOPIC;
  readonly book = new OfficerBook();
  following: Following = "off";
  /** Why it was refused. */
  refusal = "";
  filter: OfficerFilter = EVERYBODY;
  chosenId: string | null = null;
  rows = ROWS;
  /** Milliseconds of the server's clock at the last word of the topic; what is lost is as old as that. */
  heardAt: number | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private drawnAt = 0;
  private isFirst = true;

  /** @param page `redraw` draws it with the next frame, `fit` shows all positions, `hasMap` says whether a map is on it */
  constructor(
    private readonly store: Store<ConsoleState, Action>,
    private readonly line: BoardLine,
    private readonly map: BoardMap,
    private readonly page: { redraw(): void; fit(): void; hasMap(): boolean },
  ) {
    store.subscribe((after, before) => {
      if (after.isSynced !== before.isSynced) this.synced(after.isSynced);
      const isMarkedAnew = after.sessions !== before.sessions || shownIncident(after) !== shownIncident(before);
      if (isMarkedAnew && this.isShown) this.schedule();
    });
  }

  get isShown(): boolean {
    return this.following !== "off";
  }

  /** Whether the button stands there at all. */
  get isAllowed(): boolean {
    return may(this.store.state, "officer.locate");
  }

  /** The officer whose card is open. */
  get chosen(): OfficerView | undefined {
    return this.book.find(this.chosenId);
  }

  /** Whom the filter lets through, by name. */
  get listed(): OfficerView[] {
    return this.book.shown(this.filter);
  }

  /** Positions of all who are shown. */
  fixes(): OfficerFix[] {
    return this.isShown ? this.listed.flatMap(({ fix }) => (fix === null ? [] : [fix])) : [];
  }

  /** Shows the officers, or lets them go: nothing is followed that nobody looks at. */
  toggle(): void {
    if (this.isShown) this.leave();
    else this.follow();
    this.page.redraw();
  }

  choose(id: string | null, isToBeFound: boolean): void {
    this.chosenId = id;
    const fix = this.chosen?.fix ?? null;
    if (isToBeFound && fix !== null) {
      this.store.dispatch({ type: "follow", on: false });
      this.map.goTo(fix);
    }
    this.changed();
  }

  narrow(change: Partial<OfficerFilter>): void {
    this.filter = { ...this.filter, ...change };
    this.rows = ROWS;
    this.changed();
  }

  showMore(): void {
    this.rows += ROWS;
    this.page.redraw();
  }

  /** Time goes by. A map that was put away takes its officers with it. */
  tick(): void {
    if (this.isShown && !this.page.hasMap()) this.leave();
    else if (this.isShown && Date.now() - this.drawnAt >= AGEING_MS) this.schedule();
  }

  received(message: ConsoleServerMessage): boolean {
    if (message.type === "officers.snapshot") {
      if (this.isShown) this.taken(message.seqs, () => this.book.take(message));
      return true;
    }
    if (message.type !== "officers.moved" && message.type !== "officer.on_duty" && message.type !== "officer.off_duty") return false;
    if (this.following === "followed") {
      this.book.take(message);
      this.heardAt = serverNow(this.store.state);
      this.schedule();
    }
    return true;
  }

  refused(ref: string, text: string): boolean {
    if (ref !== REF) return false;
    this.leave();
    this.following = "refused";
    this.refusal = text;
    this.page.redraw();
    return true;
  }

  /** Something was lost: only the whole is sure. */
  missed(): void {
    if (this.isShown) this.follow();
  }

  private taken(seqs: Seqs, take: () => void): void {
    take();
    this.line.rebase(seqs);
    this.following = "followed";
    this.heardAt = serverNow(this.store.state);
    this.changed();
    if (!this.isFirst) return;
    this.isFirst = false;
    // Beside a session its caller stays in the middle; a map that shows nothing yet shows them.
    if (this.store.state.chosenId === null && placedSessions(this.store.state).length === 0) this.page.fit();
  }

  /** The screen is true again, or no longer. */
  private synced(isSynced: boolean): void {
    if (!this.isShown || this.following === "refused") return;
    if (isSynced) this.follow();
    else this.following = "lost";
    this.changed();
  }

  private follow(): void {
    const isSent = this.line.send({ type: "officers.follow", ref: REF });
    const wasKnown = this.book.size > 0;
    // While the answer is on its way what is known stands as what it is: old.
    this.following = isSent && !wasKnown ? "asked" : this.following === "followed" ? "followed" : "lost";
  }

  private leave(): void {
    this.line.send({ type: "officers.leave" });
    this.line.forget(TOPIC);
    this.following = "off";
    this.chosenId = null;
    this.heardAt = null;
    this.isFirst = true;
    this.book.clear();
    clearTimeout(this.timer);
    this.timer = undefined;
    this.map.show(null);
  }

  private changed(): void {
    this.page.redraw();
    this.schedule();
  }

  private schedule(): void {
    this.timer ??= setTimeout(() => this.draw(), Math.max(0, this.drawnAt + DRAW_MS - Date.now()));
  }

  private draw(): void {
    this.timer = undefined;
    if (!this.isShown) return;
    // A page that nobody sees is drawn when it is looked at again: the next tick sees to it.
    if (document.hidden) return;
    this.drawnAt = Date.now();
    const { state } = this.store;
    const onMap = new Set(mappedSessions(state).map(({ session }) => session.id));
    this.map.show({
      // Whoever is live has the mark of the session.
      officers: this.listed.filter(({ session_id: id }) => id === null || !onMap.has(id)),
      chosenId: this.chosenId,
      now: serverNow(state),
      theme: shownTheme(state),
      isOld: this.following !== "followed",
    });
  }
}
