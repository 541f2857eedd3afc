/** The board at /consultations/: all that a team has today, who waits and for how long, and the way to book or to start one now. */

import { html, nothing, render, type TemplateResult } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";

import { ApiError, type IncidentType, type Rest } from "../console/rest";
import { clock } from "../console/times";
import type { BoardRow, DeskClientMessage, DeskServerMessage, SignalView } from "../signalling/deskmessages";
import { reopenWithNetwork } from "../signalling/network";
import { LiveSocket, socketUrl, type SocketOptions, type SocketState } from "../signalling/socket";
import { bookView, newForm, planOf, type BookChange, type BookForm, type KnownIncident } from "./bookform";
import { boardParts, boardRow } from "./boardrow";
import { figuresView, lastWeeks, type Stretch } from "./figures";
import type { DeskPage } from "./pagedata";
import { ConsultRest, type Figures } from "./rest";
import { SignalAlert } from "./signalalert";
import { deskError } from "./words";

const TICK_MS = 1_000;

/** One board in one page. */
export class BoardApp {
  private rows = new Map<string, BoardRow>();
  private isSynced = false;
  private line: SocketState = "connecting";
  private refusalCode: number | null = null;
  private form: BookForm | null = null;
  private types: IncidentType[] = [];
  private figures: Figures | null = null;
  private stretch: Stretch | null = null;
  private isDrawPending = false;
  private readonly rest: ConsultRest;
  private readonly socket: LiveSocket<DeskServerMessage, DeskClientMessage>;

  constructor(
    private readonly host: HTMLElement, private readonly page: DeskPage, private readonly doors: Rest,
    private readonly alert: SignalAlert = new SignalAlert(), options: SocketOptions = {}, private readonly go: (address: string) => void = (address) => location.assign(address),
  ) {
    this.rest = new ConsultRest(doors);
    this.socket = new LiveSocket(socketUrl("/ws/consultation/"), {
      onMessage: (message) => this.received(message),
      onState: (state, code) => this.lineChanged(state, code),
      onGap: () => this.socket.send({ type: "board.open" }),
    }, options);
  }

  /** Connect, listen and draw from now on. */
  start(): void {
    reopenWithNetwork(this.socket);
    setInterval(() => this.redraw(), TICK_MS);
    this.socket.open();
    this.redraw();
  }

  private lineChanged(state: SocketState, code: number | null): void {
    this.line = state;
    this.refusalCode = code;
    if (state === "open") this.socket.send({ type: "board.open" });
    else this.isSynced = false;
    this.redraw();
  }

  private received(message: DeskServerMessage): void {
    if (message.type === "board.snapshot") {
      this.socket.rebase(message.seqs);
      this.rows = new Map(message.rows.map((row) => [row.id, row]));
      this.alert.snapshot(message.signals);
      this.isSynced = true;
    } else if (message.type === "board.changed") this.take(message.row);
    else if (message.type === "board.signal") this.alert.changed(message.signal);
    else return;
    this.redraw();
  }

  /** Of two words about one consultation the higher revision is the later. */
  private take(row: BoardRow): void {
    const known = this.rows.get(row.id);
    if (known === undefined || known.revision <= row.revision) this.rows.set(row.id, row);
  }

  private openForm(isNow: boolean): void {
    this.form = newForm(isNow);
    if (this.types.length === 0) void this.doors.incidentTypes().then((types) => (this.types = types)).catch(() => undefined).finally(() => this.redraw());
    this.redraw();
    requestAnimationFrame(() => this.host.querySelector<HTMLElement>("#book-title")?.focus());
  }

  private change(change: BookChange): void {
    if (this.form !== null) this.form = { ...this.form, ...(typeof change === "function" ? change(this.form) : change), error: null };
    this.redraw();
  }

  private async book(): Promise<void> {
    if (this.form === null) return;
    const { isNow } = this.form;
    this.form = { ...this.form, isSending: true, error: null };
    this.redraw();
    try {
      const made = await this.rest.book(planOf(this.form, this.page.me.team));
      this.form = null;
      if (isNow) this.go(`/consultations/${made.id}/`);
    } catch (error) {
      const { code, message } = error instanceof ApiError ? error : new ApiError(0, "server", "");
      if (this.form !== null) this.form = { ...this.form, isSending: false, error: deskError(code, message) };
    }
    this.redraw();
  }

