/** Draws the National Grid on a canvas of its own, over or in place of map tiles. */

import Layer from "ol/layer/Layer";
import type { FrameState } from "ol/Map";
import { getPointResolution, transform, transformExtent } from "ol/proj";

import { gridLines, gridSquares, gridStep, lineLabel, squareLetters, type GridLine, type GridStep } from "./grid";
import { NATIONAL_GRID } from "./projection";
import type { MapTheme } from "./theme";
import { pageScale } from "./scale";

/** Colours of the grid, as canvas takes them. */
export interface GridPalette {
  paper: string | null;
  minor: string;
  major: string;
  label: string;
  square: string;
}

/** Over nothing: the grid is the map, on paper that is dark or light as the page is. */
export const GRID_ALONE: Record<MapTheme, GridPalette> = {
  dark: {
    paper: "#0e1620",
    minor: "rgba(125, 165, 205, 0.16)",
    major: "rgba(135, 180, 225, 0.42)",
    label: "rgba(176, 204, 232, 0.86)",
    square: "rgba(125, 165, 205, 0.34)",
  },
  light: {
    paper: "#f7f9fb",
    minor: "rgba(40, 80, 125, 0.2)",
    major: "rgba(30, 75, 125, 0.5)",
    label: "rgba(20, 50, 85, 0.95)",
    square: "rgba(40, 80, 125, 0.36)",
  },
};

/** Over tiles: lines and digits only. */
export const GRID_OVER_TILES: GridPalette = {
  paper: null,
  minor: "rgba(20, 60, 110, 0.22)",
  major: "rgba(20, 60, 110, 0.48)",
  label: "rgba(12, 40, 80, 0.95)",
  square: "rgba(20, 60, 110, 0.0)",
};

const FONT = "system-ui, 'Segoe UI', 'Liberation Sans', Arial, sans-serif";
/** Straight lines of the grid bend a little in other projections: this many points show it. */
const SAMPLES = 8;
/** Width of the left edge that the digits of northings need, in pixels. */
const EDGE = 36;

/** What one frame is drawn with. */
interface Pen {
  context: CanvasRenderingContext2D;
  palette: GridPalette;
  step: GridStep;
  width: number;
  height: number;
  toPixel: (easting: number, northing: number) => [number, number];
}

/** An OpenLayers layer that needs no source. */
export class GridLayer extends Layer {
  private readonly canvas = document.createElement("canvas");

  constructor(private palette: GridPalette) {
    super({});
    this.canvas.className = "map-grid";
  }

  /** Draws in other colours from now on. */
  recolour(palette: GridPalette): void {
    if (palette === this.palette) return;
    this.palette = palette;
    this.changed();
  }

  /** The grid draws itself whatever it is told about sources. */
  override getSourceState(): "ready" {
    return "ready";
  }

  /** Draws one frame. */
  override render(frame: FrameState): HTMLElement {
    // On a large screen everything is drawn larger: as if it had fewer pixels.
    const scale = pageScale();
    const [width, height] = [(frame.size[0] ?? 0) / scale, (frame.size[1] ?? 0) / scale];
    const context = this.sized(width, height, frame.pixelRatio * scale);
    if (context === null || frame.extent === null) return this.canvas;
    const code = frame.viewState.projection.getCode();
    const metres = getPointResolution(frame.viewState.projection, frame.viewState.resolution, frame.viewState.center, "m");
    const pen: Pen = {
      context,
      palette: this.palette,
      step: gridStep(metres * scale),
      width,
      height,
      toPixel: pixelOf(frame, code, scale),
    };
    drawGrid(pen, onGrid(frame.extent, code));
    // The layer above may draw on this very canvas, in its own pixels.
    context.setTransform(1, 0, 0, 1, 0, 0);
    return this.canvas;
  }

  /** The canvas at a size in CSS pixels, cleared. */
  private sized(width: number, height: number, ratio: number): CanvasRenderingContext2D | null {
    const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (this.canvas.width !== w || this.canvas.height !== h) {
      this.canvas.width = w;
      this.canvas.height = h;
    }
    const context = this.canvas.getContext("2d");
    context?.setTransform(ratio, 0, 0, ratio, 0, 0);
    context?.clearRect(0, 0, width, height);
    return context;
  }
}

/** A function from the grid to pixels of a frame. */
function pixelOf(frame: FrameState, code: string, scale: number): Pen["toPixel"] {
  const matrix = frame.coordinateToPixelTransform as [number, number, number, number, number, number];
  return (easting, northing) => {
    const [x = 0, y = 0] =
      code === NATIONAL_GRID ? [easting, northing] : transform([easting, northing], NATIONAL_GRID, code);
    return [(matrix[0] * x + matrix[2] * y + matrix[4]) / scale, (matrix[1] * x + matrix[3] * y + matrix[5]) / scale];
  };
}

