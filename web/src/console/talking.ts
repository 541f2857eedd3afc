/** Speaking to an officer who is live: held down or kept open, one session at a time, and never from a page that is left. */

import type { SoundSource } from "../media/microphone";
import { Speaker } from "../media/speaker";
import type { ConsoleClientMessage, ConsoleServerMessage, SpeakingServerMessage, TalkView } from "../signalling/messages";
import type { LinkPart } from "./link";

/** How far the own microphone has come. `ready`: connected, and silent. */
export type TalkState = "off" | "asking" | "connecting" | "ready" | "speaking";

/** What stands at the button. */
export interface TalkStatus {
  state: TalkState;
  isOpen: boolean;
  /** Why it does not go, or ended, in words; empty when nothing is wrong. */
  fault: string;
  /** Somebody else who speaks to this officer now, or has the microphone. */
  other: TalkView | null;
}

/** For tests: other ends in the place of microphone and connection. */
export interface TalkEnds {
  source?: SoundSource;
  makeSpeaker?: (track: MediaStreamTrack, events: ConstructorParameters<typeof Speaker>[1]) => VoiceLine;
}

/** What is needed of whatever sends the voice. */
export type VoiceLine = Pick<Speaker, "offer" | "accept" | "isHeard" | "close">;

/** What the console gives. */
export interface TalkHost {
  send(message: ConsoleClientMessage): boolean;
  redraw(): void;
}

export const TALK_REF = "talk:";
/** A microphone in which nobody speaks for this time is turned off, in ms: it would keep colleagues out. */
export const IDLE_MS = 60_000;

const LINE_LOST = "The line to Sightline was lost. You are not heard.";
const ENDS: Readonly<Record<string, string>> = {
  session_over: "The officer’s session is over.", stream_over: "The officer’s picture has ended. Press again to go on.", handed_over: "The session was handed over.",
  taken: "A colleague speaks to this officer now.", replaced: "You speak from another window now.", media_lost: "The voice connection was lost. Press again.",
  gateway_failed: "The voice could not be connected. Press again.",
};

function fromBrowser(): Promise<MediaStream> {
  return navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true } });
}

/** The operator's microphone, and who else speaks. */
export class Talking implements LinkPart {
  readonly topic = "talk";
  private state: TalkState = "off";
  private sessionId: string | null = null;
  private isHeld = false;
  private isOpen = false;
  private fault = "";
  private voice: VoiceLine | null = null;
  private talkId: string | null = null;
  /** Number of the newest try: what an older one brings comes too late. */
  private attempt = 0;
  private idle: ReturnType<typeof setTimeout> | undefined;
  private readonly talks = new Map<string, { talk: TalkView | null; revision: number }>();

  constructor(private readonly host: TalkHost, private readonly ends: TalkEnds = {}) {}

  /** How it stands for one session. */
  status(sessionId: string): TalkStatus {
    const isHere = this.sessionId === sessionId;
    const talk = this.talks.get(sessionId)?.talk ?? null;
    const other = talk !== null && talk.id !== this.talkId && (talk.speaking || !isHere) ? talk : null;
    return { state: isHere ? this.state : "off", isOpen: isHere && this.isOpen, fault: isHere ? this.fault : "", other };
  }

  /** The button, or its key, is down: speak to the officer of this session. */
  press(sessionId: string): void {
    this.isHeld = true;
    this.want(sessionId);
  }

  /** It was let go. */
  release(): void {
    if (!this.isHeld) return;
    this.isHeld = false;
    this.apply();
  }

  /** Keeps the microphone open, or no longer. */
  setOpen(sessionId: string, isOpen: boolean): void {
    if (isOpen) {
      this.isOpen = true;
      this.want(sessionId);
    } else {
      this.isOpen = false;
      this.apply();
    }
  }

  /** This session is on the screen, or none: whoever is not seen is not spoken to. */
  shown(sessionId: string | null): void {
    if (this.sessionId !== null && this.sessionId !== sessionId) this.end("");
    if (this.sessionId !== sessionId) this.sessionId = null;
  }

  /** The line is down: nobody could end the talk from here, so nothing is said into it. */
  lineLost(): void {
    this.talks.clear();
    if (this.state !== "off") this.end(LINE_LOST);
  }

  received(message: ConsoleServerMessage): boolean {
    if (message.type === "session.snapshot") this.note(message.session.id, message.talk, message.session.revision);
    else if (message.type === "talk.changed") this.changed(message);
    else if (message.type === "talk.answer") void this.answered(message);
    return message.type === "talk.changed" || message.type === "talk.answer";
  }

  refused(ref: string, text: string): boolean {
    if (!ref.startsWith(TALK_REF)) return false;
    if (ref === TALK_REF + String(this.attempt)) this.end(text);
    return true;
  }

