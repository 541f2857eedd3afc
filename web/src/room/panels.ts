/** What opens beside the pictures of a call: people, devices, what the bar has no room for, and the question before leaving. */

import { html, nothing, type TemplateResult } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";

import { chooserView, type DeviceLists } from "../meeting/devices";
import type { PersonView } from "../signalling/meetingmessages";
import type { Call, Panel } from "./call";
import { Feeds } from "./feeds";
import { isInside } from "./people";

/** The open panel; nothing while none is. */
export function panelView(call: Call, devices: DeviceLists): TemplateResult | typeof nothing {
  const { panel } = call;
  if (panel === null) return nothing;
  const { room, words, recording } = call.parts.texts;
  const titles: Record<Panel, string> = {
    chat: words.chat.title, people: room.bar.people, files: recording.files.title, devices: room.bar.devices, more: room.bar.more, leave: room.leave.title,
  };
  return html`<section class="panel panel-${panel}" role=${panel === "leave" ? "alertdialog" : "region"} aria-labelledby="panel-title" data-testid="panel" data-panel=${panel}
    @keydown=${(event: KeyboardEvent) => { if (event.key === "Escape" && !event.defaultPrevented) call.open(null); }}>
    <header class="panel-head"><h2 id="panel-title" tabindex="-1">${titles[panel]}</h2>
      <button type="button" class="room-button is-quiet" data-testid="close-panel" @click=${() => call.open(null)}>${room.bar.close}</button></header>
    <div class="panel-body">${bodyOf(call, panel, devices)}</div></section>`;
}

function bodyOf(call: Call, panel: Panel, devices: DeviceLists): TemplateResult {
  switch (panel) {
    case "chat":
      return call.chat.view(call.parts.texts);
    case "files":
      return call.files.view(call.parts.texts);
    case "people":
      return peopleView(call);
    case "devices":
      return devicesView(call, devices);
    case "more":
      return moreView(call);
    case "leave":
      return leaveView(call);
  }
}

function peopleView(call: Call): TemplateResult {
  const people = (call.room?.people ?? []).filter(isInside);
  return html`<ul class="people" data-testid="people">${repeat(people, (person) => person.id, (person) => personView(call, person))}</ul>`;
}

function personView(call: Call, person: PersonView): TemplateResult {
  const { room } = call.parts.texts;
  const isSelf = person.id === call.parts.selfId();
  const marks = [
    person.state === "lost" ? room.tile.lost : "", person.state === "private" ? room.tile.private : "", person.hand_at === null ? "" : room.tile.hand,
    person.is_muted ? room.tile.muted : "", person.is_recorded && call.room?.recording.on === true ? room.tile.recorded : "",
  ].filter((mark) => mark !== "");
  return html`<li data-testid="person"><bdi>${person.name}</bdi>${isSelf ? html` (${room.you})` : nothing}
    <span>${[room.roles[person.role], ...marks].join(" · ")}</span></li>`;
}

function devicesView(call: Call, devices: DeviceLists): TemplateResult {
  const { bar } = call.parts.texts.room;
  return html`${chooserView(call.parts.capture, devices, bar, (speaker) => call.hearing.choose(speaker))}
    <label class="tick"><input type="checkbox" data-testid="same-room" .checked=${call.own.isSameRoom}
      @change=${(event: Event) => call.own.setSameRoom((event.target as HTMLInputElement).checked)}>
      <span>${bar.sameRoom}<small>${bar.sameRoomHint}</small></span></label>`;
}

/** Everything that a phone's bar has no room for. */
function moreView(call: Call): TemplateResult {
  const { bar } = call.parts.texts.room;
  const entry = (label: string, testId: string, act: () => void): TemplateResult =>
    html`<li><button type="button" class="room-button" data-testid="more-${testId}" @click=${act}>${label}</button></li>`;
  const unread = call.chat.unread > 0 ? ` (${call.chat.unread})` : "";
  const shared = call.isPrivate ? [] : [
    entry(bar.chat + unread, "chat", () => call.open("chat")),
    entry(bar.people, "people", () => call.open("people")),
    entry(bar.files, "files", () => call.open("files")),
    ...(Feeds.canShare ? [entry(call.own.isSharing ? bar.unshare : bar.share, "share", () => void call.own.toggleShare())] : []),
  ];
  return html`<ul class="more">${shared}${entry(bar.devices, "devices", () => call.open("devices"))}</ul>`;
}

function leaveView(call: Call): TemplateResult {
  const words = call.parts.texts.room.leave;
  return html`<p>${words.body}</p>
    <div class="panel-answers"><button type="button" class="room-button is-stop" data-testid="leave-yes" @click=${() => call.parts.onLeave()}>${words.yes}</button>
      <button type="button" class="room-button" data-testid="leave-no" @click=${() => call.open(null)}>${words.no}</button></div>`;
}
