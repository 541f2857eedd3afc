/** Tells the server that the page is left, in a way that outlives the page and needs no socket. */

import { csrfToken } from "../signalling/csrf";

/** Send it on its way; nobody waits for an answer. */
export function tellLeft(page: Pick<Navigator, "sendBeacon"> = navigator): void {
  page.sendBeacon("/live/leave/", new URLSearchParams({ csrfmiddlewaretoken: csrfToken() }));
}
