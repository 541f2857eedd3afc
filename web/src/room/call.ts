/**
 * One call on one page, whoever's it is: takes the frames of a seat, keeps what is true of the room, and is what the views
 * draw and their buttons act on. A private talk is the same with another purpose: nobody else is in it, and nothing is kept.
 */

import type { Capture } from "../media/capture";
import type { FeedTracks } from "../media/reception";
import type { ErrorMessage, IceServer } from "../signalling/messages";
import { handle, type Handlers } from "../signalling/handling";
import type { Waiting } from "../signalling/queue";
import type {
  CallUpload, ConsentAsked, GoneReason, PersonView, PlacePurpose, RoomState, SaidView, SeatClientMessage, SeatServerMessage,
} from "../signalling/meetingmessages";
import { ChatLog } from "./chat";
import { RecordingConsent } from "./consent";
import { CallFiles } from "./files";
import { Hearing } from "./hearing";
import { LineLadder } from "./lineladder";
import { Own } from "./own";
import { newest, newsOf, personOf, type RoomNews } from "./people";
import { Seat, type SeatState } from "./seat";
import { RecordingSign } from "./sign";
import { Stage } from "./stage";
import type { CallTexts } from "./texts";

/** What opens beside the pictures. */
export type Panel = "chat" | "people" | "files" | "devices" | "more" | "leave";

/** What a call needs of its page. */
export interface CallParts {
  texts: CallTexts;
  capture: Capture;
  isPhone: boolean;
  isSafe: boolean;
  isPolice: boolean;
  readonly selfId: () => string | null;
  readonly sessionId: () => string;
  readonly uploadDoor: () => string;
  readonly send: (message: SeatClientMessage, waiting?: Waiting) => boolean;
  readonly redraw: () => void;
  readonly onSeat: (state: SeatState) => void;
  readonly onGone: (reason: GoneReason) => void;
  readonly onRefused: (code: string, details: Record<string, unknown>) => void;
  /** The person wants to leave, and has confirmed it. */
  readonly onLeave: () => void;
  readonly onSelfTile?: (element: HTMLElement) => void;
  /** What only officers see on a tile. */
  marksOf?(person: PersonView): readonly { name: "cautioned"; words: string }[];
  /** For tests. */
  createConnection?: (configuration: RTCConfiguration) => RTCPeerConnection;
}

/** One call. */
export class Call {
  readonly seat: Seat;
  readonly own: Own;
  readonly chat: ChatLog;
  readonly files: CallFiles;
  readonly consent: RecordingConsent;
  readonly sign: RecordingSign = new RecordingSign();
  readonly hearing: Hearing;
  readonly ladder: LineLadder;
  readonly stage: Stage;
  /** The newest word of the room; null outside of it. */
  room: RoomState | null = null;
  /** What was told last, for who hears the screen and who looks away. */
  news: RoomNews[] = [];
  panel: Panel | null = null;
  /** Code of an act that did not work, until the next one. */
  problem: string | null = null;

  private readonly handlers: Handlers<SeatServerMessage> = {
    "room.changed": (message) => this.roomChanged(message, message.place_id),
    "call.said": ({ message }) => this.chat.said(message, this.panel === "chat"),
    "upload.changed": ({ upload }) => this.files.changed(upload),
    "mute.asked": ({ by_name }) => this.own.askedToMute(by_name),
    "consent.asked": ({ round, why, wording }) => this.consent.ask({ round, why, wording }),
    "consent.kept": ({ round, answer }) => this.consent.kept(round, answer),
    "recording.changed": (recording) => {
      if (!this.isPrivate) this.sign.follow(recording);
    },
    "caution.stated": ({ text }) => {
      if (this.room !== null && !this.isPrivate) this.room = { ...this.room, caution: { text } };
    },
  };

  constructor(readonly parts: CallParts) {
    const { capture, redraw, send, selfId } = parts;
    const say = (message: SeatClientMessage, waiting?: Waiting): boolean => send(message, waiting);
    this.hearing = new Hearing(redraw);
    this.seat = new Seat({
      capture, isPhone: parts.isPhone, send: say,
      onState: (state) => this.seatChanged(state), onRoom: (room) => this.roomFound(room), onTracks: (tracks) => this.tracksCame(tracks),
      onGone: (reason) => parts.onGone(reason), onRefused: (code, details) => parts.onRefused(code, details), onScreen: redraw,
      ...(parts.createConnection === undefined ? {} : { createConnection: parts.createConnection }),
    });
    this.ladder = new LineLadder({
      publisher: () => this.seat.feeds.publisher, reception: () => this.seat.receiving,
      camera: () => ({ camera: capture.picture === null ? "off" : "on", isPaused: capture.isPaused }),
      onChange: () => {
        this.own.report();
        redraw();
      },
    });
    this.own = new Own({
      capture, feeds: this.seat.feeds, send: say, self: () => this.self, rung: () => this.ladder.rung, relays: () => this.seat.relaysNow, silence: (isOff) => this.hearing.setOff(isOff), redraw,
    });
    this.chat = new ChatLog({ send: say, selfId, redraw });
    this.files = new CallFiles({ door: () => parts.uploadDoor(), sessionId: () => parts.sessionId(), isSafe: parts.isSafe, selfId, redraw });
    this.consent = new RecordingConsent({ send: say, redraw });
    this.stage = new Stage(this, { send: say });
  }

