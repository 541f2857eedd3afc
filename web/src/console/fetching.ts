/** Fetches by REST what does not come over the socket: types, outcomes, outbox, recordings, risk questions. */

import type { Fetched } from "./desk";
import { withQuestions, type IncidentForm } from "./incidentform";
import type { Item } from "./itemshapes";
import { errorPhrase } from "./phrases";
import { ApiError, type Rest } from "./rest";
import { chosenSession, hasEnded } from "./select";
import type { ConsoleState } from "./state";

/** Time between looks at the outbox and at recordings that are being sealed, in ms. */
const LOOK_MS = 4_000;
/** Time after the end of a session in which a recording may still turn up, in ms. */
const EXPECT_ITEMS_MS = 60_000;

/** What was fetched, and when to look again. */
export class Fetching {
  readonly fetched: Fetched = { incidentTypes: [], outcomes: [], phrases: [], outbox: null, items: {} };
  private hasOutbox = true;
  private lastLook = new Map<string, number>();

  constructor(private readonly rest: Rest, private readonly onChange: () => void) {}

  /** Lists that hold for the whole day; asked again when a form needs one that is missing. */
  async start(): Promise<void> {
    await Promise.all([
      this.take(() => this.rest.incidentTypes(), (types) => (this.fetched.incidentTypes = types)),
      this.take(() => this.rest.phrases(), (phrases) => (this.fetched.phrases = phrases)),
      this.take(() => this.rest.outcomes(), (outcomes) => (this.fetched.outcomes = outcomes)),
    ]);
  }

  /** An item of a session has a new state: what is known of that session's items is old. */
  itemChanged(sessionId: string): void {
    if (sessionId in this.fetched.items) this.fetchItems(sessionId);
  }

  /** Looks for what the chosen session needs now. Called with every tick of the screen; most calls do nothing. */
  look(state: ConsoleState, at: number): void {
    const session = chosenSession(state);
    if (session === null || !state.isSynced) return;
    if (!hasEnded(session) && session.invitation !== null && session.consent === null) this.lookAtOutbox(session.id, at);
    if (hasEnded(session)) this.lookAtItems(session.id, session.ended_at, state, at);
  }

  /** Fetches the questions of a form; the answer comes with the form's own type and kind, to tell late answers apart. */
  async questions(form: IncidentForm, tell: (change: (form: IncidentForm) => IncidentForm) => void): Promise<void> {
    const isCurrent = (now: IncidentForm): boolean => now.typeCode === form.typeCode && now.linkKind === form.linkKind;
    try {
      const questions = await this.rest.riskQuestions(form.typeCode, form.linkKind);
      tell((now) => (isCurrent(now) ? withQuestions(now, questions) : now));
    } catch (error) {
      const text = error instanceof ApiError ? errorPhrase(error.code, error.message) : errorPhrase("server", "");
      tell((now) => (isCurrent(now) ? { ...now, questionsState: "failed", error: text } : now));
    }
  }

  private lookAtOutbox(sessionId: string, at: number): void {
    if (!this.hasOutbox || !this.isDue(`outbox:${sessionId}`, at)) return;
    void this.rest.outbox().then(
      (messages) => this.changed(() => (this.fetched.outbox = messages)),
      (error: unknown) => {
        if (error instanceof ApiError && error.status === 404) this.hasOutbox = false;
      },
    );
  }

  private lookAtItems(sessionId: string, endedAt: string | null, state: ConsoleState, at: number): void {
    const known = this.fetched.items[sessionId];
    const age = at + state.clockOffset - Date.parse(endedAt ?? "");
    const isSettled = known !== undefined && known.every((item) => item.state !== "sealing") && (known.length > 0 || !(age < EXPECT_ITEMS_MS));
    if (isSettled || !state.me.permissions.includes("item.view") || !this.isDue(`items:${sessionId}`, at)) return;
    this.fetchItems(sessionId);
  }

  private fetchItems(sessionId: string): void {
    void this.take(
      () => this.rest.items(sessionId),
      (items) => {
        this.fetched.items = { ...this.fetched.items, [sessionId]: onStage(items) };
      },
    );
  }

  /** Whether a look is due, noting that it is taken. */
  private isDue(key: string, at: number): boolean {
    if (at - (this.lastLook.get(key) ?? 0) < LOOK_MS) return false;
    this.lastLook.set(key, at);
    return true;
  }

  /** Takes an answer over; a failure leaves what was there and is tried with the next look. */
  private async take<T>(ask: () => Promise<T>, keep: (value: T) => void): Promise<void> {
    try {
      const value = await ask();
      this.changed(() => keep(value));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }

  private changed(change: () => void): void {
    change();
    this.onChange();
  }
}

/** What stands where the picture was, oldest first; the rest is in the gallery. */
function onStage(items: readonly Item[]): Item[] {
  const shown = items.filter((item) => item.kind === "recording" || item.kind === "sequence" || item.kind === "call");
  return shown.sort((a, b) => (a.started_at ?? "").localeCompare(b.started_at ?? ""));
}
