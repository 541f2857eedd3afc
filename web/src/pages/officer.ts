/** The officer's page at /officer/: fills #officer. */

import "../officer/styles/officer.css";
import { Alerts } from "../officer/alerts";
import { OfficerApp } from "../officer/app";
import { NoticeBell, PhoneRinger } from "../officer/bell";
import { goneFrom } from "../officer/notices";
import type { OfficerPage } from "../officer/state";
import { drawPage } from "../officer/view";

/** Signing out waits no longer for the push service than that. */
const FORGET_MS = 1_500;

const host = document.getElementById("officer");
if (host !== null) {
  const preview = document.createElement("video");
  preview.setAttribute("aria-label", "What your camera shows");
  const submit = (): void => (document.getElementById("sign-out-form") as HTMLFormElement | null)?.requestSubmit();
  const signOut = (): void => {
    void Promise.race([alerts.forget(), new Promise((done) => setTimeout(done, FORGET_MS))]).finally(submit);
  };
  let shown: OfficerPage | null = null;
  const draw = (): void => {
    if (shown !== null) drawPage(host, { page: shown, acts: app, preview, signOut, alerts });
  };
  const bell = new NoticeBell(new PhoneRinger());
  const alerts = new Alerts(draw);
  host.replaceChildren();
  const app: OfficerApp = new OfficerApp(preview, (page) => {
    const seen = goneFrom(shown, page);
    if (seen.length > 0) void alerts.clear(seen).catch(() => undefined);
    shown = page;
    bell.look(page);
    draw();
  });
  app.start();
  void alerts.look();
  // What was refused or failed may have been allowed, or work, meanwhile; what is on was confirmed when the page was opened.
  const look = (): void => {
    if (document.visibilityState === "visible" && alerts.state !== "on") void alerts.look();
  };
  document.addEventListener("visibilitychange", look);
  window.addEventListener("online", look);
  // Browsers have it on secure pages only; without it the page is the same, as long as there is a network.
  if ("serviceWorker" in navigator) void navigator.serviceWorker.register("/officer/worker.js").catch(() => undefined);
}
