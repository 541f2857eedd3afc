/** The bar at the top: force, new incident, view, line, sound, clock, who sits here. And the cover of a lost line. */

import { html, nothing, type TemplateResult } from "lit-html";

import type { Desk } from "../desk";
import { chosenSession, watchableSessions } from "../select";
import { may } from "../state";
import { clock, dayOf } from "../times";
import { icon } from "./icons";

/** Time for which the bar shows that something happened, in ms. */
const NEWS_MS = 4_000;

/** The bar. */
export function headerView(desk: Desk): TemplateResult {
  return html`<header class="bar ${isNews(desk) ? "is-news" : ""}">
    <div class="brand">${mark()}<b>Sightline</b><span class="force" data-testid="force-name">${desk.page.forceName}</span></div>
    <button type="button" class="button primary" data-testid="new-incident" title="New incident (Alt+N)"
      @click=${() => desk.acts.newIncident()}>${icon("plus")}New incident</button>
    ${modeSwitch(desk)}
    <button type="button" class="button open-search" data-testid="open-search" aria-label="Search past sessions" title="Search past sessions (Alt+S)"
      @click=${() => desk.acts.openSearch()}>${icon("search")}<span>Search</span></button>
    ${fleetButton(desk)} ${consultationsLink(desk)}
    <span class="spacer"></span>
    ${lineView(desk)} ${soundView(desk)}
    <time class="clock"><span>${dayOf(desk.now)}</span><b>${clock(desk.now)}</b></time>
    ${toolButton("keys", "Keys", "Keys (?)", () => desk.acts.openDialog("keys"))}
    ${toolButton("settings", "Settings", "Settings of this workstation", () => desk.acts.openDialog("settings"))}
    ${meView(desk)}
  </header>`;
}

/** The way to the fleet; where there is little room its sign stands alone. */
function fleetButton(desk: Desk): TemplateResult | typeof nothing {
  if (!may(desk.state, "flight.view")) return nothing;
  return html`<button type="button" class="button open-fleet" data-testid="open-fleet" aria-label="Drones" title="Drones and their flights (Alt+A)"
    @click=${() => desk.acts.openFleet()}>${icon("drone")}<span>Drones</span></button>`;
}

/** The way to the consultations: in a window of its own, for this one goes on showing what is live. */
function consultationsLink(desk: Desk): TemplateResult | typeof nothing {
  if (!may(desk.state, "consultation.run")) return nothing;
  return html`<a class="button open-consultations" data-testid="open-consultations" href="/consultations/" target="_blank" rel="noopener"
    aria-label="Consultations" title="Consultations (a new window)">${icon("chat")}<span>Consultations</span></a>`;
}

/** Something happened a moment ago: the bar lights up for who has the sound off. */
function isNews(desk: Desk): boolean {
  return Object.values(desk.state.marks).flat().some((mark) => desk.now - mark.at < NEWS_MS);
}

function toolButton(sign: "keys" | "settings", label: string, title: string, act: () => void): TemplateResult {
  return html`<button type="button" class="icon-button" aria-label=${label} title=${title} data-testid=${`open-${sign}`} @click=${act}>${icon(sign)}</button>`;
}

/** What was just announced, for who hears the screen: arrivals wait their turn, losses do not. */
export function saidView(desk: Desk): TemplateResult {
  const { polite, urgent } = desk.state.said;
  return html`<p class="visually-hidden" role="status" data-testid="said">${polite}</p>
    <p class="visually-hidden" role="alert" data-testid="said-urgently">${urgent}</p>`;
}

/** The product's sign: an eye on a line. */
function mark(): TemplateResult {
  return html`<svg class="mark" viewBox="0 0 28 20" aria-hidden="true"><path d="M2 10S7 2.5 14 2.5 26 10 26 10 21 17.5 14 17.5 2 10 2 10Z" /><circle cx="14" cy="10" r="3.6" /><path d="M14 0v4M14 16v4" /></svg>`;
}

function modeSwitch(desk: Desk): TemplateResult {
  const live = watchableSessions(desk.state).length;
  const incidentId = chosenSession(desk.state)?.incident.id ?? desk.state.incident.chosenId;
  const choice = (mode: "session" | "wall", label: string, sign: "one" | "wall"): TemplateResult => html`
    <button type="button" aria-pressed=${desk.state.mode === mode} data-testid="mode-${mode}"
      @click=${() => desk.acts.setMode(mode)}>${icon(sign)}${label}</button>`;
  return html`<div class="segments" role="group" aria-label="View">
    ${choice("session", "Session", "one")}
    <button type="button" aria-pressed=${desk.state.mode === "incident"} data-testid="mode-incident" ?disabled=${incidentId === null} title="All of the chosen session's incident (Alt+I)"
      @click=${() => { if (incidentId !== null) desk.acts.openIncident(incidentId); }}>${icon("incident")}Incident</button>
    ${choice("wall", `Wall (${live})`, "wall")}
  </div>`;
}

