/** Tells the server that the page is left, in a way that outlives the page and needs no socket. */

import { csrfToken } from "../signalling/csrf";

/** Send it on its way to an address of ours, for example "/live/leave/"; nobody waits for an answer. */
export function tellLeft(address: string, page: Pick<Navigator, "sendBeacon"> = navigator): void {
  page.sendBeacon(address, new URLSearchParams({ csrfmiddlewaretoken: csrfToken() }));
}