  /** The person of this page in the room. */
  get self(): PersonView | null {
    return personOf(this.room, this.parts.selfId());
  }

  /** Whether there is a seat, or one is being taken or found again. */
  get isOn(): boolean {
    return this.seat.state !== "out";
  }

  /** Whether this is a private talk. */
  get isPrivate(): boolean {
    return this.seat.purpose === "talk";
  }

  /** The server gave relays. */
  servers(iceServers: IceServer[] | null | undefined): void {
    if (iceServers != null) this.seat.servers(iceServers);
  }

  /** What the server knows when a page connects. */
  snapshot(known: { messages: readonly SaidView[]; uploads: readonly CallUpload[]; asked?: ConsentAsked | null }): void {
    this.chat.snapshot(known.messages);
    this.files.snapshot(known.uploads);
    if (known.asked !== undefined) this.consent.ask(known.asked);
  }

  /** Go into the call, or into a private talk. */
  join(purpose: Exclude<PlacePurpose, "check">, talkId: string | null = null): void {
    this.panel = null;
    this.problem = null;
    this.room = null;
    this.seat.join(purpose, talkId);
  }

  /** Out of the room, at once: nothing is sent or heard any more. */
  close(): void {
    this.seat.close();
  }

  lineOpened(): void {
    this.own.forget();
    this.stage.forget();
    this.seat.lineOpened();
  }

  lineLost(): void {
    this.seat.lineLost();
  }

  /** Camera or microphone have changed. */
  captureChanged(): void {
    if (!this.isOn) return;
    this.seat.feeds.follow();
    this.own.report();
    this.stage.layout();
  }

  /** Open a panel, or close the one that is open. */
  open(panel: Panel | null): void {
    this.panel = this.panel === panel ? null : panel;
    if (this.panel === "chat") this.chat.seen();
    this.parts.redraw();
  }

  /** Take in one frame; returns whether it was the call's. */
  receive(message: SeatServerMessage | ErrorMessage): boolean {
    if (message.type === "error") return this.refused(message);
    if (this.seat.receive(message)) return true;
    if (!handle(this.handlers, message)) return false;
    this.parts.redraw();
    return true;
  }

  private refused(message: ErrorMessage): boolean {
    const { ref, code } = message;
    if (this.seat.receive(message)) return true;
    if (!this.chat.refused(ref, code) && !this.consent.refused(ref, code)) {
      if (ref !== "screen") return false;
      this.problem = code;
    }
    this.parts.redraw();
    return true;
  }

  private seatChanged(state: SeatState): void {
    if (state === "in") {
      this.ladder.start();
      this.own.forget();
      this.stage.start();
    }
    if (state === "out" || state === "taken") this.wasLeft();
    this.parts.onSeat(state);
    this.parts.redraw();
  }

  private wasLeft(): void {
    this.ladder.stop();
    this.stage.stop();
    this.sign.stop();
    this.hearing.show(new Map());
    this.room = null;
    this.news = [];
    this.panel = null;
    this.own.mutedBy = null;
  }

  private roomFound(room: RoomState): void {
    this.room = room;
    this.sign.follow(room.recording);
    this.seat.feeds.resize(room.people.length);
    this.own.report();
    this.parts.redraw();
  }

  /** Of the rooms that a page may be told of, only its own counts. */
  private roomChanged(word: RoomState, placeId: string | undefined): void {
    const isOwn = placeId === undefined ? !this.isPrivate : placeId === this.seat.placeId;
    if (!isOwn || this.room === null) return;
    const before = this.room;
    const now = newest(before, word);
    if (now === before) return;
    this.room = now;
    this.news = newsOf(before, now, this.parts.selfId());
    this.sign.follow(now.recording);
    if (this.news.some((one) => one.what === "came")) this.sign.someoneJoined();
    this.seat.feeds.resize(now.people.length);
    this.stage.roomChanged(before, now);
    this.own.report();
  }

  private tracksCame(tracks: ReadonlyMap<string, FeedTracks>): void {
    const sounds = new Map<string, MediaStreamTrack>();
    for (const [feedId, { audio }] of tracks) if (audio !== null) sounds.set(feedId, audio);
    this.hearing.show(sounds);
    this.stage.receive(tracks);
  }
}