  missed(): void {
    // It has no topic of its own: what is missing comes with the session's snapshot.
  }

  private want(sessionId: string): void {
    if (this.sessionId !== sessionId && this.state !== "off") this.close();
    this.sessionId = sessionId;
    if (this.state === "off") void this.begin(sessionId);
    else this.apply();
  }

  private async begin(sessionId: string): Promise<void> {
    this.attempt += 1;
    const attempt = this.attempt;
    this.fault = "";
    this.change("asking");
    let track: MediaStreamTrack | undefined;
    try {
      track = (await (this.ends.source ?? fromBrowser)()).getAudioTracks()[0];
    } catch (error) {
      if (attempt === this.attempt) this.end(faultOf(error));
      return;
    }
    if (attempt !== this.attempt || track === undefined) {
      track?.stop();
      return;
    }
    await this.offer(sessionId, track, attempt);
  }

  private async offer(sessionId: string, track: MediaStreamTrack, attempt: number): Promise<void> {
    const whileCurrent = (act: () => void): void => {
      if (attempt === this.attempt) act();
    };
    const make = this.ends.makeSpeaker ?? ((one, events) => new Speaker(one, events));
    const voice = make(track, {
      candidate: (candidate) => whileCurrent(() => this.sendCandidate(candidate)),
      connected: () => whileCurrent(() => this.connected()),
      lost: () => whileCurrent(() => this.end(ENDS.media_lost ?? "")),
    });
    this.voice = voice;
    this.change("connecting");
    const sdp = await voice.offer();
    if (attempt !== this.attempt) return;
    const isSent = this.host.send({ type: "talk.start", session_id: sessionId, sdp, ref: TALK_REF + String(attempt) });
    if (!isSent) this.end("Not connected: you are not heard.");
  }

  private async answered(message: Extract<SpeakingServerMessage, { type: "talk.answer" }>): Promise<void> {
    const attempt = this.attempt;
    if (this.voice === null || message.ref !== TALK_REF + String(attempt)) {
      this.host.send({ type: "talk.stop", talk_id: message.talk_id });
      return;
    }
    this.talkId = message.talk_id;
    try {
      await this.voice.accept(message.sdp, message.ice_servers);
    } catch {
      if (attempt === this.attempt) this.end(ENDS.gateway_failed ?? "");
    }
  }

  private connected(): void {
    if (this.state === "connecting") this.change("ready");
    this.apply();
  }

  /** Makes what is heard what is wanted. */
  private apply(): void {
    const wants = this.isHeld || this.isOpen;
    if (this.voice !== null && this.talkId !== null && (this.state === "ready" || this.state === "speaking")) {
      const isSpeaking = this.state === "speaking";
      this.voice.isHeard = wants;
      if (wants !== isSpeaking) this.host.send({ type: "talk.speak", talk_id: this.talkId, on: wants });
      this.state = wants ? "speaking" : "ready";
    }
    clearTimeout(this.idle);
    if (!wants && this.state !== "off") this.idle = setTimeout(() => this.end(""), IDLE_MS);
    this.host.redraw();
  }

  private changed(message: Extract<SpeakingServerMessage, { type: "talk.changed" }>): void {
    this.note(message.session_id, message.talk, message.revision);
    if (message.ended !== null && message.ended.id === this.talkId) this.end(ENDS[message.ended.reason] ?? "");
  }

  private note(sessionId: string, talk: TalkView | null, revision: number): void {
    const known = this.talks.get(sessionId);
    if (known !== undefined && known.revision > revision) return;
    this.talks.set(sessionId, { talk, revision });
    this.host.redraw();
  }

  private sendCandidate(candidate: Parameters<ConstructorParameters<typeof Speaker>[1]["candidate"]>[0]): void {
    if (this.talkId !== null) this.host.send({ type: "talk.candidate", talk_id: this.talkId, candidate });
  }

  /** Off, on both sides, and why. */
  private end(fault: string): void {
    this.isHeld = this.isOpen = false;
    this.close();
    this.fault = fault;
    this.host.redraw();
  }

  private close(): void {
    this.attempt += 1;
    clearTimeout(this.idle);
    this.voice?.close();
    this.voice = null;
    if (this.talkId !== null) this.host.send({ type: "talk.stop", talk_id: this.talkId });
    this.talkId = null;
    this.state = "off";
  }

  private change(state: TalkState): void {
    this.state = state;
    this.host.redraw();
  }
}

function faultOf(error: unknown): string {
  const name = error instanceof Error ? error.name : "";
  if (name === "NotAllowedError") return "The browser may not use the microphone. Allow it in the settings of this site, then press again.";
  if (name === "NotFoundError") return "This workstation has no microphone.";
  return "The microphone did not start. Another program may be using it.";
}
