/** Small pieces that several views use. */

import { html, nothing, type TemplateResult } from "lit-html";

import type { SessionState, SessionSummary } from "../../signalling/messages";
import type { Desk } from "../desk";
import type { FlightIncident } from "../flightform";
import { hasEnded, hasFailedToSend, sessionWord } from "../select";
import { may } from "../state";
import { clock, counter, duration, secondsSince } from "../times";
import { icon } from "./icons";

/** Tone of a state: the colour in which it is said. */
export function stateTone(state: SessionState): string {
  if (state === "live") return "good";
  if (state === "ended" || state === "expired") return "off";
  return state === "draft" ? "plain" : "info";
}

/** How a session stands, as a word in a frame. */
export function stateChip(session: SessionSummary): TemplateResult {
  const tone = hasFailedToSend(session) ? "warning" : stateTone(session.state);
  return html`<span class="chip chip-${tone}" data-state=${session.state}>${sessionWord(session)}</span>`;
}

/** The mark of an officer's session, or a drone's, with the word for it. */
export function sharerTag({ kind }: SessionSummary): TemplateResult | typeof nothing {
  if (kind === "flight") return html`<span class="tag tag-officer" data-testid="drone-tag">${icon("drone")}Drone</span>`;
  return kind === "officer" ? html`<span class="tag tag-officer" data-testid="officer-tag">${icon("shield")}Officer</span>` : nothing;
}

/** A button that copies a text and says so for a moment. */
export function copyButton(desk: Desk, text: string, label: string, testId: string, word = "Copy"): TemplateResult {
  const isCopied = desk.local.copied === text;
  return html`<button type="button" class="copy ${isCopied ? "is-copied" : ""}" data-testid=${testId}
    aria-label=${isCopied ? `${label}: copied` : label} title=${label} @click=${() => desk.acts.copy(text)}>
    ${icon(isCopied ? "done" : "copy")}<span>${isCopied ? "Copied" : word}</span></button>`;
}

/** The way to a drone's flight for an incident. */
export function planFlightButton(desk: Desk, incident: FlightIncident): TemplateResult | typeof nothing {
  if (!may(desk.state, "flight.control")) return nothing;
  return html`<button type="button" class="button small" data-testid="plan-drone" ?disabled=${!desk.state.isSynced}
    @click=${() => desk.acts.planFlight(incident)}>${icon("drone")}Plan a drone flight</button>`;
}

/** Why an act failed, under its button. */
export function failureLine(desk: Desk, key: string): TemplateResult | typeof nothing {
  const text = desk.local.failures[key];
  return text === undefined ? nothing : html`<p class="failure" role="alert">${text}</p>`;
}

/** Whether an act is under way. */
export function isBusy(desk: Desk, key: string): boolean {
  return desk.local.busy.has(key);
}

/** What matters of a session's time in a few words: how long live, when the link runs out, when it ended. */
export function sessionTime(session: SessionSummary, now: number): string {
  if (hasEnded(session)) return clock(session.ended_at);
  if (session.state === "live") return counter(secondsSince(session.live_at, now) ?? 0);
  if (session.state === "invited") {
    const left = expiresIn(session, now);
    return left === null ? "" : left > 0 ? `${counter(left)} left` : "link expired";
  }
  return duration(secondsSince(session.opened_at ?? session.created_at, now) ?? 0);
}

/** Seconds until the invitation expires; null without one. */
export function expiresIn(session: SessionSummary, now: number): number | null {
  const since = secondsSince(session.invitation?.expires_at, now);
  return since === null ? null : -since;
}

/** A part of the right column. */
export function panel(title: string, body: unknown, options: { aside?: unknown; name?: string } = {}): TemplateResult {
  return html`<section class="panel ${options.name === undefined ? "" : `panel-${options.name}`}">
    <header class="panel-head"><h3>${title}</h3>${options.aside ?? nothing}</header>
    <div class="panel-body">${body}</div>
  </section>`;
}
