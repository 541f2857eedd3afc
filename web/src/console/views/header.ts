/** The bar at the top: force, new incident, view, line, sound, clock, who sits here. And the cover of a lost line. */

import { html, nothing, type TemplateResult } from "lit-html";

import type { Desk } from "../desk";
import { watchableSessions } from "../select";
import type { SoundSetting } from "../sound";
import { clock, dayOf } from "../times";
import { icon } from "./icons";

/** The bar. */
export function headerView(desk: Desk): TemplateResult {
  return html`<header class="bar">
    <div class="brand">${mark()}<b>Sightline</b><span class="force" data-testid="force-name">${desk.page.forceName}</span></div>
    <button type="button" class="button primary" data-testid="new-incident" title="New incident (Alt+N)"
      @click=${() => desk.acts.newIncident()}>${icon("plus")}New incident</button>
    ${modeSwitch(desk)}
    <button type="button" class="button open-search" data-testid="open-search" aria-label="Search past sessions" title="Search past sessions (Alt+S)"
      @click=${() => desk.acts.openSearch()}>${icon("search")}<span>Search</span></button>
    <span class="spacer"></span>
    ${lineView(desk)} ${soundView(desk)}
    <time class="clock"><span>${dayOf(desk.now)}</span><b>${clock(desk.now)}</b></time>
    ${meView(desk)}
  </header>`;
}

/** The product's sign: an eye on a line. */
function mark(): TemplateResult {
  return html`<svg class="mark" viewBox="0 0 28 20" aria-hidden="true"><path d="M2 10S7 2.5 14 2.5 26 10 26 10 21 17.5 14 17.5 2 10 2 10Z" /><circle cx="14" cy="10" r="3.6" /><path d="M14 0v4M14 16v4" /></svg>`;
}

function modeSwitch(desk: Desk): TemplateResult {
  const live = watchableSessions(desk.state).length;
  const choice = (mode: "session" | "wall", label: string, sign: "one" | "wall"): TemplateResult => html`
    <button type="button" aria-pressed=${desk.state.mode === mode} data-testid="mode-${mode}"
      @click=${() => desk.acts.setMode(mode)}>${icon(sign)}${label}</button>`;
  return html`<div class="segments" role="group" aria-label="View">
    ${choice("session", "Session", "one")} ${choice("wall", `Wall (${live})`, "wall")}
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

function soundView(desk: Desk): TemplateResult {
  const { setting, isReady } = desk.sound;
  const isAsleep = setting !== "off" && !isReady;
  const choose = (event: Event): void => desk.acts.setSound((event.target as HTMLSelectElement).value as SoundSetting);
  const option = (value: SoundSetting, label: string): TemplateResult =>
    html`<option value=${value} ?selected=${setting === value}>${label}</option>`;
  return html`<div class="sound ${isAsleep ? "is-asleep" : ""}">
    ${isAsleep
      ? html`<button type="button" class="button small warning" data-testid="enable-sound"
          @click=${() => desk.acts.setSound(setting)}>${icon("mute")}Enable sound</button>`
      : html`<label class="select-label">${icon(setting === "off" ? "mute" : "sound")}
          <span class="visually-hidden">Sound</span>
          <select data-testid="sound" @change=${choose}>
            ${option("off", "Sound off")} ${option("mine", "My sessions")} ${option("all", "All sessions")}
          </select></label>`}
  </div>`;
}

function meView(desk: Desk): TemplateResult {
  const { me } = desk.state;
  return html`<div class="me">
    <span class="me-name" data-testid="me">${me.name}<small>${me.role.replace(/_/g, " ")} · <a href="/account/" data-testid="account"
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

/** Messages that stay until they are put away, newest last. */
export function noticesView(desk: Desk): TemplateResult {
  return html`<div class="notices" aria-live="assertive">
    ${desk.state.notices.map((notice) => html`<div class="notice notice-${notice.tone}" data-testid="notice">
      ${icon("warning")}
      <p><time>${clock(notice.at)}</time> ${notice.text}</p>
      ${notice.sessionId === null || notice.sessionId === desk.state.chosenId
        ? nothing
        : html`<button type="button" class="button small" @click=${() => desk.acts.choose(notice.sessionId ?? "")}>Show</button>`}
      <button type="button" class="icon-button" aria-label="Put this message away"
        @click=${() => desk.acts.dismissNotice(notice.id)}>${icon("close")}</button>
    </div>`)}
  </div>`;
}
