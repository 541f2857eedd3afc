/** Where an officer on duty is: watched while the shift goes on, told to the officer, sent, and forgotten at its end. */

import { html, nothing, type TemplateResult } from "lit-html";

import { isPassing, watchPosition, type PositionEvents, type PositionFault } from "../media/position";
import { serverTime } from "../sharing/server_clock";
import type { DutyFix, DutyKept, ErrorMessage, OfficerServerMessage, OfficerState, PositionReport } from "../signalling/messages";
import type { SocketState } from "../signalling/socket";
import { dutyFix, DutyQueue, isDue } from "./dutyqueue";
import { dutyWords } from "./dutywords";
import { OneTab } from "./one_tab";
import type { OfficerPart, PartHost } from "./parts";

/** An answer that takes longer is not waited for, in ms. */
const ANSWER_MS = 10_000;
/** Time until what was refused for the moment is sent again, in ms. */
const AGAIN_MS = 5_000;
/** A watch that says nothing for this long is begun anew: some phones fall silent at rest. In ms. */
const SILENT_MS = 20_000;
const REF = "duty-";
/** What was sent will be refused again and again. */
const FOR_GOOD: readonly string[] = ["malformed", "too_large", "unknown_type", "invalid_field", "invalid_input", "not_permitted"];

/** For tests: other ends in the place of the phone's. */
export interface DutyEnds {
  watch?: (events: PositionEvents) => () => void;
  storage?: Storage | null;
  locks?: Pick<LockManager, "request"> | null;
  now?: () => number;
}

/** The part of the page that tells the control room where the officer is. */
export class Duty implements OfficerPart {
  private readonly queue: DutyQueue;
  private readonly tab: OneTab;
  private readonly watch: (events: PositionEvents) => () => void;
  private readonly now: () => number;
  private owner: string | null = null;
  private line: SocketState = "connecting";
  private unwatch: (() => void) | null = null;
  private ticking: ReturnType<typeof setInterval> | undefined;
  private fault: PositionFault | null = null;
  private seen: DutyFix | null = null;
  private kept: DutyFix | null = null;
  private isDoubtful = false;
  /** The last fix that was put into the queue. */
  private last: DutyFix | null = null;
  /** While live without a line: the newest, which the live session sends by itself. */
  private held: DutyFix | null = null;
  private askedAt = 0;
  private flight: { ref: string; fixes: DutyFix[]; timer: ReturnType<typeof setTimeout> } | null = null;
  private count = 0;

  constructor(private readonly host: PartHost, ends: DutyEnds = {}) {
    this.queue = new DutyQueue(ends.storage === undefined ? ownStorage() : ends.storage);
    this.tab = new OneTab(() => this.tabChanged(), ends.locks);
    this.watch = ends.watch ?? watchPosition;
    this.now = ends.now ?? Date.now;
    window.addEventListener("pagehide", () => this.queue.save(this.now()));
    document.addEventListener("visibilitychange", () => this.shown());
  }

  lineChanged(line: SocketState): void {
    this.line = line;
    this.land();
    // A line that is refused is no shift any more: nothing of it stays on the phone.
    if (line === "refused") this.end();
  }

  stateTaken({ me, shift }: OfficerState): void {
    if (shift === null) this.end();
    else this.begin(`${me.id} ${shift.began_at}`);
  }

  received(message: OfficerServerMessage): boolean {
    if (message.type === "duty.kept") {
      if (message.ref === this.flight?.ref) this.onKept(message);
      return true;
    }
    if (message.type !== "error" || message.ref?.startsWith(REF) !== true) return false;
    if (message.ref === this.flight?.ref) this.onRefused(message);
    return true;
  }

  signedOut(): void {
    this.end();
  }

  homeView(): TemplateResult {
    if (this.owner === null) return html`<p class="duty" data-testid="duty">Off duty: the control room does not see where you are.</p>`;
    if (this.tab.isElsewhere) return html`<p class="duty" data-testid="duty" role="status">On duty: your position is sent from another tab.</p>`;
    const { tone, headline, sent, waiting, advice, canRetry } = dutyWords({
      isOnLine: this.line === "open", fault: this.fault, seen: this.seen, kept: this.kept, isDoubtful: this.isDoubtful, waiting: this.queue.size, oldest: this.queue.oldest, now: this.now(),
    });
    return html`<section class="duty is-${tone}" data-testid="duty" aria-label="Your position">
      <p role="status"><b>${headline}</b></p>
      <p class="duty-sent" data-testid="duty-sent">${sent}</p>
      ${waiting === "" ? nothing : html`<p class="duty-sent" data-testid="duty-waiting">${waiting}</p>`}
      ${advice === "" ? nothing : html`<p>${advice}</p>`}
      ${canRetry ? html`<button type="button" class="small" data-testid="duty-retry" @click=${() => this.lookAgain()}>Try again</button>` : nothing}
    </section>`;
  }

