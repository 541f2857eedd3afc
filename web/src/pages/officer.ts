/** The officer's page at /officer/: fills #officer. */

import "../officer/styles/officer.css";
import { OfficerApp } from "../officer/app";
import { drawPage } from "../officer/view";

const host = document.getElementById("officer");
if (host !== null) {
  const preview = document.createElement("video");
  preview.setAttribute("aria-label", "What your camera shows");
  const signOut = (): void => (document.getElementById("sign-out-form") as HTMLFormElement | null)?.requestSubmit();
  host.replaceChildren();
  const app: OfficerApp = new OfficerApp(preview, (page) => drawPage(host, { page, acts: app, preview, signOut }));
  app.start();
  // Browsers have it on secure pages only; without it the page is the same, as long as there is a network.
  if ("serviceWorker" in navigator) void navigator.serviceWorker.register("/officer/worker.js").catch(() => undefined);
}
