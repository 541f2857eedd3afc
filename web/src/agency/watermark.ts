/** The viewer's name, agency and the time, written across the picture so that a photograph of it says whose it is. */

import { dateAndTime } from "../console/times";

/** Who watches, and by which share. */
export interface Marked {
  name: string;
  agency: string;
  shareId: string;
}

/** Degrees by which the lines rise. */
const SLOPE = -24;
/** Readable in light and dark places of a picture alike: light letters with a dark edge, both half transparent. */
const FILL = "rgba(255, 255, 255, 0.42)";
const EDGE = "rgba(0, 0, 0, 0.42)";

/** The share's id as it is read out. */
export function shortId(id: string): string {
  return id.slice(0, 8).toUpperCase();
}

/** The two lines at `now` (ms of the server's clock): who, and when. */
export function watermarkLines({ name, agency, shareId }: Marked, now: number): [string, string] {
  return [`${name} · ${agency}`, `${dateAndTime(now)} · ${shortId(shareId)}`];
}

/** Size of the letters in a picture of this width, in px of the page. */
export function letterSize(width: number): number {
  return Math.max(11, Math.min(22, width / 34));
}

/** Writes the lines all over the canvas, which lies over the picture and is as large as it. */
export function paintWatermark(canvas: HTMLCanvasElement, lines: readonly [string, string]): void {
  const { clientWidth: width, clientHeight: height } = canvas;
  canvas.dataset.text = lines.join(" · ");
  const pen = canvas.getContext("2d");
  if (pen === null || width === 0 || height === 0) return;
  const scale = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  pen.scale(scale, scale);
  pen.translate(width / 2, height / 2);
  pen.rotate((SLOPE * Math.PI) / 180);
  write(pen, lines, Math.hypot(width, height), letterSize(width));
}

function write(pen: CanvasRenderingContext2D, lines: readonly [string, string], reach: number, size: number): void {
  pen.font = `600 ${size}px system-ui, "Segoe UI", "Liberation Sans", Arial, sans-serif`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.lineWidth = Math.max(1.5, size / 7);
  pen.lineJoin = "round";
  pen.fillStyle = FILL;
  pen.strokeStyle = EDGE;
  const step = Math.max(...lines.map((line) => pen.measureText(line).width)) + size * 3;
  const down = size * 6.5;
  for (let row = Math.floor(-reach / 2 / down); row * down <= reach / 2; row += 1) {
    // Every other row is shifted, so that no place of the picture is left out along the slope.
    const shift = row % 2 === 0 ? 0 : step / 2;
    for (let x = -Math.ceil(reach / 2 / step) * step - shift; x <= reach / 2 + step; x += step) {
      lines.forEach((line, index) => {
        const y = row * down + index * size * 1.25;
        pen.strokeText(line, x, y);
        pen.fillText(line, x, y);
      });
    }
  }
}
