/** On the air: the own picture, REC, who watches, and STOP. */

import { html, nothing, type TemplateResult } from "lit-html";

import { statusOf, toneOf, type Status } from "../sharing/status";
import type { SharingModel } from "../sharing/model";
import { watchersLine, watchersNames, type OfficerPage } from "./state";
import type { Drawing } from "./view";
import { PICTURE_WORDS, POSITION_WORDS, STILL_WORDS } from "./words";

/** The live screen. */
export function liveScreen(drawing: Drawing): TemplateResult {
  const { page, preview } = drawing;
  const status = statusOf(page.sharing);
  preview.classList.toggle("is-mirrored", page.sharing.camera.facing === "user");
  return html`<main class="live tone-${toneOf(status)}" data-testid="live" data-status=${status}>
    <h1 class="visually-hidden">You are live</h1>
    <div class="picture" ?hidden=${page.sharing.camera.state !== "on"}>${preview}</div>
    <div class="top">
      <div class="signs">${signView(status)} ${recView(page)}<span class="reference">${page.joined?.incident_reference}</span></div>
      <p class="watchers ${page.watchers > page.guests && page.line === "open" ? "is-watched" : ""}" role="status" data-testid="watchers">${watchersLine(page)}</p>
      ${watchersNames(page) === "" ? nothing : html`<p class="watchers-names" data-testid="watchers-names">${watchersNames(page)}</p>`}
      ${drawing.parts.map((part) => part.liveView?.())} ${detailView(status)} ${saidView(page.sharing)}
    </div>
    <div class="reach">
      ${drawing.parts.map((part) => part.reachView?.())}
      <p class="place">${placeLine(page.sharing)}</p>
      <p class="place" role="status" data-testid="still-line" ?hidden=${page.sharing.still === null}>${page.sharing.still === null ? "" : STILL_WORDS[page.sharing.still]}</p>
      <div class="tools">${toolsView(drawing)}</div>
      <button type="button" class="act stop" data-testid="stop" @click=${() => drawing.acts.live.stop()}>STOP</button>
    </div>
    ${drawing.parts.map((part) => part.sheetView?.())}
  </main>`;
}

function signView(status: Status): TemplateResult {
  return html`<strong class="sign" role="status" data-testid="sign">${PICTURE_WORDS[status].word}</strong>`;
}

/** Recording is said as loudly as its absence, and neither while nothing is heard of it. */
function recView({ line, sharing }: OfficerPage): TemplateResult | typeof nothing {
  if (line !== "open") return nothing;
  return sharing.isRecorded
    ? html`<strong class="rec" data-testid="rec"><span aria-hidden="true">●</span> REC</strong>`
    : html`<span class="rec-off" data-testid="rec-off">Not recorded</span>`;
}

function detailView(status: Status): TemplateResult | typeof nothing {
  const { detail } = PICTURE_WORDS[status];
  return detail === "" ? nothing : html`<p class="detail">${detail}</p>`;
}

/** The newest message of the control room. */
function saidView({ chat }: SharingModel): TemplateResult {
  const newest = chat.filter((line) => line.sender === "operator").at(-1);
  return html`<p class="said" role="log" ?hidden=${newest === undefined}><b>Control room:</b> ${newest?.shown_text}</p>`;
}

function toolsView({ page, acts }: Drawing): TemplateResult {
  const { camera } = page.sharing;
  const isOn = camera.state === "on";
  const isPaused = camera.state === "off";
  const hears = page.microphone === "on";
  return html`
    <button type="button" class="tool" data-testid="pause" aria-pressed=${isPaused}
      @click=${() => acts.live.setPaused(!isPaused)}>${isPaused ? "Resume" : "Pause"}</button>
    <button type="button" class="tool" data-testid="switch" ?disabled=${!isOn} @click=${() => acts.live.switchCamera()}>${camera.facing === "user" ? "Rear camera" : "Front camera"}</button>
    <button type="button" class="tool ${hears ? "is-on" : ""}" data-testid="microphone" aria-pressed=${hears} ?disabled=${isPaused}
      @click=${() => acts.live.setMicrophone(!hears)}>${microphoneWord(page)}</button>
    <button type="button" class="tool" data-testid="still" ?disabled=${!isOn || page.sharing.still === "sending"} @click=${() => acts.live.takeStill()}>Picture</button>
    ${page.torch === null ? nothing : html`<button type="button" class="tool ${page.torch ? "is-on" : ""}" data-testid="torch"
      aria-pressed=${page.torch} ?disabled=${!isOn} @click=${() => acts.live.setTorch(page.torch !== true)}>${page.torch ? "Torch on" : "Torch off"}</button>`}`;
}

function microphoneWord({ microphone }: OfficerPage): string {
  const words = { on: "Sound on", off: "Sound off", asking: "Sound…", refused: "No sound" } as const;
  return words[microphone];
}

function placeLine({ position }: SharingModel): string {
  if (position.fault !== null) return POSITION_WORDS[position.fault];
  if (position.last === null) return "Looking for your position";
  return `Position sent, ±${Math.max(1, Math.round(position.last.accuracy_m))} m`;
}
