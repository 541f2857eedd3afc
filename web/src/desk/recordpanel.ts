/** The recording at the desk: asking everybody, who has answered what, since when it runs, and stopping it. */

import { html, nothing, type TemplateResult } from "lit-html";

import { counter, secondsSince } from "../console/times";
import type { ConsultationView, PersonView, RoomState } from "../signalling/deskmessages";
import type { DeskActs } from "./acts";

/** What the panel is drawn with. */
export interface RecordScreen {
  recording: ConsultationView["recording"];
  room: RoomState | null;
  acts: DeskActs;
  isInside: boolean;
  isWished: boolean;
  now: number;
}

const ANSWERS = { yes: "said yes", no: "said no: not recorded", "": "has not answered" } as const;

/** The card. */
export function recordPanel(screen: RecordScreen): TemplateResult {
  const { recording, acts } = screen;
  const failure = acts.failureOf("recording");
  return html`<section class="card card-record" aria-labelledby="record-title" data-testid="record-card" data-state=${recording.state}>
    <h2 id="record-title">Recording</h2>
    ${stateView(screen)}
    ${recording.state === "off" ? nothing : answersView(screen)}
    ${failure === undefined ? nothing : html`<p class="failure" role="alert">${failure}</p>`}
    ${buttonView(screen)}</section>`;
}

function stateView({ recording, isWished, now }: RecordScreen): TemplateResult {
  if (recording.state === "asking") return html`<p class="warning-text" role="status">Everybody is asked. Nothing is recorded before all have answered, or a minute has passed.</p>`;
  if (recording.state === "off") return html`<p>${isWished ? "It is to be recorded: ask when all are in." : "Not recorded"}</p>`;
  const { part } = recording;
  const since = secondsSince(part?.started_at, now);
  return html`<p class="rec" data-testid="record-part">Recording${part === null ? "" : `, part ${part.number}`}${since === null ? "" : `, ${counter(since)}`}</p>`;
}

/** Each member's answer; of officers nobody is asked. */
function answersView({ recording, room }: RecordScreen): TemplateResult {
  const answers = new Map(recording.answers.map(({ id, answer }) => [id, answer]));
  const members = (room?.people ?? []).filter((person) => person.side !== "police" && person.state !== "coming");
  return html`<ul class="answers" data-testid="record-answers">${members.map((person) => answerView(person, answers.get(person.id) ?? ""))}</ul>
    ${members.some((person) => answers.get(person.id) === "no") ? html`<p class="warning-text">Use a headset: your microphone may pick up the voice of who said no.</p>` : nothing}`;
}

function answerView(person: PersonView, answer: "" | "yes" | "no"): TemplateResult {
  return html`<li data-testid="record-answer" data-answer=${answer}><bdi>${person.name}</bdi> <span>${ANSWERS[answer]}</span></li>`;
}

function buttonView({ recording, acts, isInside }: RecordScreen): TemplateResult {
  const isBusy = acts.isBusy("recording");
  if (recording.state === "off") {
    return html`<button type="button" class="button large" data-testid="ask-recording" ?disabled=${!isInside || isBusy} @click=${() => acts.askToRecord()}>Ask everybody</button>`;
  }
  return html`<button type="button" class="button danger large" data-testid="stop-recording" ?disabled=${!isInside || isBusy} @click=${() => acts.stopRecording("officer")}>
    ${recording.state === "asking" ? "Do not record" : "Stop recording"}</button>`;
}