  /** The shift goes on: watch, and send what was left from before. */
  private begin(owner: string): void {
    if (owner !== this.owner) {
      // Another shift's positions go; what an earlier page of this one has left on the phone stays.
      if (this.owner !== null) this.end();
      this.owner = owner;
      this.tab.want();
      this.ticking = setInterval(() => this.tick(), 1_000);
    }
    // What was newest while there was no line has gone out with the live session.
    this.held = null;
    this.flush();
  }

  /** Off duty: watch no more, and forget. */
  private end(): void {
    const wasOn = this.owner !== null;
    this.owner = null;
    this.tab.leave();
    clearInterval(this.ticking);
    this.rest();
    this.queue.clear();
    if (wasOn) this.host.redraw();
  }

  /** This tab is the one that sends, or is it no more. */
  private tabChanged(): void {
    if (this.owner === null) return;
    if (this.tab.isMine) {
      this.queue.begin(this.owner, this.now());
      this.lookAgain();
      this.flush();
    } else {
      this.rest();
      this.queue.leave(this.now());
      this.host.redraw();
    }
  }

  /** Watch no more, and know nothing. */
  private rest(): void {
    this.unwatch?.();
    this.unwatch = null;
    this.land();
    this.fault = this.seen = this.kept = this.last = this.held = null;
    this.isDoubtful = false;
  }

  private lookAgain(): void {
    this.unwatch?.();
    this.askedAt = this.now();
    this.fault = null;
    this.unwatch = this.watch({ onFix: (fix) => this.onFix(fix), onFault: (fault) => this.onFault(fault) });
    this.host.redraw();
  }

  private onFix(report: PositionReport): void {
    const fix = dutyFix(report);
    if (this.owner === null || fix === null) return;
    this.askedAt = this.now();
    this.fault = null;
    this.seen = fix;
    if (this.host.page().joined === null) this.take(fix);
    else this.takeWhileLive(fix);
    this.flush();
    this.host.redraw();
  }

  /** Live, the session sends positions; only what it cannot send for want of a line is kept here, but for the newest. */
  private takeWhileLive(fix: DutyFix): void {
    if (this.line === "open") {
      this.held = null;
      return;
    }
    if (this.held !== null) this.take(this.held);
    this.held = fix;
  }

  private take(fix: DutyFix): void {
    if (!isDue(this.last, fix, this.line === "open")) return;
    this.last = fix;
    this.queue.add(fix, this.now());
  }

  private onFault(fault: PositionFault): void {
    this.fault = fault;
    this.host.redraw();
  }

  /** Ages count up; a watch that fell silent is begun anew. */
  private tick(): void {
    const mayCome = this.fault === null || isPassing(this.fault);
    const isShown = document.visibilityState !== "hidden";
    if (isShown && mayCome && this.seen !== null && this.now() - this.askedAt >= SILENT_MS) this.lookAgain();
    else if (isShown && this.host.page().joined === null) this.host.redraw();
  }

  /** Hidden, the page may be ended without a word; shown again, the place may be another. */
  private shown(): void {
    if (document.visibilityState === "hidden") this.queue.save(this.now());
    else if (this.owner !== null && !this.tab.isMine) this.tab.want();
    else if (this.owner !== null && this.fault !== "denied") this.lookAgain();
  }

  private flush(): void {
    if (this.owner === null || this.line !== "open" || this.flight !== null || this.queue.size === 0) return;
    const fixes = this.queue.newest(this.now());
    if (fixes.length === 0) return;
    const offset = this.host.clockOffset();
    const ref = `${REF}${(this.count += 1)}`;
    const told = fixes.map((fix) => ({ ...fix, fixed_at: serverTime(fix.fixed_at, offset) }));
    if (!this.host.send({ type: "duty.fixes", fixes: told, ref })) return;
    this.flight = { ref, fixes, timer: setTimeout(() => this.retry(), ANSWER_MS) };
  }

  private onKept({ count, is_doubtful }: DutyKept): void {
    const fixes = this.land();
    this.queue.forget(fixes, this.now());
    const newest = fixes.at(-1);
    if (count > 0) this.isDoubtful = is_doubtful === true;
    if (count > 0 && is_doubtful !== true && newest !== undefined && newest.fixed_at >= (this.kept?.fixed_at ?? 0)) this.kept = newest;
    this.flush();
    this.host.redraw();
  }

  private onRefused({ code }: ErrorMessage): void {
    const fixes = this.land();
    if (code === "not_on_duty") {
      this.end();
      this.host.send({ type: "officer.snapshot" });
      return;
    }
    if (FOR_GOOD.includes(code)) this.queue.forget(fixes, this.now());
    // Nothing is sent until then: as if it were still on its way.
    this.flight = { ref: "", fixes: [], timer: setTimeout(() => this.retry(), AGAIN_MS) };
  }

  private retry(): void {
    this.land();
    this.flush();
  }

  /** Nothing is on its way any more; returns what was. */
  private land(): DutyFix[] {
    clearTimeout(this.flight?.timer);
    const fixes = this.flight?.fixes ?? [];
    this.flight = null;
    return fixes;
  }
}

function ownStorage(): Storage | null {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}
