/** Before anything is shared: what it is about, and the choice. */

import type { ConsentWording, LinkKind, Scope } from "../../signalling/messages";
import { button, el, heading, setShown, setText } from "../dom";
import type { CallerModel } from "../model";
import type { Screen, ScreenContext } from "./screen";

/** Who asks and why, what is shared, that it is recorded, that it can be stopped. */
export function whatScreen(model: CallerModel, { texts, dispatch }: ScreenContext): Screen {
  const { wording, session } = model;
  const words = texts.what;
  const root = el(
    "section",
    {},
    heading(wording?.title ?? words.untitled),
    el("p", { class: "lead" }, wording?.intro ?? ""),
    el("dl", { class: "facts" }, ...(wording === null ? [] : facts(wording, session?.link_kind, words))),
    el("p", { class: "hint" }, words.choose),
    button(texts.common.continue, () => dispatch({ type: "tap", tap: "continue" })),
  );
  return { root };
}

function facts(
  wording: ConsentWording,
  kind: LinkKind | undefined,
  words: ScreenContext["texts"]["what"],
): HTMLElement[] {
  const fact = (title: string, text: string): HTMLElement[] => [el("dt", {}, title), el("dd", {}, text)];
  const withVideo = [
    ...fact(words.video, `${wording.video_text} ${words.sound}`),
    ...fact(words.recording, wording.recording_text),
  ];
  return [
    ...fact(words.location, wording.location_text),
    ...(kind === "location_video" ? withVideo : []),
    ...fact(words.stop, wording.stop_text),
  ];
}

/** One choice per scope, then "I agree". */
export function agreeScreen(model: CallerModel, { texts, dispatch }: ScreenContext): Screen {
  const words = texts.agree;
  const offersVideo = model.session?.link_kind === "location_video";
  const choice = (scope: Scope, label: string, text: string): HTMLElement =>
    checkbox(label, text, model.choices.includes(scope), (on) => dispatch({ type: "choose", scope, on }));
  const recording = choice("recording", words.recording, model.wording?.recording_text ?? "");
  const problem = el("p", { class: "problem", attributes: { role: "alert" } });
  const agree = button(words.agree, () => dispatch({ type: "tap", tap: "agree" }));
  const root = el(
    "section",
    {},
    heading(words.title),
    el(
      "fieldset",
      {},
      el("legend", { class: "hint" }, words.hint),
      choice("location", words.location, model.wording?.location_text ?? ""),
      offersVideo ? choice("video", words.video, model.wording?.video_text ?? "") : null,
      offersVideo ? recording : null,
    ),
    problem,
    agree,
    button(words.decline, () => dispatch({ type: "tap", tap: "decline" }), "secondary"),
  );
  const update = (now: CallerModel): void => {
    updateRecording(recording, now);
    setText(problem, problemText(now, words.problems));
    setShown(problem, problem.textContent !== "");
    setText(agree, now.isGiving ? words.sending : words.agree);
  };
  return { root, update };
}

/** Recording is offered with the video only; without it the tick goes too. */
function updateRecording(recording: HTMLElement, model: CallerModel): void {
  setShown(recording, model.choices.includes("video"));
  const input = recording.querySelector("input");
  if (input !== null) input.checked = model.choices.includes("recording");
}

function problemText(model: CallerModel, problems: ScreenContext["texts"]["agree"]["problems"]): string {
  if (model.wording === null) return problems.no_wording;
  if (model.problem === null) return "";
  return model.problem === "nothing_chosen" ? problems.nothing_chosen : problems.other;
}

function checkbox(label: string, text: string, isOn: boolean, onChange: (on: boolean) => void): HTMLElement {
  const input = el("input", { attributes: { type: "checkbox" } });
  input.checked = isOn;
  input.addEventListener("change", () => onChange(input.checked));
  return el(
    "label",
    { class: "choice" },
    input,
    el("span", { class: "choice-words" }, el("strong", {}, label), el("span", {}, text)),
  );
}

/** Nothing is shared, and the way back is open. */
export function declinedScreen(_model: CallerModel, { texts, dispatch }: ScreenContext): Screen {
  const words = texts.declined;
  const root = el(
    "section",
    {},
    heading(words.title),
    el("p", { class: "lead" }, words.body),
    button(words.reconsider, () => dispatch({ type: "tap", tap: "reconsider" }), "secondary"),
  );
  return { root };
}
