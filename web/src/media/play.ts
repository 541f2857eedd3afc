/** Shows a live picture in a video element on phones that are strict about who may start a video. */

/** `needs_tap`: the browser wants a touch first (low-power mode, data saver): show a button that calls this again. */
export type PlayOutcome = "playing" | "needs_tap";

/**
 * Attach a stream and start it, muted and inline.
 *
 * iOS plays inline only with these set before the source; a muted element may start without a touch nearly everywhere.
 */
export async function playLive(video: HTMLVideoElement, stream: MediaStream): Promise<PlayOutcome> {
  video.muted = true;
  video.playsInline = true;
  video.autoplay = true;
  if (video.srcObject !== stream) video.srcObject = stream;
  try {
    await video.play();
    return "playing";
  } catch (error) {
    // A newer source interrupts the older play(); that is no refusal.
    return error instanceof DOMException && error.name === "AbortError" ? "playing" : "needs_tap";
  }
}

/** Take the picture away; nothing of it stays on the screen. */
export function stopShowing(video: HTMLVideoElement): void {
  video.pause();
  video.srcObject = null;
}
