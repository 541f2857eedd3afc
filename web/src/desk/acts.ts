/** What an officer does at a desk, each with the person as this page knew them; what was refused is said where it was pressed. */

import type { DeskClientMessage, WaitingView } from "../signalling/deskmessages";
import type { ErrorMessage } from "../signalling/messages";
import { deskError } from "./words";

const REF = "act:";
/** Longest time for which a button waits for what follows from it, in ms. */
const BUSY_MS = 5_000;

/** Somebody at whom an act is directed. */
export type Target = Pick<WaitingView, "id" | "admission">;

/** What the acts need of the page. */
export interface ActsParts {
  readonly send: (message: DeskClientMessage) => boolean;
  readonly redraw: () => void;
  readonly now: () => number;
}

type Act = Exclude<DeskClientMessage, { type: "heartbeat.ping" }>;

/** All acts of one desk. */
export class DeskActs {
  private number = 0;
  private readonly busy = new Map<string, { ref: string; until: number }>();
  private readonly failures = new Map<string, string>();

  constructor(private readonly parts: ActsParts) {}

  admit({ id, admission }: Target): void {
    this.do(id, { type: "person.admit", participant_id: id, admission });
  }

  sendAway({ id, admission }: Target, text: string): void {
    this.do(id, { type: "person.send_away", participant_id: id, admission, text });
  }

  putBack({ id, admission }: Target): void {
    this.do(id, { type: "person.put_back", participant_id: id, admission });
  }

  remove({ id, admission }: Target, reason: string): void {
    this.do(id, { type: "person.remove", participant_id: id, admission, reason });
  }

  /** Only asks: nobody is muted or heard by another one's hand. */
  askToMute(id: string): void {
    this.do(id, { type: "person.mute", participant_id: id });
  }

  lowerHand(id: string): void {
    this.do(id, { type: "hand.lower", participant_id: id });
  }

  speakInPrivate(id: string): void {
    this.do(id, { type: "talk.ask", with: id });
  }

  endTalk(): void {
    this.do("talk", { type: "talk.end" });
  }

  take(): void {
    this.do("take", { type: "consultation.take" });
  }

  lock(on: boolean): void {
    this.do("lock", { type: "room.lock", on });
  }

  end(reason: string): void {
    this.do("end", { type: "call.end", reason });
  }

  askToRecord(): void {
    this.do("recording", { type: "recording.ask" });
  }

  stopRecording(reason: string): void {
    this.do("recording", { type: "recording.stop", reason });
  }

  stateCaution(participantId: string, reason: string, goesOn: boolean): void {
    this.do("caution", { type: "caution.state", participant_id: participantId, reason, goes_on: goesOn });
  }

  liftCaution(): void {
    this.do("caution", { type: "caution.lift" });
  }

  seeSignal(signalId: string): void {
    this.do(`signal:${signalId}`, { type: "signal.seen", signal_id: signalId });
  }

  /** Whether what was pressed under this key waits for what follows from it. */
  isBusy(key: string): boolean {
    const busy = this.busy.get(key);
    return busy !== undefined && busy.until > this.parts.now();
  }

  /** Why the last act under this key did not work. */
  failureOf(key: string): string | undefined {
    return this.failures.get(key);
  }

  /** Something of the consultation has changed: whatever was pressed has been answered. */
  settled(): void {
    this.busy.clear();
  }

  /** The server refused something; returns whether it was one of these acts. */
  refused({ ref, code, message }: ErrorMessage): boolean {
    if (ref?.startsWith(REF) !== true) return false;
    for (const [key, busy] of this.busy) if (busy.ref === ref) this.fail(key, deskError(code, message));
    return true;
  }

  private do(key: string, act: Act): void {
    if (this.isBusy(key)) return;
    this.number += 1;
    const ref = REF + String(this.number);
    this.failures.delete(key);
    this.busy.set(key, { ref, until: this.parts.now() + BUSY_MS });
    // An act on what this page may not know any more does not wait for a line.
    if (!this.parts.send({ ...act, ref })) this.fail(key, deskError("network", ""));
    this.parts.redraw();
  }

  private fail(key: string, words: string): void {
    this.busy.delete(key);
    this.failures.set(key, words);
    this.parts.redraw();
  }
}