/** An extent of the view in metres of the grid. */
function onGrid(extent: number[], code: string): [number, number, number, number] {
  const moved = code === NATIONAL_GRID ? extent : transformExtent(extent, code, NATIONAL_GRID, SAMPLES);
  const [west = 0, south = 0, east = 0, north = 0] = moved;
  return [west, south, east, north];
}

/** Paper, squares, lines, then digits at the edges. */
function drawGrid(pen: Pen, extent: [number, number, number, number]): void {
  const { context, palette } = pen;
  if (palette.paper !== null) {
    context.fillStyle = palette.paper;
    context.fillRect(0, 0, pen.width, pen.height);
  }
  const lines = gridLines(extent, pen.step);
  drawSquares(pen, extent);
  for (const line of lines) drawLine(pen, line);
  for (const line of lines) drawLabel(pen, line);
}

/** One line; major ones are stronger. */
function drawLine({ context, palette, toPixel }: Pen, line: GridLine): void {
  context.beginPath();
  for (let index = 0; index <= SAMPLES; index += 1) {
    const along = line.from + ((line.to - line.from) * index) / SAMPLES;
    const [x, y] = line.axis === "e" ? toPixel(line.at, along) : toPixel(along, line.at);
    context.lineTo(x, y);
  }
  context.strokeStyle = line.isMajor ? palette.major : palette.minor;
  context.lineWidth = line.isMajor ? 1.25 : 1;
  context.stroke();
}

/** The name of each square, faint in the lower left of what can be seen of it. Squares of 100 m are named by their kilometre. */
function drawSquares(pen: Pen, extent: [number, number, number, number]): void {
  const { context } = pen;
  const step = pen.step === 100 ? 1_000 : pen.step;
  context.textAlign = "left";
  context.textBaseline = "bottom";
  context.fillStyle = pen.palette.square;
  for (const square of gridSquares(extent, step)) {
    const [left, bottom] = pen.toPixel(square.easting, square.northing);
    const [right, top] = pen.toPixel(square.easting + step, square.northing + step);
    // Where a square begins left of the canvas, the digits of the northings have the edge.
    const from = left < 0 ? EDGE : left + 8;
    context.font = `600 ${Math.round(Math.min(Math.max((right - left) / 9, 11), 24))}px ${FONT}`;
    const fits = context.measureText(square.name).width < (Math.min(right, pen.width) - from) * 0.9;
    if (fits && Math.min(bottom, pen.height) - Math.max(top, 0) > 40) {
      context.fillText(square.name, from, Math.min(bottom, pen.height) - 5);
    }
  }
}

/** The digits of a line where it meets the top (eastings) or the left edge (northings). */
function drawLabel(pen: Pen, line: GridLine): void {
  const { context, palette, step, toPixel } = pen;
  const text = lineText(line, step);
  if (text === "") return;
  const [x, y] = line.axis === "e" ? toPixel(line.at, line.to) : toPixel(line.from, line.at);
  context.font = `${line.isMajor ? 600 : 400} 11px ${FONT}`;
  context.fillStyle = palette.label;
  context.textBaseline = "bottom";
  context.textAlign = "left";
  const place: [number, number] = line.axis === "e" ? [x + 4, 14] : [4, y - 2];
  if (isBackedByPaper(palette)) context.fillText(text, ...place);
  else drawOutlined(context, text, place);
}

/** Digits of a line; a line on the edge of a 100 km square shows nothing but zeros, which is right. */
function lineText(line: GridLine, step: GridStep): string {
  if (step === 100_000) return "";
  const letters = line.axis === "e" ? squareLetters(line.at, line.from) : squareLetters(line.from, line.at);
  return line.isMajor && line.axis === "e" ? `${letters} ${lineLabel(line.at, step)}` : lineLabel(line.at, step);
}

/** Whether the digits stand on our own paper. */
function isBackedByPaper(palette: GridPalette): boolean {
  return palette.paper !== null;
}

/** Digits over tiles: with a light edge, so that they read on any colour. */
function drawOutlined(context: CanvasRenderingContext2D, text: string, [x, y]: [number, number]): void {
  context.lineWidth = 3;
  context.strokeStyle = "rgba(255, 255, 255, 0.8)";
  context.strokeText(text, x, y);
  context.fillText(text, x, y);
}
