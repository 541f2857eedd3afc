/** A tap on a drone's picture: the grid reference of the ground there, with how sure it is. */

import { html, nothing, type TemplateResult } from "lit-html";

import { FlightRest, type GroundAnswer } from "../console/flightrest";
import { groundWords } from "../console/flightwords";
import { ApiError, Rest } from "../console/rest";
import { percentOf, placeAt, type PicturePlace, type Size } from "../map/pictureplace";

/** Asks the server; `at` is when the picture was taken. */
export type AskGround = (sessionId: string, place: PicturePlace, at: string) => Promise<GroundAnswer>;

const ask: AskGround = (sessionId, place, at) => new FlightRest(new Rest()).ground(sessionId, place, at);

/** The newest tap, and what came of it. */
export class GroundAsk {
  private asked: { place: PicturePlace; words: string } | null = null;

  constructor(private readonly redraw: () => void, private readonly askServer: AskGround = ask) {}

  /** A later tap has taken the place of this one: its answer is nobody's. */
  async tap(sessionId: string, place: PicturePlace, at: string): Promise<void> {
    const asked = { place, words: "Looking…" };
    this.asked = asked;
    this.redraw();
    try {
      asked.words = groundWords(await this.askServer(sessionId, place, at));
    } catch (error) {
      asked.words = error instanceof ApiError && error.status === 403 ? "You are not shown this picture any more." : "The place could not be looked up.";
    }
    if (this.asked === asked) this.redraw();
  }

  forget(): void {
    this.asked = null;
  }

  /** Over the picture: takes the tap, and marks it. */
  overView(video: HTMLVideoElement, tapped: (place: PicturePlace) => void): TemplateResult {
    return html`<div class="ground-tap" data-testid="ground-tap" @click=${(event: MouseEvent) => {
        const box = video.getBoundingClientRect();
        const place = placeAt(event.clientX - box.left, event.clientY - box.top, box, sizeOf(video));
        if (place !== null) tapped(place);
      }}>${this.asked === null ? nothing : markView(this.asked.place, video)}</div>`;
  }

  /** Under the picture: the answer, and the way there for whoever cannot point. */
  underView(tapped: (place: PicturePlace) => void): TemplateResult {
    return html`<p class="card-place" role="status" data-testid="ground-answer">${this.asked?.words ?? "Tap the picture: the grid reference of that place."}
      <button type="button" class="act" data-testid="ground-middle" @click=${() => tapped({ across: 0.5, down: 0.5 })}>Middle of the picture</button></p>`;
  }
}

function markView(place: PicturePlace, video: HTMLVideoElement): TemplateResult | typeof nothing {
  const at = percentOf(place, { width: video.clientWidth, height: video.clientHeight }, sizeOf(video));
  if (at === null) return nothing;
  const [left, top] = [video.offsetLeft + (at.left / 100) * video.clientWidth, video.offsetTop + (at.top / 100) * video.clientHeight];
  return html`<span class="ground-mark" data-testid="ground-mark" style="left:${left}px;top:${top}px"></span>`;
}

function sizeOf({ videoWidth, videoHeight }: HTMLVideoElement): Size {
  return { width: videoWidth, height: videoHeight };
}
