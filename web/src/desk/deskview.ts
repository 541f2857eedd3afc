/** The desk as it is drawn: three columns, and on a narrow screen one at a time, with the number of those who wait always in sight. */

import { html, nothing, type TemplateResult } from "lit-html";

import { reasonPhrase } from "../console/phrases";
import { clock, counter, secondsSince } from "../console/times";
import { dayAndTime } from "../meeting/when";
import type { ConsultationView, MoveView, RoomState } from "../signalling/deskmessages";
import { panelView } from "../room/panels";
import { roomView } from "../room/view";
import { castView } from "./castview";
import { cautionCard } from "./cautioncard";
import type { DeskApp } from "./desk";
import { isOver, waitingCount } from "./deskstate";
import { londonInstant } from "./london";
import { movesView } from "./moves";
import { NO_OUTCOME, outcomeView } from "./outcome";
import { colleagueField, missingOf, personFields, trimmed } from "./people_form";
import { recordPanel } from "./recordpanel";
import { rosterView } from "./roster";
import { waitingView } from "./waiting";
import { ALARM_WORDS, PURPOSE_WORDS, STATE_WORDS } from "./words";

/** What is shown where there is room for one column only. */
export type DeskTab = "waiting" | "call" | "record";

/** The whole page. */
export function deskView(desk: DeskApp): TemplateResult {
  const { consultation } = desk.state;
  return html`${desk.alert.view((signal) => desk.acts.seeSignal(signal.id))}
    ${headerView(desk)} ${lineView(desk)} ${alarmsView(desk)}
    ${consultation === null ? html`<main class="desk-empty" id="main"><p role="status">Opening the consultation…</p></main>` : html`
      ${tabsView(desk)}
      <main class="desk tab-${desk.local.tab} ${desk.state.isSynced ? "" : "is-stale"}" id="main">
        <div class="desk-waiting">${waitingColumn(desk)}</div>
        <div class="desk-call">${callColumn(desk)}</div>
        <div class="desk-record">${recordColumn(desk)}</div></main>`}`;
}

function headerView(desk: DeskApp): TemplateResult {
  const { consultation } = desk.state;
  if (consultation === null) return html`<header class="desk-bar"><a class="button quiet" href="/consultations/">Board</a><h1>Consultation</h1></header>`;
  const { purpose, incident, starts_at, state, taken_by } = consultation;
  const failure = desk.acts.failureOf("lock") ?? desk.acts.failureOf("end") ?? desk.acts.failureOf("take");
  return html`<header class="desk-bar"><a class="button quiet" href="/consultations/">Board</a>
    <div class="desk-name"><h1>${PURPOSE_WORDS[purpose]}</h1><span>${incident.reference} · ${dayAndTime(starts_at, "en-GB")} · ${STATE_WORDS[state]}
      ${taken_by === null ? nothing : html` · led by <bdi>${taken_by.name}</bdi>`}</span></div>
    <span class="spacer"></span>
    ${failure === undefined ? nothing : html`<p class="failure" role="alert">${failure}</p>`}
    ${isOver(consultation) ? nothing : headerActs(desk, consultation)}
    <time class="clock">${clock(desk.now)}</time></header>${desk.local.isEnding ? endingView(desk) : nothing}`;
}

function headerActs(desk: DeskApp, { is_locked, taken_by, state }: ConsultationView): TemplateResult {
  const { acts } = desk;
  const { me } = desk.state;
  const lock = html`<button type="button" class="button ${is_locked ? "warning" : ""}" data-testid="lock" aria-pressed=${is_locked} ?disabled=${acts.isBusy("lock")}
    @click=${() => acts.lock(!is_locked)}>${is_locked ? "Locked: unlock" : "Lock the room"}</button>`;
  const take = html`<button type="button" class="button ${taken_by === null ? "primary large" : ""}" data-testid="take" ?disabled=${acts.isBusy("take")}
    @click=${() => desk.goIn(true)}>${taken_by === null ? "Take it" : "Take over"}</button>`;
  return html`${me.is_leader ? lock : me.may_take ? take : nothing}
    <button type="button" class="button" data-testid="add-person" @click=${() => desk.openAdding(desk.local.adding === null)}>Add a person</button>
    ${me.is_leader && state === "open" ? html`<button type="button" class="button danger" data-testid="end" @click=${() => desk.set({ isEnding: true })}>End for all</button>` : nothing}`;
}