  private async showFigures(stretch: Stretch | null): Promise<void> {
    this.stretch = stretch;
    this.figures = null;
    this.redraw();
    if (stretch === null || stretch.since === "" || stretch.until === "") return;
    const found = await this.rest.figures(stretch.since, stretch.until).catch(() => null);
    if (this.stretch === stretch) this.figures = found;
    this.redraw();
  }

  private see(signal: SignalView): void {
    this.socket.send({ type: "signal.seen", signal_id: signal.id, session_id: signal.session_id }, "keep");
  }

  private redraw(): void {
    if (this.isDrawPending) return;
    this.isDrawPending = true;
    requestAnimationFrame(() => {
      this.isDrawPending = false;
      render(this.view(), this.host);
    });
  }

  private view(): TemplateResult {
    const now = Date.now() + (this.socket.serverOffset_ms ?? 0);
    return html`${this.alert.view((signal) => this.see(signal), (signal) => this.go(`/consultations/${signal.session_id}/`))}
      <header class="desk-bar"><h1>Consultations</h1><span class="force">${this.page.forceName}</span>
        <button type="button" class="button primary large" data-testid="start-now" @click=${() => this.openForm(true)}>Start now</button>
        <button type="button" class="button large" data-testid="book" @click=${() => this.openForm(false)}>Book</button>
        <button type="button" class="button" aria-pressed=${this.stretch !== null} data-testid="open-figures"
          @click=${() => void this.showFigures(this.stretch === null ? lastWeeks(now) : null)}>Figures</button>
        ${alertsButton()}<span class="spacer"></span>${this.lineView()} <time class="clock">${clock(now)}</time>
        <span class="me">${this.page.me.name}</span><button type="submit" form="sign-out-form" class="button small quiet">Sign out</button></header>
      <main class="board-main ${this.isSynced ? "" : "is-stale"}" id="main">
        ${this.form === null ? nothing : bookView({
          form: this.form, incidents: this.incidents(), types: this.types, change: (change) => this.change(change), send: () => void this.book(),
          close: () => { this.form = null; this.redraw(); },
        })}
        ${this.stretch === null ? nothing : figuresView(this.figures, this.stretch, (stretch) => void this.showFigures(stretch))}
        ${boardParts([...this.rows.values()], now).map((part) => html`<section class="board-part part-${part.name}" data-testid="board-${part.name}" ?hidden=${part.rows.length === 0}>
          <h2>${part.title} <span class="quiet-text">${part.rows.length}</span></h2>
          <ul>${repeat(part.rows, (row) => row.id, (row) => boardRow(row, now))}</ul></section>`)}
        ${this.isSynced && this.rows.size === 0 ? html`<p class="none" data-testid="board-empty">Nothing is booked for the next two weeks.</p>` : nothing}</main>`;
  }

  private incidents(): KnownIncident[] {
    return [...new Map([...this.rows.values()].map(({ incident }) => [incident.id, incident])).values()];
  }

  private lineView(): TemplateResult {
    if (this.line === "refused") {
      return html`<p class="line is-bad" role="alert" data-testid="line">${this.refusalCode === 4401 ? html`Signed out. <a href="/sign-in/?next=/consultations/">Sign in</a>` : "Your role may not run consultations."}</p>`;
    }
    return html`<p class="line ${this.isSynced ? "" : "is-bad"}" role="status" data-testid="line">${this.isSynced ? "Connected" : "Not connected. Trying again."}</p>`;
  }
}

/** The computer may tell of a signal while this page is not in view, once that was allowed. */
function alertsButton(): TemplateResult | typeof nothing {
  if (!("Notification" in window) || Notification.permission !== "default") return nothing;
  // eslint-disable-next-line compat/compat -- asked for above: Safari on phones has none
  const ask = (): void => void Notification.requestPermission();
  return html`<button type="button" class="button" data-testid="allow-alerts" @click=${ask}>Tell me also outside of this page</button>`;
}
