/** Single pictures of the camera, as small as the line wants them. */

/** A picture, and when it was taken in ms since 1970 of this phone's clock. */
export interface Still {
  jpeg: Blob;
  taken_at: number;
}

/** Widths that are tried, with the quality of each, from the best. */
const SIZES = [
  { width: 960, quality: 0.7 },
  { width: 640, quality: 0.6 },
  { width: 480, quality: 0.5 },
  { width: 320, quality: 0.45 },
  { width: 224, quality: 0.35 },
  { width: 160, quality: 0.3 },
] as const;
/** Bytes per pixel that a JPEG of that kind takes, roughly: to begin with a size that may fit. */
const BYTES_PER_PIXEL = 0.12;

/** The size to begin with for so many bytes. */
export function firstSize(budget_bytes: number, ratio: number): number {
  const found = SIZES.findIndex(({ width }) => width * width * ratio * BYTES_PER_PIXEL <= budget_bytes);
  return found === -1 ? SIZES.length - 1 : found;
}

/** Take a picture from a playing video of about so many bytes at most; null when there is none yet. */
export async function takeStill(video: HTMLVideoElement, budget_bytes: number): Promise<Still | null> {
  const { videoWidth, videoHeight, readyState } = video;
  if (videoWidth === 0 || readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return null;
  const ratio = videoHeight / videoWidth;
  const taken_at = Date.now();
  // One frame is drawn once: a smaller copy of it must not be a later picture under the same time.
  const frame = draw(video, Math.min(SIZES[0].width, videoWidth), ratio);
  let smallest: Blob | null = null;
  for (const { width, quality } of SIZES.slice(firstSize(budget_bytes, ratio))) {
    smallest = await encode(draw(frame, Math.min(width, frame.width), ratio), quality);
    if (smallest !== null && smallest.size <= budget_bytes) break;
  }
  return smallest === null ? null : { jpeg: smallest, taken_at };
}

function draw(source: HTMLVideoElement | HTMLCanvasElement, width: number, ratio: number): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = Math.max(1, Math.round(width * ratio));
  canvas.getContext("2d")?.drawImage(source, 0, 0, canvas.width, canvas.height);
  return canvas;
}

function encode(canvas: HTMLCanvasElement, quality: number): Promise<Blob | null> {
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
}
