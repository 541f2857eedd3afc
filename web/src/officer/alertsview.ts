/** Whether this phone tells the officer something while the page is closed, in plain words, and what can be done. */

import { html, nothing, type TemplateResult } from "lit-html";

import type { AlertsPart, AlertsState } from "./alerts";

const WORDS: Readonly<Record<Exclude<AlertsState, "looking" | "on">, { title: string; words: string }>> = {
  off: {
    title: "Alerts are off on this phone",
    words: "Turned on, it tells you of an assignment, a request or a message while the page is closed. The lock screen names nobody and no place.",
  },
  asking: { title: "Turning alerts on…", words: "Choose Allow where the phone asks." },
  refused: {
    title: "Alerts are blocked",
    words: "This browser may not show notifications. Allow them in its settings for this site, then come back to this page.",
  },
  home_screen: {
    title: "Alerts need the Home Screen",
    words: "On iPhone and iPad (iOS 16.4 or later): tap Share, then Add to Home Screen, and open Sightline from there.",
  },
  unsupported: {
    title: "No alerts in this browser",
    words: "It cannot tell you anything while the page is closed. Keep the page open, or use an up-to-date Chrome, Edge, Firefox or Safari.",
  },
  unavailable: { title: "No alerts on this phone", words: "They are not set up for this browser. Keep the page open to be told." },
  failed: { title: "Alerts are not on", words: "The phone could not be reached for them. Check its network, then try again." },
};

/** The part of the first screen about alerts. */
export function alertsView(alerts: AlertsPart): TemplateResult | typeof nothing {
  const { state } = alerts;
  if (state === "looking") return nothing;
  if (state === "on") return onView(alerts);
  const { title, words } = WORDS[state];
  const mayTry = state === "off" || state === "failed";
  return html`<section class="alerts" data-testid="alerts" data-state=${state} aria-label="Alerts">
    <p role="status"><b>${title}</b> ${words}</p>
    ${mayTry ? html`<button type="button" class="small" data-testid="alerts-on" @click=${() => void alerts.turnOn()}>Turn on alerts</button>` : nothing}
  </section>`;
}

function onView(alerts: AlertsPart): TemplateResult {
  const { hasSound } = alerts;
  return html`<section class="alerts is-on" data-testid="alerts" data-state="on" aria-label="Alerts">
    <p role="status"><b>Alerts are on</b></p>
    <button type="button" class="small" data-testid="alerts-sound" aria-pressed=${hasSound} @click=${() => alerts.setSound(!hasSound)}>${hasSound ? "Sound on" : "Sound off"}</button>
    <button type="button" class="small" data-testid="alerts-off" @click=${() => void alerts.turnOff()}>Turn off</button>
  </section>`;
}
