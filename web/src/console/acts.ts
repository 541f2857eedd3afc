/** What an operator does, carried out: by the socket what is live, by REST what is decided once. */

import type { SessionSummary } from "../signalling/messages";
import type { Acts, LocalFields, OutcomeDraft } from "./desk";
import type { FormEdit, FormKeeper } from "./formkeeper";
import type { ConsoleLink } from "./link";
import type { MapKeeper } from "./mapkeeper";
import { errorPhrase } from "./phrases";
import type { Preferences, WallChoice } from "./preferences";
import { ApiError, type Rest } from "./rest";
import type { SendingGoal } from "./sending";
import type { Sounds, SoundSetting } from "./sound";
import type { Action, ConsoleState, DialogName, Mode, SignalKind } from "./state";
import type { Store } from "./store";
import type { WatchPool } from "./watches";

/** Time for which a copied text is said to be copied, in ms. */
const COPIED_MS = 1_600;

/** The parts that acts work on. */
export interface Parts {
  store: Store<ConsoleState, Action>;
  link: ConsoleLink;
  rest: Rest;
  pool: WatchPool;
  sounds: Sounds;
  map: MapKeeper;
  forms: FormKeeper;
  redraw(): void;
}

/** The fields of the page before anything was done. */
export function emptyFields(): LocalFields {
  return { endingId: null, copied: null, overrideReasons: {}, outcomeDrafts: {}, codes: {}, busy: new Set(), failures: {} };
}

