/**
 * The pictures of a call on the stage. Each has one element for as long as it is there, whatever moves: an element that is
 * taken out of the page and put back stops playing. The order in the page is the people's; places are set by style alone.
 */

import { el, setShown, setText } from "../public/dom";
import type { Role } from "../signalling/meetingmessages";
import type { Cell } from "./grid";
import type { RoomTexts } from "../meeting/texts/en/room";

/** What one tile shows. */
export interface TileView {
  key: string;
  name: string;
  role: Role | null;
  isSelf: boolean;
  isScreen: boolean;
  /** What is played; null while there is no picture. */
  track: MediaStreamTrack | null;
  /** Why there is no picture, or what is wrong with it; "" when all is well. */
  note: string;
  marks: readonly { name: "muted" | "hand" | "recorded" | "leads" | "cautioned"; words: string }[];
  isSpeaking: boolean;
  isPinned: boolean;
  isMirrored: boolean;
}

/** What the tiles tell. */
export interface TileActs {
  /** Somebody is to be large, or not any more. */
  readonly pin: (key: string) => void;
  /** The element of the own picture: who listens to it shows nothing of it. */
  readonly onSelf?: (element: HTMLElement) => void;
}

interface Tile {
  root: HTMLElement;
  video: HTMLVideoElement;
  letter: HTMLElement;
  plate: HTMLElement;
  name: HTMLElement;
  role: HTMLElement;
  marks: HTMLElement;
  note: HTMLElement;
  pin: HTMLButtonElement | null;
  track: MediaStreamTrack | null;
}

/** All tiles of one stage. */
export class Tiles {
  readonly root: HTMLElement;
  private readonly tiles = new Map<string, Tile>();

  constructor(private readonly texts: RoomTexts, private readonly acts: TileActs) {
    this.root = el("div", { class: "stage", attributes: { role: "group", "aria-label": texts.stage, "data-testid": "stage", dir: "ltr" } });
  }

  /** Width of the place of each picture that has one, in CSS pixels, by its key. */
  show(views: readonly TileView[], cells: readonly Cell[]): void {
    const keys = new Set(views.map((view) => view.key));
    for (const [key, tile] of this.tiles) if (!keys.has(key)) this.remove(key, tile);
    const places = new Map(cells.map((cell) => [cell.key, cell]));
    views.forEach((view, index) => {
      const tile = this.tiles.get(view.key) ?? this.make(view, views[index - 1]?.key);
      this.update(tile, view);
      place(tile.root, places.get(view.key));
    });
  }

  /** Play what the browser kept back. Called in a touch. */
  resume(): void {
    for (const { video } of this.tiles.values()) if (video.srcObject !== null) void video.play().catch(() => undefined);
  }

  /** Whether a picture is kept back until a touch. */
  get needsTap(): boolean {
    return [...this.tiles.values()].some(({ video, root }) => !root.hidden && video.srcObject !== null && video.paused);
  }

  private make(view: TileView, after: string | undefined): Tile {
    const video = el("video", { attributes: { playsinline: true, autoplay: true, "aria-hidden": "true", tabindex: "-1" } });
    video.muted = true;
    video.disablePictureInPicture = true;
    const [letter, name, role] = [el("span", { class: "tile-letter", attributes: { "aria-hidden": "true" } }), el("bdi", { class: "tile-name" }), el("span", { class: "tile-role" })];
    const marks = el("span", { class: "tile-marks" });
    const note = el("p", { class: "tile-note" });
    const plate = el("p", { class: "tile-plate" }, name, role, marks);
    const pin = view.isSelf ? null : el("button", { class: "tile-pin", attributes: { type: "button" }, onClick: () => this.acts.pin(view.key) });
    const root = el("figure", { class: "tile", attributes: { role: "group", "data-key": view.key, "data-testid": "tile" } }, video, letter, note, plate, pin);
    const tile: Tile = { root, video, letter, plate, name, role, marks, note, pin, track: null };
    this.tiles.set(view.key, tile);
    const before = after === undefined ? null : this.tiles.get(after);
    if (before == null) this.root.prepend(root);
    else before.root.after(root);
    if (view.isSelf) this.acts.onSelf?.(root);
    return tile;
  }

  private update(tile: Tile, view: TileView): void {
    const { texts } = this;
    const name = view.isScreen ? texts.tile.screen(view.name) : view.isSelf ? texts.you : view.name;
    setText(tile.name, name);
    setText(tile.role, view.role === null || view.isScreen ? "" : texts.roles[view.role]);
    setText(tile.letter, initialOf(view.name));
    setText(tile.note, view.note);
    setText(tile.marks, view.marks.map((mark) => mark.words).join(" · "));
    setShown(tile.note, view.note !== "");
    setShown(tile.letter, view.track === null);
    setShown(tile.video, view.track !== null);
    tile.root.setAttribute("aria-label", [name, tile.role.textContent, ...view.marks.map((mark) => mark.words), view.note].filter((part) => part !== "").join(", "));
    tile.root.classList.toggle("is-speaking", view.isSpeaking);
    tile.root.classList.toggle("is-mirrored", view.isMirrored);
    tile.root.classList.toggle("is-screen", view.isScreen);
    tile.root.classList.toggle("is-recorded", view.marks.some((mark) => mark.name === "recorded"));
    tile.root.classList.toggle("has-hand", view.marks.some((mark) => mark.name === "hand"));
    if (tile.pin !== null) {
      const words = view.isPinned ? texts.tile.unpin : texts.tile.pin;
      setText(tile.pin, words);
      tile.pin.setAttribute("aria-label", `${words}: ${name}`);
      tile.pin.setAttribute("aria-pressed", String(view.isPinned));
    }
    this.play(tile, view.track);
  }

  private play(tile: Tile, track: MediaStreamTrack | null): void {
    if (tile.track === track) return;
    tile.track = track;
    tile.video.srcObject = track === null ? null : new MediaStream([track]);
    if (track !== null) void tile.video.play().catch(() => undefined);
  }

  private remove(key: string, tile: Tile): void {
    tile.video.pause();
    tile.video.srcObject = null;
    tile.root.remove();
    this.tiles.delete(key);
  }
}

/** Where there is no place the picture is not shown; its element stays. */
function place(root: HTMLElement, cell: Cell | undefined): void {
  setShown(root, cell !== undefined);
  if (cell === undefined) return;
  const { style } = root;
  style.left = `${cell.x}px`;
  style.top = `${cell.y}px`;
  style.width = `${cell.width}px`;
  style.height = `${cell.height}px`;
  root.classList.toggle("is-inset", cell.isInset === true);
  root.classList.toggle("is-small", cell.width < 200);
}

/** The first letter of a name, of whatever script. */
export function initialOf(name: string): string {
  return Array.from(name.trim())[0]?.toUpperCase() ?? "";
}