function endingView(desk: DeskApp): TemplateResult {
  const end = (): void => {
    desk.acts.end("officer");
    desk.set({ isEnding: false });
  };
  return html`<div class="desk-ask" role="alertdialog" aria-label="End for all" data-testid="ending"><p>End it for everybody? It cannot be opened again.</p>
    <button type="button" class="button danger large" data-testid="end-yes" @click=${end}>End for all</button>
    <button type="button" class="button large" data-testid="end-no" @click=${() => desk.set({ isEnding: false })}>Back</button></div>`;
}

function lineView({ line, refusalCode, state }: DeskApp): TemplateResult | typeof nothing {
  if (line === "refused") {
    const words = refusalCode === 4401 ? html`You are signed out. <a href="/sign-in/?next=${location.pathname}">Sign in</a>` : refusalCode === 4429 ? "This page is open in too many windows." : "Your role may not run consultations, or it is another team’s.";
    return html`<p class="desk-line" role="alert" data-testid="line">${words}</p>`;
  }
  if (state.isSynced || state.consultation === null) return nothing;
  return html`<p class="desk-line" role="alert" data-testid="line">Not connected. Trying again: what is shown may be old.</p>`;
}

function alarmsView(desk: DeskApp): TemplateResult | typeof nothing {
  if (desk.alarms.length === 0) return nothing;
  const putAway = (code: string): void => {
    desk.alarms = desk.alarms.filter((one) => one !== code);
    desk.redraw();
  };
  return html`<div class="desk-alarms" role="alert" data-testid="alarms">${desk.alarms.map((code) => html`<p data-code=${code}>${ALARM_WORDS[code] ?? reasonPhrase(code)}
    <button type="button" class="button small" @click=${() => putAway(code)}>Put away</button></p>`)}</div>`;
}

function tabsView(desk: DeskApp): TemplateResult {
  const count = waitingCount(desk.state);
  const tab = (name: DeskTab, label: string): TemplateResult => html`<button type="button" aria-pressed=${desk.local.tab === name} data-testid="tab-${name}" @click=${() => desk.set({ tab: name })}>${label}</button>`;
  return html`<nav class="desk-tabs ${count > 0 ? "has-waiting" : ""}" aria-label="Parts of the desk">
    ${tab("waiting", count === 0 ? "Nobody waits" : count === 1 ? "1 waits" : `${count} wait`)} ${tab("call", "Call")} ${tab("record", "Record")}</nav>`;
}

function waitingColumn(desk: DeskApp): TemplateResult {
  const { state, acts, local } = desk;
  return html`${desk.local.adding === null ? nothing : addingView(desk)}
    ${waitingView({
      waiting: state.waiting, acts, isInside: desk.isInside, isLeader: state.me.is_leader, isLocked: state.consultation?.is_locked === true, asking: local.asking,
      ask: (asking) => desk.set({ asking }), now: desk.now,
    })}`;
}

function addingView(desk: DeskApp): TemplateResult {
  const { adding } = desk.local;
  if (adding === null) return html``;
  const colleague = desk.colleagues.find((one) => one.id === adding.colleagueId);
  const person = colleague === undefined ? adding.person : { ...adding.person, role: "officer" as const, name: colleague.name, user_id: colleague.id };
  const missing = missingOf(person);
  const send = (event: Event): void => {
    event.preventDefault();
    void desk.door("add", () => desk.rest.addPerson(desk.page.sessionId, trimmed(person), adding.needsAnyway)).then((isDone) => {
      if (isDone) desk.openAdding(false);
      else if (desk.local.failures.add?.includes("safe contact") === true) desk.set({ adding: { ...adding, needsAnyway: true } });
    });
  };
  return html`<form class="card" aria-labelledby="add-title" data-testid="add-form" @submit=${send}><h2 id="add-title">Add a person</h2>
    ${colleagueField(desk.colleagues, adding.colleagueId, (colleagueId) => desk.set({ adding: { ...adding, colleagueId } }))}
    ${colleague !== undefined ? nothing : personFields(adding.person, "add", (fields) => {
      // A browser may fill in several fields at once: by the form as it is then.
      const now = desk.local.adding ?? adding;
      desk.set({ adding: { ...now, person: { ...now.person, ...fields } } });
    })}
    ${desk.local.failures.add === undefined ? nothing : html`<p class="failure" role="alert">${desk.local.failures.add}</p>`}
    <div class="card-acts"><button type="submit" class="button primary" data-testid="add-send" ?disabled=${missing.length > 0}>${adding.needsAnyway ? "Send it all the same" : "Add"}</button>
      <button type="button" class="button" @click=${() => desk.openAdding(false)}>Close</button></div></form>`;
}

