/** The stage of a call: who is on it and where, who speaks, and which layer of each picture is asked for. */

import type { FeedTracks, Reception } from "../media/reception";
import { DownlinkMeter } from "../media/downlink";
import type { PersonView, RoomState, SeatClientMessage } from "../signalling/meetingmessages";
import type { Call } from "./call";
import { gridOf, type Cell, type GridTile } from "./grid";
import { isInside, isInterpreter, sharerOf } from "./people";
import { Speaking } from "./speaking";
import { Tiles, type TileView } from "./tiles";
import { LayerAsker, layersFor, type WantedTile } from "./wanted";

/** Time between two looks at who speaks, in ms; where only statistics say it, they are asked less often. */
const LOOK_MS = 200;
const STATS_EVERY = 3;
const SCREEN = "screen:";

/** What the stage sends. */
export interface StageParts {
  readonly send: (message: SeatClientMessage) => boolean;
}

/** One call's stage. */
export class Stage {
  readonly tiles: Tiles;
  private readonly asker: LayerAsker;
  private speaking = new Speaking();
  private meter = new DownlinkMeter();
  private tracks: ReadonlyMap<string, FeedTracks> = new Map();
  private pinned: string | null = null;
  private timer: ReturnType<typeof setInterval> | undefined;
  private looks = 0;
  private observer: ResizeObserver | null = null;

  constructor(private readonly call: Call, parts: StageParts) {
    const { texts, onSelfTile } = call.parts;
    this.tiles = new Tiles(texts.room, { pin: (key) => this.pin(key), ...(onSelfTile === undefined ? {} : { onSelf: onSelfTile }) });
    this.asker = new LayerAsker((wanted) => parts.send({ type: "call.layers", wanted }));
  }

  /** The element, for the view. */
  get root(): HTMLElement {
    return this.tiles.root;
  }

  /** The seat is taken: look and measure from now on. */
  start(): void {
    this.forget();
    this.timer ??= setInterval(() => void this.look(performance.now()), LOOK_MS);
    if (this.observer !== null || !("ResizeObserver" in window)) return;
    this.observer = new ResizeObserver(() => this.layout());
    this.observer.observe(this.root);
  }

