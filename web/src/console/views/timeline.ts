/** What happened in an incident, newest first, by the server's clock. */

import { html, nothing, type TemplateResult } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";

import type { TimelineEntry } from "../../signalling/messages";
import type { Desk } from "../desk";
import { incidentSession } from "../incidentstate";
import { entrySubject, entryTone, entryWords, GROUPS } from "../incidentwords";
import { partnerName } from "../sharedstate";
import { clockWithDay } from "../times";

/** The list, with a filter, and the way to what is earlier. */
export function timelineView(desk: Desk): TemplateResult {
  const { timeline } = desk.state.incident;
  const choose = (event: Event): void => desk.acts.filterTimeline((event.target as HTMLSelectElement).value);
  return html`<section class="timeline" aria-label="Time line" data-testid="timeline">
    <header class="panel-head"><h3>Time line</h3>
      <label class="select-label"><span class="visually-hidden">Show</span>
        <select data-testid="timeline-group" @change=${choose}>
          <option value="" ?selected=${timeline.group === ""}>Everything</option>
          ${Object.entries(GROUPS).map(([group, label]) => html`<option value=${group} ?selected=${timeline.group === group}>${label}</option>`)}
        </select></label></header>
    ${timeline.failure === null ? nothing : html`<p class="failure" role="status">Not up to date: ${timeline.failure}</p>`}
    <ol class="timeline-entries" tabindex="0" aria-label="What happened, newest first">
      ${repeat(timeline.entries, (entry) => entry.id, (entry) => entryView(desk, entry))}
      ${timeline.entries.length > 0 ? nothing : html`<li class="none">${timeline.isLoaded ? "Nothing of that kind so far" : "Loading"}</li>`}
      ${timeline.next === null ? nothing : html`<li><button type="button" class="button small" data-testid="timeline-earlier" @click=${() => desk.acts.earlierEntries()}>Earlier</button></li>`}
    </ol>
  </section>`;
}

/** Another force under its name, as far as it is known here. */
function named(desk: Desk, entry: TimelineEntry): TimelineEntry {
  const { guest } = entry.detail;
  if (typeof guest !== "string" || guest === "") return entry;
  return { ...entry, detail: { ...entry.detail, guest: partnerName(desk.state.shared, guest) } };
}

function entryView(desk: Desk, entry: TimelineEntry): TemplateResult {
  const subject = entrySubject(incidentSession(desk.state, entry.session_id));
  return html`<li class="entry entry-${entryTone(entry.kind)}" data-testid="timeline-entry" data-kind=${entry.kind}>
    <time datetime=${entry.at}>${clockWithDay(entry.at, desk.now)}</time>
    <span class="entry-words">${entryWords(named(desk, entry))}${subject === "" ? nothing : html` <span class="quiet-text entry-subject">${subject}</span>`}</span></li>`;
}
