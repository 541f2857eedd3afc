/**
 * Before the link is spent: says when this browser cannot use a camera, with the address to open elsewhere.
 *
 * The page works without this; the words stand in the page, hidden until they are needed.
 */

import type { CameraHost } from "../media/camera";

/** Show #camera-notice where there can be no camera, and make its button copy the address. */
export function showCameraNotice(page: Document = document, host: CameraHost = window): void {
  const notice = page.getElementById("camera-notice");
  if (notice === null || !isCameraLeftOut(host)) return;
  notice.hidden = false;
  const address = page.getElementById("camera-notice-address");
  const copy = page.getElementById("camera-notice-copy");
  if (address !== null) address.textContent = page.location.href;
  copy?.addEventListener("click", () => void copyAddress(page, copy));
}

/**
 * Some apps leave the camera out of the pages they show: `findCameraBar` says "unsupported" there. Asked anew, since the
 * first page of a link loads nothing of what opens a camera.
 */
function isCameraLeftOut({ isSecureContext, navigator }: CameraHost): boolean {
  const devices = navigator.mediaDevices as Partial<MediaDevices> | undefined;
  return isSecureContext && devices?.getUserMedia === undefined;
}

async function copyAddress(page: Document, copy: HTMLElement): Promise<void> {
  try {
    await navigator.clipboard.writeText(page.location.href);
    copy.textContent = copy.dataset.done ?? copy.textContent;
  } catch {
    // No clipboard here: selecting the address is the next best thing.
    const address = page.getElementById("camera-notice-address");
    if (address !== null) page.getSelection()?.selectAllChildren(address);
  }
}
