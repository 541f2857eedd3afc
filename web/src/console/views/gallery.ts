/** Pictures and films that a phone sent: a strip, each large on a click, with time, size and hash. */

import { html, nothing, type TemplateResult } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";

import type { SessionSummary, StillAsk, StillView, UploadView } from "../../signalling/messages";
import type { Desk } from "../desk";
import { galleryOf, pictureOf, sizeWord, uploadWord, type GalleryEntry } from "../gallery";
import { covers, hasEnded } from "../select";
import { may } from "../state";
import { clock, clockWithDay } from "../times";
import { icon } from "./icons";
import { failureLine, panel } from "./pieces";

/** In the right column, once there is something to show or to ask for. */
export function galleryView(desk: Desk, session: SessionSummary): TemplateResult | typeof nothing {
  const details = desk.state.details[session.id];
  const entries = details === undefined ? [] : galleryOf(details);
  const isAskable = !hasEnded(session) && session.kind !== "flight" && covers(session, "video");
  const isKept = covers(session, "recording");
  if (entries.length === 0 && !isAskable) return nothing;
  const asks = details?.asks ?? [];
  return panel("Pictures", html`
    ${asks.filter((ask) => isNews(ask, desk.now)).map((ask) => askLine(ask))}
    ${failureLine(desk, `still:${session.id}`)}
    ${entries.length === 0
      ? html`<p class="none" data-testid="gallery-none">None yet</p>`
      : html`<ol class="gallery" data-testid="gallery">${repeat(entries, (one) => one.id, (one) => html`<li>${entryView(desk, one)}</li>`)}</ol>`}
  `, { aside: !isAskable ? nothing : isKept ? askButton(desk, session, asks) : html`<span class="quiet-text" data-testid="ask-refused">No consent to keep pictures</span>` });
}

function askButton(desk: Desk, session: SessionSummary, asks: readonly StillAsk[]): TemplateResult | typeof nothing {
  if (!may(desk.state, "session.control")) return nothing;
  const isOpen = asks.some((ask) => ask.answered_at === null);
  return html`<button type="button" class="button small" data-testid="ask-still" ?disabled=${!desk.state.isSynced || isOpen}
    title="The phone takes one picture of full size and sends it" @click=${() => desk.acts.askStill(session.id)}>
    ${isOpen ? "Asked…" : "Ask for a picture"}</button>`;
}

/** An answer that was a refusal is said for a minute; one that came is in the strip. */
function isNews(ask: StillAsk, now: number): boolean {
  if (ask.answered_at === null) return true;
  return ask.refusal !== "" && now - Date.parse(ask.answered_at) < 60_000;
}

const REFUSALS: Record<string, string> = {
  no_camera: "No picture: the camera is off.",
  denied: "No picture: the phone did not allow it.",
  not_supported: "No picture: the phone’s browser cannot take one.",
  failed: "No picture: the phone could not take one.",
};

function askLine(ask: StillAsk): TemplateResult {
  if (ask.refusal !== "") return html`<p class="failure" role="status" data-testid="ask-refused">${REFUSALS[ask.refusal] ?? REFUSALS.failed}</p>`;
  return html`<p class="item-wait" role="status" data-testid="ask-open"><span class="spinner"></span>
    Asked at ${clock(ask.asked_at)} by ${ask.asked_by_name}. It comes as soon as the phone has a line.</p>`;
}

function entryView(desk: Desk, entry: GalleryEntry): TemplateResult | typeof nothing {
  const shown = pictureOf(entry);
  if (shown === null) return uploadTile(entry.upload);
  const label = `${entry.upload === null ? "Picture" : entry.upload.file_name}, ${clockWithDay(entry.at, desk.now)}`;
  return html`<button type="button" class="thumb" aria-label=${label} title=${label} data-testid="gallery-entry" data-state="ready"
    @click=${() => desk.acts.local({ enlargedId: entry.id })}>
    <img src=${shown.small} alt="" loading="lazy" decoding="async" />
    <span>${shown.isFilm ? "▶ " : ""}${clock(entry.at)}</span></button>`;
}

/** What is still on its way, or was not taken. */
function uploadTile(upload: UploadView | null): TemplateResult | typeof nothing {
  if (upload === null) return nothing;
  const share = upload.bytes === 0 ? 0 : Math.floor((100 * upload.received_bytes) / upload.bytes);
  return html`<div class="thumb thumb-wait thumb-${upload.state}" data-testid="gallery-entry" data-state=${upload.state} title=${upload.file_name}>
    <b>${upload.file_name}</b><span>${uploadWord(upload)}</span>
    ${upload.state === "arriving" ? html`<progress max="100" value=${share} aria-label="How much of it has arrived"></progress>` : nothing}</div>`;
}

/** One picture or film over the page. */
export function enlargedView(desk: Desk): TemplateResult | typeof nothing {
  const id = desk.local.enlargedId;
  const found = id === null ? undefined : Object.values(desk.state.details).flatMap(galleryOf).find((one) => one.id === id);
  const shown = found === undefined ? null : pictureOf(found);
  if (desk.form !== null || found === undefined || shown === null) return nothing;
  const close = (): void => desk.acts.local({ enlargedId: null });
  return html`<dialog class="enlarged" aria-label="Picture" data-testid="enlarged" @cancel=${(event: Event) => { event.preventDefault(); close(); }}>
    <header><span class="spacer"></span>
      <button type="button" class="icon-button" aria-label="Close" data-testid="close-enlarged" @click=${close}>${icon("close")}</button></header>
    ${shown.isFilm
      ? html`<video controls playsinline preload="metadata" src=${shown.large}></video>`
      : html`<img src=${shown.large} alt="Picture of the phone" />`}
    ${facts(desk, found, shown.original)}
  </dialog>`;
}

function facts(desk: Desk, entry: GalleryEntry, original: string): TemplateResult {
  return html`<dl class="facts">
    ${entry.upload === null ? stillFacts(desk, entry.still) : uploadFacts(desk, entry.upload)}
    <dt>Original</dt><dd><a href=${original} download data-testid="original">Save it as it was sent</a></dd>
  </dl>`;
}

function stillFacts(desk: Desk, still: StillView | null): TemplateResult | typeof nothing {
  if (still === null) return nothing;
  return html`<dt>Taken</dt><dd>${clockWithDay(still.taken_at, desk.now)} by the phone’s clock</dd>
    <dt>Received</dt><dd>${clockWithDay(still.received_at, desk.now)}</dd>
    <dt>Size</dt><dd>${still.width} × ${still.height}, ${sizeWord(still.bytes)}</dd>
    <dt>SHA-256</dt><dd class="mono hash" data-testid="still-hash">${still.sha256}</dd>
    <dt></dt><dd class="quiet-text">The phone’s hash, and the same on arrival</dd>`;
}

function uploadFacts(desk: Desk, upload: UploadView): TemplateResult {
  return html`<dt>File</dt><dd>${upload.file_name}</dd>
    <dt>Received</dt><dd>${clockWithDay(upload.finished_at, desk.now)}</dd>
    <dt>Size</dt><dd>${sizeWord(upload.bytes)}</dd>
    <dt>SHA-256</dt><dd class="mono hash">${upload.sha256}</dd>`;
}
