/** The control room's voice on the officer's page: played at once, said in words, and found again after a reload. */

import { html, nothing, type TemplateResult } from "lit-html";

import { Listener, type ListenerEvents } from "../media/listener";
import type { IceServer, OfficerServerMessage, OfficerState, OwnTalk } from "../signalling/messages";
import type { SocketState } from "../signalling/socket";
import type { OfficerPart, PartHost } from "./parts";

/** Time until a voice that was lost, or could not be had yet, is asked for again, in ms. */
const AGAIN_MS = 1_500;
export const LISTEN_REF = "listen:";

/** For tests: another end in the place of the connection. */
export type MakeListener = (events: ListenerEvents) => Pick<Listener, "accept" | "resume" | "close">;

/** The part of the page that listens, while this phone shares. */
export class Voice implements OfficerPart {
  private talk: OwnTalk | null = null;
  private revision = 0;
  /** The talk that was asked for. */
  private askedId: string | null = null;
  private listener: ReturnType<MakeListener> | null = null;
  private sound: "none" | "playing" | "needs_tap" = "none";
  private again: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly host: PartHost, private readonly make: MakeListener = (events) => new Listener(events)) {}

  /** A new line is asked anew: the process that served the one before may be gone, and the voice with it. */
  lineChanged(line: SocketState): void {
    if (line === "open") this.askedId = null;
  }

  stateTaken({ live }: OfficerState): void {
    this.talk = live?.talk ?? null;
    this.revision = live?.session.revision ?? 0;
    this.follow();
  }

  received(message: OfficerServerMessage): boolean {
    if (message.type === "error") return this.refused(message.ref ?? "");
    if (message.type === "talk.changed") this.changed(message.talk, message.revision);
    else if (message.type === "talk.offer") void this.accept(message.talk_id, message.sdp, message.ice_servers);
    else return false;
    return true;
  }

  /** This phone began to share, or shares no longer: then it listens no longer, too. */
  pageChanged(): void {
    this.follow();
  }

  liveView(): TemplateResult | typeof nothing {
    const { talk } = this;
    if (talk === null) return nothing;
    if (this.sound === "needs_tap") {
      return html`<button type="button" class="act hear" data-testid="tap-to-hear" @click=${() => void this.listener?.resume()}>Tap to hear the control room</button>`;
    }
    if (!talk.speaking) return nothing;
    return html`<p class="voice" role="status" data-testid="voice" data-sound=${this.sound}><b>Control room: ${talk.name} is speaking</b>${this.sound === "none" ? html`<span>Connecting the sound…</span>` : nothing}</p>`;
  }

  private changed(talk: OwnTalk | null, revision: number): void {
    if (revision < this.revision) return;
    this.revision = revision;
    this.talk = talk;
    this.follow();
    this.host.redraw();
  }

  /** Ask for the talk that goes on, once; let go of one that does not, or that this phone has no part in. */
  private follow(): void {
    const wanted = this.host.page().joined === null ? null : (this.talk?.id ?? null);
    if (wanted === null) this.drop();
    else if (wanted !== this.askedId) this.ask(wanted);
  }

  private ask(talkId: string): void {
    clearTimeout(this.again);
    // What cannot be said now is asked with the next line's state.
    if (this.host.send({ type: "talk.listen", talk_id: talkId, ref: LISTEN_REF + talkId })) this.askedId = talkId;
  }

  private drop(): void {
    clearTimeout(this.again);
    this.askedId = null;
    this.silence();
  }

  private silence(): void {
    this.listener?.close();
    this.listener = null;
    this.sound = "none";
  }

  private async accept(talkId: string, sdp: string, iceServers: IceServer[]): Promise<void> {
    if (talkId !== this.askedId) return;
    this.silence();
    const listener: ReturnType<MakeListener> = this.make({
      answer: (answer) => this.host.send({ type: "talk.accept", talk_id: talkId, sdp: answer }),
      candidate: (candidate) => this.host.send({ type: "talk.candidate", talk_id: talkId, candidate }),
      playing: () => this.heard(listener, "playing"),
      needsTap: () => this.heard(listener, "needs_tap"),
      lost: () => this.lost(listener),
    });
    this.listener = listener;
    try {
      await listener.accept(sdp, iceServers);
    } catch {
      this.lost(listener);
    }
  }

  private heard(listener: ReturnType<MakeListener>, sound: "playing" | "needs_tap"): void {
    if (this.listener !== listener) return;
    this.sound = sound;
    this.host.redraw();
  }

  private lost(listener: ReturnType<MakeListener>): void {
    if (this.listener !== listener) return;
    this.silence();
    this.askLater();
    this.host.redraw();
  }

  /** The voice is still connecting, mostly. */
  private refused(ref: string): boolean {
    if (!ref.startsWith(LISTEN_REF)) return false;
    if (ref === LISTEN_REF + String(this.askedId)) this.askLater();
    return true;
  }

  private askLater(): void {
    clearTimeout(this.again);
    this.again = setTimeout(() => {
      this.askedId = null;
      this.follow();
    }, AGAIN_MS);
  }
}
