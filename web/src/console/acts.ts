/** What an operator does, carried out: by the socket what is live, by REST what is decided once. */

import type { SessionSummary } from "../signalling/messages";
import { without } from "./asking";
import type { Acts, OutcomeDraft } from "./desk";
import { FlyingActs } from "./flightacts";
import type { FormEdit } from "./formkeeper";
import { newId } from "./newid";
import { chosenSession, hasEnded, isOnOne } from "./select";
import type { SendingGoal } from "./sending";
import type { Preferences, WallChoice } from "./preferences";
import type { SoundSetting } from "./sound";
import { may, type DialogName, type Mode, type SignalKind } from "./state";

export { emptyFields } from "./asking";
export type { Parts } from "./operatoracts";

/** Time for which a copied text is said to be copied, in ms. */
const COPIED_MS = 1_600;

/** Acts of one page. */
export class ConsoleActs extends FlyingActs implements Acts {
  private copyTimer: ReturnType<typeof setTimeout> | undefined;

  choose(sessionId: string): void {
    this.parts.store.dispatch({ type: "choose", sessionId });
    if (this.parts.store.state.mode !== "session") this.setMode("session");
  }

  holdToSpeak(): void {
    const { state } = this.parts.store;
    const session = chosenSession(state);
    const isOn = state.mode === "session" && state.isSynced && session?.kind === "officer" && !hasEnded(session);
    if (isOn && may(state, "session.control")) this.parts.talk.press(session.id);
  }

  setMode(mode: Mode): void {
    this.parts.store.dispatch({ type: "mode", mode });
    this.parts.map.followAnew();
    if (mode !== "session") this.parts.map.fitAnew();
  }

  setFollow(on: boolean): void {
    this.parts.map.followAnew();
    this.parts.store.dispatch({ type: "follow", on });
  }

  zoomMap(direction: 1 | -1): void {
    this.parts.map.zoom(direction);
  }

  fitMap(): void {
    const { store, map } = this.parts;
    // Beside one session its caller is followed no more; elsewhere all are kept in view from now on.
    store.dispatch({ type: "follow", on: !isOnOne(store.state) });
    map.fit();
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

  resumeVideo(streamId: string): void {
    this.parts.pool.resume(streamId);
  }

  draftChat(sessionId: string, text: string): void {
    this.parts.store.dispatch({ type: "chat.draft", sessionId, text });
  }

  sendChat(sessionId: string, text: string, clientId: string = newId()): void {
    this.parts.link.sendChat(sessionId, clientId, text);
  }

  sendPhrase(sessionId: string, phrase: { code: string; text: string }, clientId: string = newId()): void {
    this.parts.link.sendChat(sessionId, clientId, phrase.text, phrase.code);
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

  askStill(sessionId: string): void {
    const wasSent = this.parts.link.send({ type: "still.ask", session_id: sessionId, client_id: newId() });
    this.failed(`still:${sessionId}`, wasSent ? null : "Not connected: no picture was asked for.");
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

  private copied(text: string): void {
    clearTimeout(this.copyTimer);
    this.local({ copied: text });
    this.copyTimer = setTimeout(() => this.local({ copied: null }), COPIED_MS);
  }

  private notice(text: string): void {
    this.parts.store.dispatch({ type: "notice", tone: "error", text, sessionId: null, at: Date.now() });
  }
}
