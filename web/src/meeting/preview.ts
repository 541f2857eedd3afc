/** The own picture before the meeting, and how loud the own microphone is. One element for the whole life of the page. */

import { html, type TemplateResult } from "lit-html";

import type { Capture } from "../media/capture";
import { measureLevel, type LevelMeter } from "../media/level";
import { playLive, stopShowing } from "../media/play";

const LOOK_MS = 120;

/** The preview of one page. */
export class Preview {
  readonly video = document.createElement("video");
  private readonly bar = document.createElement("span");
  private shown: MediaStreamTrack | null = null;
  private heard: MediaStreamTrack | null = null;
  private meter: LevelMeter | null = null;
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor(private readonly capture: Capture, private readonly measure: (track: MediaStreamTrack) => LevelMeter | null = measureLevel) {
    this.video.muted = true;
    this.video.setAttribute("playsinline", "");
    this.video.setAttribute("muted", "");
    this.bar.className = "level-bar";
  }

  /** Whether the picture is there. */
  get hasFrames(): boolean {
    return this.video.videoWidth > 0;
  }

  /** Show and measure what is on now; nothing of it while `isOn` is false. */
  follow(isOn: boolean): void {
    const [picture, sound] = isOn ? [this.capture.picture, this.capture.sound] : [null, null];
    if (picture !== this.shown) {
      this.shown = picture;
      if (picture === null) stopShowing(this.video);
      else void playLive(this.video, new MediaStream([picture]));
    }
    if (sound !== this.heard) this.listen(sound);
  }

  /** The own picture with the level under it. */
  view(words: { preview: string; level: string }): TemplateResult {
    this.video.setAttribute("aria-label", words.preview);
    this.video.hidden = this.shown === null;
    return html`<figure class="own-picture" data-testid="own-picture">${this.video}
      <figcaption>${words.preview}</figcaption>
      <p class="level" ?hidden=${this.heard === null}><span>${words.level}</span><span class="level-track" aria-hidden="true">${this.bar}</span></p></figure>`;
  }

  private listen(sound: MediaStreamTrack | null): void {
    clearInterval(this.timer);
    this.meter?.close();
    this.heard = sound;
    this.meter = sound === null ? null : this.measure(sound);
    const { meter } = this;
    if (meter === null) return;
    this.timer = setInterval(() => {
      this.bar.style.width = `${Math.round(meter.read() * 100)}%`;
    }, LOOK_MS);
  }
}
