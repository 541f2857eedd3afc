/** Photos and videos of a call: sent by the same uploader as a caller's, and listed with whose they are. */

import { html, nothing, type TemplateResult } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";

import { uploadMemory } from "../sharing/upload_memory";
import type { Uploader, UploadLine } from "../sharing/uploader";
import type { CallUpload } from "../signalling/meetingmessages";
import type { CallTexts } from "./texts";

/** What the files need of the call. */
export interface FilesParts {
  /** Where uploads are begun, for example "/meeting/uploads/". */
  readonly door: () => string;
  readonly sessionId: () => string;
  isSafe: boolean;
  readonly selfId: () => string | null;
  readonly redraw: () => void;
}

/** All files of one call. */
export class CallFiles {
  /** What this page sends. */
  lines: readonly UploadLine[] = [];
  /** What the server knows of. */
  uploads: readonly CallUpload[] = [];
  private uploader: Promise<Uploader> | null = null;

  constructor(private readonly parts: FilesParts) {}

  /** What the server knows. */
  snapshot(uploads: readonly CallUpload[]): void {
    this.uploads = uploads;
  }

  /** One of them has changed, or is new. */
  changed(upload: CallUpload): void {
    const isKnown = this.uploads.some((one) => one.id === upload.id);
    this.uploads = isKnown ? this.uploads.map((one) => (one.id === upload.id ? upload : one)) : [...this.uploads, upload];
  }

  /** Send these. The code for it is loaded when it is wanted. */
  async add(files: readonly File[]): Promise<void> {
    const memory = uploadMemory(this.parts.sessionId(), this.parts.isSafe);
    this.uploader ??= import("../sharing/uploader").then(({ Uploader: Made }) => new Made((lines) => this.tell(lines), memory, this.parts.door()));
    (await this.uploader).add(files);
  }

  /** The call is over: nothing leaves this device any more. */
  stop(): void {
    void this.uploader?.then((uploader) => uploader.stop());
    this.uploader = null;
  }

  /** The panel. */
  view(texts: CallTexts): TemplateResult {
    const words = texts.recording.files;
    const choose = (event: Event): void => {
      const input = event.target as HTMLInputElement;
      void this.add([...(input.files ?? [])]);
      input.value = "";
    };
    const others = this.uploads.filter((upload) => upload.sender_id !== this.parts.selfId() || !this.isOnItsWay(upload));
    return html`<div class="files-panel"><p class="panel-hint">${words.hint}</p>
      <input id="call-files" class="room-hidden" type="file" multiple accept="image/*,video/*" data-testid="call-files" @change=${choose}>
      <label class="room-button" for="call-files">${words.choose}</label>
      <ul class="file-list" data-testid="file-list">
        ${repeat(this.lines, (line) => line.key, (line) => lineView(line, words))}
        ${repeat(others, (upload) => upload.id, (upload) => uploadView(upload, words))}
        ${this.lines.length + others.length === 0 ? html`<li class="panel-hint">${words.none}</li>` : nothing}</ul></div>`;
  }

  /** The own file is shown by its line, which knows more. */
  private isOnItsWay(upload: CallUpload): boolean {
    return this.lines.some((line) => line.name === upload.file_name && line.bytes === upload.bytes);
  }

  private tell(lines: readonly UploadLine[]): void {
    this.lines = lines;
    this.parts.redraw();
  }
}

type FileWords = CallTexts["recording"]["files"];

function lineView(line: UploadLine, words: FileWords): TemplateResult {
  const share = line.bytes === 0 ? 0 : Math.floor((100 * line.sent) / line.bytes);
  const isOpen = line.state !== "done" && line.state !== "refused";
  return html`<li class="file" data-testid="file" data-state=${line.state}><bdi>${line.name}</bdi>
    ${isOpen ? html`<progress max="100" .value=${share} aria-label=${line.name}></progress>` : nothing}
    <span>${saidOf(line, share, words)}</span></li>`;
}

function saidOf(line: UploadLine, share: number, words: FileWords): string {
  if (line.state === "sending") return words.states.sending(share);
  if (line.state !== "refused") return words.states[line.state];
  const problems: Record<string, string> = words.problems;
  return problems[line.problem ?? ""] ?? words.problems.other;
}

function uploadView(upload: CallUpload, words: FileWords): TemplateResult {
  return html`<li class="file" data-testid="file" data-state=${upload.state}><bdi>${upload.file_name}</bdi>
    <span><bdi>${words.from(upload.sender_name)}</bdi> · ${words.arrived[upload.state]}</span></li>`;
}