/** Words for the line: what it is, and whether what is shown is true now. */
export function lineWords(desk: Desk): { tone: "good" | "waiting" | "bad"; text: string } {
  const { line, isSynced } = desk.state;
  if (line.state === "open") return isSynced ? { tone: "good", text: "Connected" } : { tone: "waiting", text: "Loading" };
  if (line.state === "refused") return { tone: "bad", text: line.code === 4401 ? "Signed out" : "Refused" };
  return { tone: desk.state.lastDataAt === null ? "waiting" : "bad", text: desk.state.lastDataAt === null ? "Connecting" : "Not connected" };
}

function lineView(desk: Desk): TemplateResult {
  const { tone, text } = lineWords(desk);
  const at = desk.state.lastDataAt;
  return html`<div class="line line-${tone}" data-testid="connection" data-tone=${tone}>
    <span class="line-dot"></span><span role="status">${text}</span>
    ${at === null ? nothing : html`<span class="line-data">data <b>${clock(at)}</b></span>`}
  </div>`;
}

/** Whether signals are heard; while the browser keeps them back, the way to wake them. */
function soundView(desk: Desk): TemplateResult | typeof nothing {
  const { setting, isReady } = desk.sound;
  if (setting === "off") return html`<span class="sound quiet-text" data-testid="sound-off">${icon("mute")}<span class="sound-words">Sound off</span></span>`;
  if (isReady) return nothing;
  return html`<button type="button" class="button small warning" data-testid="enable-sound"
    @click=${() => desk.acts.setSound(setting)}>${icon("mute")}Enable sound</button>`;
}

function meView(desk: Desk): TemplateResult {
  const { me } = desk.state;
  return html`<div class="me">
    <span class="me-name" data-testid="me">${me.name}<small><span class="me-role">${me.role.replace(/_/g, " ")} · </span><a href="/account/" data-testid="account"
      title="Your account: second factor and recovery codes">Account</a></small></span>
    <button type="submit" form="sign-out-form" class="button small quiet" data-testid="sign-out">Sign out</button>
  </div>`;
}

/** Says on top of everything that what is shown is old. */
export function coverView(desk: Desk): TemplateResult | typeof nothing {
  const { line, isSynced, lastDataAt } = desk.state;
  if (isSynced || lastDataAt === null) return nothing;
  const isRefused = line.state === "refused";
  return html`<div class="cover" data-testid="cover"><div class="cover-strip" role="alert">
    ${icon("warning")}
    <div>
      <strong>${coverTitle(desk)} Showing data from ${clock(lastDataAt)}</strong>
      <span>${isRefused
        ? refusalText(line.code)
        : "Trying again. Pictures, positions and states may have changed since."}</span>
    </div>
    ${isRefused
      ? html`<a class="button small" href="/sign-in/?next=/">Sign in</a>`
      : html`<button type="button" class="button small" @click=${() => desk.acts.retryLine()}>Try now</button>`}
  </div></div>`;
}

function refusalText(code: number | null): string {
  if (code === 4401) return "Your sign-in has ended. Sign in again to go on.";
  if (code === 4429) return "This console is open in too many windows. Close some, then reload this one.";
  return "Sightline refused this page. Reload it, or ask your force's administrator.";
}

function coverTitle(desk: Desk): string {
  if (desk.state.line.state === "open") return "Connected again, loading.";
  return desk.state.line.code === 4401 ? "Signed out." : "Not connected.";
}

function show(desk: Desk, id: string): void {
  if (id in desk.state.shared.received) desk.acts.chooseShared(id);
  else desk.acts.choose(id);
}

/** Messages that stay until they are put away, newest last. */
export function noticesView(desk: Desk): TemplateResult {
  return html`<div class="notices" aria-live="polite">
    ${desk.state.notices.map((notice) => html`<div class="notice notice-${notice.tone}" data-testid="notice" role=${notice.tone === "alarm" ? "alert" : nothing}>
      ${icon("warning")}
      <p><time>${clock(notice.at)}</time> ${notice.text}</p>
      ${notice.sessionId === null || notice.sessionId === desk.state.chosenId
        ? nothing
        : html`<button type="button" class="button small" @click=${() => show(desk, notice.sessionId ?? "")}>Show</button>`}
      <button type="button" class="icon-button" aria-label="Put this message away"
        @click=${() => desk.acts.dismissNotice(notice.id)}>${icon("close")}</button>
    </div>`)}
  </div>`;
}
