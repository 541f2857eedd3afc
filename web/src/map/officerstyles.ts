/** What officers on duty look like on the map: a square with the letter of the status; hollow when the position is old. */

import { Circle, Point } from "ol/geom";
import { Fill, RegularShape, Stroke, Style, Text } from "ol/style";
import Feature from "ol/Feature";

import type { OfficerView } from "../signalling/messages";
import type { Freshness } from "./freshness";
import { pageScale } from "./scale";
import { OFFICERS, type MapTheme, type OfficerPalette } from "./theme";

type Status = OfficerView["status"];

export const STATUS_LETTERS: Readonly<Record<Status, string>> = { available: "A", en_route: "E", at_scene: "S" };

const FAMILY = "system-ui, 'Segoe UI', 'Liberation Sans', Arial, sans-serif";
const OPACITY: Readonly<Record<Freshness, number>> = { fresh: 1, ageing: 0.6, stale: 0.5 };
/** Looks that are kept; more are made anew. Names make most of them. */
const MOST_LOOKS = 4_000;

/** What one mark of an officer looks like. */
export interface OfficerLook {
  status: Status;
  freshness: Freshness;
  isChosen: boolean;
  /** "" where there is no room for names. */
  name: string;
}

/** Makes each look once. */
export class OfficerStyles {
  private readonly made = new Map<string, Style[]>();
  private palette: OfficerPalette = OFFICERS.dark;
  private scale = pageScale();

  /** Colours and size of letters of the page; whatever was made in others is forgotten. */
  dress(theme: MapTheme): void {
    const scale = pageScale();
    if (this.palette === OFFICERS[theme] && this.scale === scale) return;
    this.palette = OFFICERS[theme];
    this.scale = scale;
    this.made.clear();
  }

  officer(look: OfficerLook): Style[] {
    const { status, freshness, isChosen, name } = look;
    return this.kept(`${status} ${freshness} ${isChosen} ${name}`, () => [
      this.square(look),
      ...(name === "" ? [] : [this.label(name, isChosen)]),
    ]);
  }

  /** @param available how many of them are */
  cluster(count: number, available: number): Style[] {
    return this.kept(`${count} of whom ${available}`, () => {
      const image = new RegularShape({
        points: 4, angle: Math.PI / 4, radius: count < 10 ? 21 : count < 100 ? 24 : 28, scale: this.scale,
        fill: new Fill({ color: this.palette.clusterGround }), stroke: new Stroke({ color: this.palette.clusterEdge, width: 2 }),
      });
      const free = new Text({
        text: `A ${available}`, font: `600 10px ${FAMILY}`, scale: this.scale, offsetY: 9 * this.scale,
        fill: new Fill({ color: available === 0 ? this.palette.quiet : rgb(this.palette.tones.available) }),
      });
      return [new Style({ image, text: this.letters(String(count), 13, -4), zIndex: 2 }), new Style({ text: free, zIndex: 3 })];
    });
  }

  /** The circle in which the phone says it is. */
  accuracy(): Style {
    return new Style({
      fill: new Fill({ color: this.palette.accuracy }),
      stroke: new Stroke({ color: this.palette.clusterEdge, width: 1.5 }),
    });
  }

  private square({ status, freshness, isChosen }: OfficerLook): Style {
    const isStale = freshness === "stale";
    const tone = rgb(this.palette.tones[status], OPACITY[freshness]);
    const image = new RegularShape({
      points: 4, angle: Math.PI / 4, radius: isChosen ? 17 : 13, scale: this.scale,
      fill: new Fill({ color: isStale ? this.palette.hollow : tone }),
      stroke: isStale
        ? new Stroke({ color: tone, width: 2, lineDash: [4, 3] })
        : new Stroke({ color: isChosen ? this.palette.chosenRing : this.palette.ring, width: isChosen ? 3 : 1.5 }),
    });
    const text = this.letters(STATUS_LETTERS[status], isChosen ? 14 : 12, 0.5);
    text.setFill(new Fill({ color: isStale ? this.palette.text : this.palette.onTone }));
    return new Style({ image, text, zIndex: isChosen ? 5 : 1 });
  }

  private label(name: string, isChosen: boolean): Style {
    return new Style({
      text: new Text({
        text: name, font: `600 11px ${FAMILY}`, scale: this.scale, textAlign: "left", offsetX: (isChosen ? 18 : 14) * this.scale,
        fill: new Fill({ color: this.palette.text }), backgroundFill: new Fill({ color: this.palette.nameGround }), padding: [2, 4, 1, 4],
      }),
      zIndex: isChosen ? 4 : 0,
    });
  }

  private letters(text: string, size: number, offsetY: number): Text {
    return new Text({
      text, font: `700 ${size}px ${FAMILY}`, scale: this.scale, offsetY: offsetY * this.scale, fill: new Fill({ color: this.palette.text }),
    });
  }

  private kept(key: string, make: () => Style[]): Style[] {
    const known = this.made.get(key);
    if (known !== undefined) return known;
    if (this.made.size >= MOST_LOOKS) this.made.clear();
    const made = make();
    this.made.set(key, made);
    return made;
  }
}

/** A feature at a place, to be moved. */
export function pointAt(x: number, y: number): Feature {
  return new Feature(new Point([x, y]));
}

/** A circle of so many units, to be moved. */
export function circleAt(x: number, y: number, radius: number): Feature {
  return new Feature(new Circle([x, y], radius));
}

function rgb(tone: string, opacity = 1): string {
  return `rgba(${tone}, ${opacity})`;
}