  /** The room is left. */
  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    this.observer?.disconnect();
    this.observer = null;
    this.asker.stop();
    this.speaking = new Speaking();
    this.pinned = null;
    this.tracks = new Map();
    this.tiles.show([], []);
  }

  /** The server knows nothing of what was asked for. */
  forget(): void {
    this.asker.forget();
  }

  /** Everything that arrives, anew. */
  receive(tracks: ReadonlyMap<string, FeedTracks>): void {
    this.tracks = tracks;
    this.forget();
    this.layout();
  }

  /** Who left speaks no more and is pinned no more. */
  roomChanged(before: RoomState, now: RoomState): void {
    const left = before.people.filter((person) => !now.people.some((one) => one.id === person.id && isInside(one)));
    for (const { id } of left) {
      this.speaking.forget(id);
      if (this.pinned === id) this.pinned = null;
    }
  }

  /** Put everything in its place, and ask for the layers that fit. */
  layout(): void {
    const views = this.views();
    const { clientWidth: width, clientHeight: height } = this.root;
    const tiles = views.map(({ key, role, isSelf, isScreen }): GridTile => ({ key, role: role ?? "officer", isSelf, isScreen }));
    const cells = gridOf({ tiles, pinned: this.pinned, speaker: this.speaking.speaker, width, height });
    this.tiles.show(views, cells);
    this.ask(cells);
  }

  private pin(key: string): void {
    this.pinned = this.pinned === key ? null : key;
    this.layout();
  }

  private views(): TileView[] {
    const { room } = this.call;
    const people = (room?.people ?? []).filter(isInside);
    const views = people.map((person) => this.personView(person));
    const sharer = sharerOf(room);
    const isOwn = sharer !== null && sharer.id === this.call.parts.selfId();
    if (room?.screen_feed_id == null || sharer === null || isOwn) return views;
    return [this.screenView(room.screen_feed_id, sharer), ...views];
  }

  private personView(person: PersonView): TileView {
    const isSelf = person.id === this.call.parts.selfId();
    const track = isSelf ? this.call.parts.capture.picture : this.trackOf(person);
    return {
      key: person.id, name: person.name, role: person.role, isSelf, isScreen: false, track,
      note: isSelf ? this.ownNote() : this.noteOf(person, track),
      marks: this.marksOf(person), isSpeaking: this.speaking.speaker === person.id, isPinned: this.pinned === person.id, isMirrored: isSelf,
    };
  }

  private screenView(feedId: string, sharer: PersonView): TileView {
    const key = SCREEN + feedId;
    return {
      key, name: sharer.name, role: null, isSelf: false, isScreen: true, track: this.tracks.get(feedId)?.video ?? null, note: "", marks: [],
      isSpeaking: false, isPinned: this.pinned === key, isMirrored: false,
    };
  }

  /** The picture of somebody, where one arrives and is asked for. */
  private trackOf(person: PersonView): MediaStreamTrack | null {
    const feed = cameraOf(person);
    const hasPicture = feed !== undefined && feed.layers > 0 && !person.camera_off && person.state === "in_call";
    if (!hasPicture || this.isWithheld(person)) return null;
    return this.tracks.get(feed.id)?.video ?? null;
  }

  /** This page's own line is too weak to show it. */
  private isWithheld(person: PersonView): boolean {
    const { step } = this.call.ladder;
    if (step === "voice") return true;
    return step === "few" && !isInterpreter(person.role) && this.speaking.speaker !== person.id;
  }

  private noteOf(person: PersonView, track: MediaStreamTrack | null): string {
    const words = this.call.parts.texts.room.tile;
    if (person.state === "lost") return words.lost;
    if (person.state === "private") return words.private;
    const feed = cameraOf(person);
    if (feed?.is_up !== true) return words.connecting;
    if (person.rung === "voice") return words.weak;
    if (person.camera_off) return words.cameraOff;
    return track === null && this.isWithheld(person) ? words.notShown : "";
  }

  private ownNote(): string {
    const words = this.call.parts.texts.room.tile;
    const { capture } = this.call.parts;
    if (this.call.own.isCameraOff) return words.cameraOff;
    if (capture.isPaused) return words.paused;
    return this.call.ladder.rung === "voice" ? words.weak : "";
  }

  private marksOf(person: PersonView): TileView["marks"] {
    const words = this.call.parts.texts.room.tile;
    const marks: { name: TileView["marks"][number]["name"]; words: string }[] = [];
    if (person.hand_at !== null) marks.push({ name: "hand", words: words.hand });
    if (person.is_muted && person.state === "in_call") marks.push({ name: "muted", words: words.muted });
    if (person.is_recorded && this.call.room?.recording.on === true) marks.push({ name: "recorded", words: words.recorded });
    if (person.is_leader) marks.push({ name: "leads", words: words.leads });
    return [...marks, ...(this.call.parts.marksOf?.(person) ?? [])];
  }

  private ask(cells: readonly Cell[]): void {
    const widths = new Map(cells.map((cell) => [cell.key, document.visibilityState === "hidden" ? 0 : cell.width]));
    const wanted: WantedTile[] = [];
    const { room } = this.call;
    for (const person of room?.people ?? []) {
      const feed = cameraOf(person);
      if (feed === undefined || person.id === this.call.parts.selfId() || !this.tracks.has(feed.id)) continue;
      const isSigner = person.role === "bsl_interpreter";
      const isKept = isInterpreter(person.role) || this.speaking.speaker === person.id;
      wanted.push({ feedId: feed.id, width: widths.get(person.id) ?? 0, isScreen: false, isKept, isSigner });
    }
    const screen = room?.screen_feed_id ?? null;
    if (screen !== null && this.tracks.has(screen)) {
      wanted.push({ feedId: screen, width: widths.get(SCREEN + screen) ?? 0, isScreen: true, isKept: true, isSigner: false });
    }
    this.asker.want(layersFor(wanted, this.call.ladder.step, window.devicePixelRatio));
  }

  private async look(at: number): Promise<void> {
    const reception = this.call.seat.receiving;
    if (reception === null) return;
    this.looks += 1;
    let levels = reception.levels();
    if (levels.size === 0) {
      if (this.looks % STATS_EVERY !== 0) return;
      levels = await this.levelsByStats(reception);
    }
    const before = this.speaking.speaker;
    if (this.speaking.step(this.byPerson(levels), at) !== before) this.layout();
  }

  /** Browsers that do not say the level of a source may say it in their statistics. */
  private async levelsByStats(reception: Reception): Promise<Map<string, number>> {
    const stats = await reception.stats();
    const found = new Map<string, number>();
    if (stats === null) return found;
    for (const [mid, level] of this.meter.read(stats.values()).levels) {
      const line = reception.lineOf(mid);
      if (line !== undefined) found.set(line.feed_id, level);
    }
    return found;
  }

  private byPerson(levels: ReadonlyMap<string, number>): Map<string, number> {
    const found = new Map<string, number>();
    for (const person of this.call.room?.people ?? []) {
      const feed = cameraOf(person);
      const level = feed === undefined || person.is_muted ? undefined : levels.get(feed.id);
      if (level !== undefined) found.set(person.id, level);
    }
    return found;
  }
}

function cameraOf(person: PersonView): PersonView["feeds"][number] | undefined {
  return person.feeds.find((feed) => feed.source === "camera");
}