function callColumn(desk: DeskApp): TemplateResult {
  const { call, devices, state, talk } = desk;
  if (!call.isOn) return outsideView(desk);
  const top = talk === null ? nothing : html`<div class="private-banner" data-testid="private-banner">
    <p role="status">${call.seat.state === "in" ? html`Private: only you and <bdi>${talk.with.name}</bdi>. The others see that you speak in private.` : "One moment: the others are being cut off first."}</p>
    <button type="button" class="room-button" data-testid="end-talk" @click=${() => desk.acts.endTalk()}>End the private talk</button></div>`;
  return html`${call.seat.state === "taken" ? html`<div class="desk-ask"><p>You are in this call in another window.</p>
      <button type="button" class="button primary large" data-testid="use-this" @click=${() => call.join("call")}>Use this window</button></div>` : nothing}
    ${roomView({ call, devices, now: desk.now, isOffline: !state.isSynced, top, hasPanels: false, isTitled: false })}`;
}

function outsideView(desk: DeskApp): TemplateResult {
  const { me, consultation } = desk.state;
  const failure = desk.local.failures.enter;
  const isFree = consultation?.taken_by === null;
  const words = isOver(consultation) ? "It is over. Record what it came to."
    : me.is_other_unit ? "This is another team’s. A supervisor can take it."
      : me.state === "waiting" ? "You wait to be let in by a colleague in the call."
        : me.state === "removed" ? "You were removed from this call." : desk.isInside ? "You are not in the call now." : "Take it to open the call and to let people in.";
  return html`<section class="desk-outside" data-testid="outside"><p role="status">${words}</p>
    ${failure === undefined ? nothing : html`<p class="failure" role="alert">${failure}</p>`}
    ${isOver(consultation) ? nothing : desk.isInside
      ? html`<button type="button" class="button primary large" data-testid="go-in" @click=${() => desk.goIn(false)}>Go in</button>`
      : me.may_take && (isFree || me.may_oversee) ? html`<button type="button" class="button primary large" data-testid="take-and-go-in" ?disabled=${desk.acts.isBusy("take")} @click=${() => desk.goIn(true)}>Take it and go in</button>` : nothing}
    ${itemsView(desk)}</section>`;
}

/** The film of the call, once it is made; each play is recorded by the server as a consultation. */
function itemsView({ items, now }: DeskApp): TemplateResult | typeof nothing {
  const calls = items.filter((item) => item.kind === "call");
  if (calls.length === 0) return nothing;
  return html`<h2>Recordings</h2>${calls.map((item) => html`<article class="item" data-testid="item" data-item-id=${item.id} data-state=${item.state}>
    ${item.state === "sealed" ? html`<video controls preload="none" playsinline src="/api/v1/items/${item.id}/files/playable/" poster="/api/v1/items/${item.id}/files/poster/" data-testid="item-player"></video>`
      : html`<p role="status">${item.state === "sealing" ? "Being composed, checked and hashed" : item.state === "failed" ? "Could not be composed. The originals are kept." : "Erased at the end of its time"}</p>`}
    ${item.is_complete || item.state !== "sealed" ? nothing : html`<span class="tag tag-warning">has gaps</span>`} ${castView(item, now)}</article>`)}`;
}

function recordColumn(desk: DeskApp): TemplateResult {
  const { state, call, local } = desk;
  const { consultation } = state;
  if (consultation === null) return html``;
  const room = call.isPrivate ? state.room : (call.room ?? state.room);
  const answer = (move: MoveView, said: "moved" | "kept"): void => void desk.door("move", () => desk.rest.answerMove(desk.page.sessionId, move.id, said));
  return html`${call.isOn ? leavingOrPanel(desk) : nothing}
    ${movesView(state.moves, { answer, change: () => desk.set({ moving: local.moving ?? { day: "", time: "" } }), failure: local.failures.move ?? null })}
    ${local.moving === null ? nothing : movingView(desk)}
    ${isOver(consultation) ? overCards(desk, consultation) : openCards(desk, consultation, room)}
    ${peopleCard(desk, consultation, room)}
    <p class="quiet-text">${openFor(desk)}</p>`;
}

/** While it goes on: risk, recording and caution, always in this order. */
function openCards(desk: DeskApp, consultation: ConsultationView, room: RoomState | null): TemplateResult {
  const { acts, now } = desk;
  const { recording } = consultation;
  return html`${desk.risk.view(consultation.risk, now)}
    ${recordPanel({ recording, room, acts, isInside: desk.isInside, isWished: recording.wish, now })}
    ${cautionOf(desk, consultation, room, true)}`;
}

