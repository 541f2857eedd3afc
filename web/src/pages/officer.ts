/** The officer's page at /officer/: fills #officer. */

import "../officer/styles/officer.css";
import { OfficerApp } from "../officer/app";
import { drawPage } from "../officer/view";

const host = document.getElementById("officer");
if (host !== null) {
  const preview = document.createElement("video");
  preview.setAttribute("aria-label", "What your camera shows");
  host.replaceChildren();
  const app: OfficerApp = new OfficerApp(preview, (page) => drawPage(host, { page, acts: app, parts: app.parts, preview, signOut }));
  const signOut = (): void => {
    void app.signedOut().finally(() => (document.getElementById("sign-out-form") as HTMLFormElement | null)?.requestSubmit());
  };
  app.start();
  // Browsers have it on secure pages only; without it the page is the same, as long as there is a network.
  if ("serviceWorker" in navigator) void navigator.serviceWorker.register("/officer/worker.js").catch(() => undefined);
}