/** Acts of one page. */
export class ConsoleActs implements Acts {
  fields: LocalFields = emptyFields();
  private copyTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly parts: Parts) {}

  choose(sessionId: string): void {
    this.parts.store.dispatch({ type: "choose", sessionId });
    if (this.parts.store.state.mode === "wall") this.setMode("session");
  }

  setMode(mode: Mode): void {
    this.parts.store.dispatch({ type: "mode", mode });
    this.parts.map.followAnew();
    if (mode === "wall") this.parts.map.fitAnew();
  }

  setFollow(on: boolean): void {
    this.parts.map.followAnew();
    this.parts.store.dispatch({ type: "follow", on });
  }

  zoomMap(direction: 1 | -1): void {
    this.parts.map.zoom(direction);
  }

  fitMap(): void {
    this.parts.store.dispatch({ type: "follow", on: false });
    this.parts.map.fit();
  }

  copy(text: string): void {
    navigator.clipboard.writeText(text).then(
      () => this.copied(text),
      () => this.notice("This browser did not allow copying. Select the text and copy it by hand."),
    );
  }

  setSound(setting: SoundSetting): void {
    void this.parts.sounds.choose(setting);
  }

  tryOut(kind: SignalKind): void {
    void this.parts.sounds.attempt(kind);
  }

  prefer(change: Partial<Preferences>): void {
    this.parts.store.dispatch({ type: "prefer", change });
  }

  arrangeWall(change: Partial<WallChoice>): void {
    this.parts.store.dispatch({ type: "wall", change });
  }

  showPicture(sessionId: string, isShown: boolean): void {
    this.parts.store.dispatch({ type: "picture", sessionId, isShown });
  }

  openDialog(name: DialogName | null): void {
    this.parts.store.dispatch({ type: "dialog", name });
  }

  retryLine(): void {
    this.parts.link.retry();
  }

  dismissNotice(id: number): void {
    this.parts.store.dispatch({ type: "notice.dismiss", id });
  }

  local(change: Partial<LocalFields>): void {
    this.fields = { ...this.fields, ...change };
    this.parts.redraw();
  }

  resumeVideo(streamId: string): void {
    this.parts.pool.resume(streamId);
  }

  draftChat(sessionId: string, text: string): void {
    this.parts.store.dispatch({ type: "chat.draft", sessionId, text });
  }

  sendChat(sessionId: string, text: string, clientId: string = newId()): void {
    this.parts.link.sendChat(sessionId, clientId, text);
  }

  setRecording(sessionId: string, on: boolean): void {
    const wasSent = this.parts.link.send({ type: "recording.set", session_id: sessionId, on });
    this.failed(`recording:${sessionId}`, wasSent ? null : "Not connected: recording was not changed.");
  }

  endSession(sessionId: string): void {
    const wasSent = this.parts.link.send({ type: "session.end", session_id: sessionId });
    this.local({ endingId: null });
    this.failed(`end:${sessionId}`, wasSent ? null : "Not connected: the session was not ended.");
  }

  rearm(sessionId: string): void {
    void this.ask(`rearm:${sessionId}`, () => this.parts.rest.rearm(sessionId));
  }

  sendInvitation(sessionId: string): void {
    void this.ask(`invitation:${sessionId}`, () => this.parts.rest.sendInvitation(sessionId));
  }

  showCode(sessionId: string): void {
    void this.ask(`code:${sessionId}`, async () => {
      const code = await this.parts.rest.linkCode(sessionId);
      this.local({ codes: { ...this.fields.codes, [sessionId]: code } });
    });
  }

  hideCode(sessionId: string): void {
    this.local({ codes: without(this.fields.codes, sessionId) });
  }

  overrideRisk(sessionId: string, reason: string): void {
    void this.ask(`override:${sessionId}`, async () => {
      await this.parts.rest.overrideRisk(sessionId, reason);
      await this.parts.rest.sendInvitation(sessionId);
    });
  }

  recordOutcome(sessionId: string, code: string, note: string): void {
    void this.ask(`outcome:${sessionId}`, async () => {
      await this.parts.rest.recordOutcome(sessionId, code, note);
      this.local({ outcomeDrafts: without(this.fields.outcomeDrafts, sessionId) });
    });
  }

  newIncident(): void {
    this.parts.forms.openNew();
  }

  addCaller(session: SessionSummary): void {
    this.parts.forms.openForIncident(session);
  }

  continueSession(session: SessionSummary): void {
    this.parts.forms.openForSession(session);
  }

  closeForm(): void {
    this.parts.forms.close();
  }

  discardForm(): void {
    this.parts.forms.discard();
  }

  editOutcome = (sessionId: string, change: Partial<OutcomeDraft>): void => {
    const before = this.fields.outcomeDrafts[sessionId] ?? { code: "", note: "" };
    this.local({ outcomeDrafts: { ...this.fields.outcomeDrafts, [sessionId]: { ...before, ...change } } });
  };

  changeForm = (edit: FormEdit): void => this.parts.forms.edit(edit);

  submitForm(goal: SendingGoal): void {
    void this.parts.forms.submit(goal).then((sessionId) => {
      if (sessionId !== null) this.choose(sessionId);
    });
  }

  /** One act by REST: busy meanwhile, and its failure said where its button is. */
  private async ask(key: string, act: () => Promise<unknown>): Promise<void> {
    if (this.fields.busy.has(key)) return;
    this.local({ busy: new Set([...this.fields.busy, key]) });
    this.failed(key, null);
    try {
      await act();
    } catch (error) {
      const failure = error instanceof ApiError ? error : new ApiError(0, "server", "");
      this.failed(key, errorPhrase(failure.code, failure.message));
    } finally {
      this.local({ busy: new Set([...this.fields.busy].filter((one) => one !== key)) });
    }
  }

  private failed(key: string, text: string | null): void {
    const failures = without(this.fields.failures, key);
    this.local({ failures: text === null ? failures : { ...failures, [key]: text } });
  }

  private copied(text: string): void {
    clearTimeout(this.copyTimer);
    this.local({ copied: text });
    this.copyTimer = setTimeout(() => this.local({ copied: null }), COPIED_MS);
  }

  private notice(text: string): void {
    this.parts.store.dispatch({ type: "notice", tone: "error", text, sessionId: null, at: Date.now() });
  }
}

/** A record without one key. */
function without<T>(record: Record<string, T>, key: string): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([one]) => one !== key));
}

/** A new id of a line of chat. `randomUUID` wants a secure page, which a console over plain http is not. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