/** Once it is over: the caution that stood, and what it came to. */
function overCards(desk: DeskApp, consultation: ConsultationView): TemplateResult {
  const { local } = desk;
  const keep = async (): Promise<void> => {
    const isDone = await desk.door("outcome", () => desk.rest.recordOutcome(desk.page.sessionId, local.outcome.code, local.outcome.note.trim()));
    desk.set({ outcome: isDone ? NO_OUTCOME : { ...desk.local.outcome, failure: desk.local.failures.outcome ?? null } });
  };
  return html`${consultation.caution === null ? nothing : cautionOf(desk, consultation, null, false)}
    ${outcomeView({ recorded: consultation.outcome, choices: desk.outcomes, form: local.outcome, change: (outcome) => desk.set({ outcome }), send: () => void keep() })}`;
}

function cautionOf(desk: DeskApp, { caution, recording }: ConsultationView, room: RoomState | null, isOpen: boolean): TemplateResult {
  const { me } = desk.state;
  return cautionCard({
    caution, room, isLeader: isOpen && me.is_leader, mayLift: isOpen && me.may_oversee, recording: recording.state, form: desk.local.caution,
    change: (form) => desk.set({ caution: form }), acts: desk.acts,
  });
}

function peopleCard(desk: DeskApp, consultation: ConsultationView, room: RoomState | null): TemplateResult {
  const { local, acts, now, rest } = desk;
  const { sessionId } = desk.page;
  const door = (act: () => Promise<unknown>): void => void desk.door("people", act);
  return rosterView({
    people: consultation.participants, room, acts, isInside: desk.isInside, isLeader: desk.state.me.is_leader, isOver: isOver(consultation), link: local.link,
    failure: local.failures.people ?? null, now, removing: local.removing, askRemoval: (removing) => desk.set({ removing }),
    resend: (id) => door(() => rest.resend(sessionId, id, false)), rearm: (id) => door(() => rest.rearm(sessionId, id)), withdraw: (id) => door(() => rest.withdraw(sessionId, id)),
    showLink: (id) => {
      if (id === null) desk.set({ link: null });
      else door(async () => desk.set({ link: { personId: id, ...(await rest.link(sessionId, id)) } }));
    },
  });
}

/** Whoever leads is asked whether to hand over or to end; everybody else as every person of a call. */
function leavingOrPanel(desk: DeskApp): TemplateResult | typeof nothing {
  const { call, devices, state } = desk;
  if (call.panel !== "leave" || !state.me.is_leader) return call.panel === null ? nothing : html`<div class="room desk-panel">${panelView(call, devices)}</div>`;
  return html`<section class="card" role="alertdialog" aria-labelledby="leader-leaves" data-testid="leader-leaves"><h2 id="leader-leaves">You lead this consultation</h2>
    <p>Hand over: a colleague presses “Take over”. With no officer in it the call ends after five minutes.</p>
    <div class="card-acts"><button type="button" class="button large" data-testid="leave-handing-over" @click=${() => call.parts.onLeave()}>Leave, a colleague takes over</button>
      <button type="button" class="button danger large" data-testid="leave-ending" @click=${() => { call.open(null); desk.set({ isEnding: true }); }}>End for all</button>
      <button type="button" class="button" data-testid="leave-no" @click=${() => call.open(null)}>Stay</button></div></section>`;
}

function movingView(desk: DeskApp): TemplateResult {
  const moving = desk.local.moving ?? { day: "", time: "" };
  const instant = londonInstant(moving.day, moving.time);
  const send = (event: Event): void => {
    event.preventDefault();
    if (instant !== null) void desk.door("change", () => desk.rest.change(desk.page.sessionId, { starts_at: instant })).then((isDone) => { if (isDone) desk.set({ moving: null }); });
  };
  return html`<form class="card" data-testid="change-form" @submit=${send}><h2>Another time</h2><div class="book-pair">
      <label class="field"><span>Day</span><input type="date" data-testid="change-day" .value=${moving.day} @input=${(event: Event) => desk.set({ moving: { ...moving, day: (event.target as HTMLInputElement).value } })}></label>
      <label class="field"><span>Time</span><input type="time" data-testid="change-time" .value=${moving.time} @input=${(event: Event) => desk.set({ moving: { ...moving, time: (event.target as HTMLInputElement).value } })}></label></div>
    ${desk.local.failures.change === undefined ? nothing : html`<p class="failure" role="alert">${desk.local.failures.change}</p>`}
    <div class="card-acts"><button type="submit" class="button primary" data-testid="change-send" ?disabled=${instant === null}>Change it and tell everybody</button>
      <button type="button" class="button" @click=${() => desk.set({ moving: null })}>Back</button></div></form>`;
}

function openFor({ call, now }: DeskApp): string {
  const seconds = secondsSince(call.self?.since, now);
  return seconds === null ? "" : `You are in the call for ${counter(seconds)}.`;
}
