/** Before anything is shared: what it is about, and the choice. */

import type { Scope } from "../../signalling/messages";
import { button, el, heading, paragraph, setShown, setText, wayOn } from "../../public/dom";
import { inLanguage } from "../../public/languages";
import type { SharingModel } from "../../sharing/model";
import type { Screen, ScreenContext } from "./screen";

/** Who asks and why, and that it can be stopped at any time. What each choice means stands beside the choice. */
export function whatScreen(model: SharingModel, { texts, dispatch }: ScreenContext): Screen {
  const { wording } = model;
  const words = texts.what;
  const root = el(
    "section",
    {},
    asWorded(heading(wording?.title ?? words.untitled), model),
    asWorded(paragraph(wording?.intro ?? ""), model),
    asWorded(el("p", { class: "govuk-inset-text" }, wording?.stop_text ?? words.stop), model),
    paragraph(words.choose),
    wayOn(button(texts.common.continue, () => dispatch({ type: "tap", tap: "continue" }))),
  );
  return { root };
}

/** One choice per scope, then "I agree". */
export function agreeScreen(model: SharingModel, { texts, dispatch }: ScreenContext): Screen {
  const words = texts.agree;
  const choices = offeredScopes(model).map((scope) => {
    const said = splitWording(model.wording?.[`${scope}_text`] ?? "", words[scope]);
    const root = checkbox(`scope-${scope}`, said, model.choices.includes(scope), (on) => dispatch({ type: "choose", scope, on }));
    return { scope, root: asWorded(root, model) };
  });
  const problem = el("p", { class: "govuk-error-message", attributes: { role: "alert" } });
  const agree = button(words.agree, () => dispatch({ type: "tap", tap: "agree" }));
  const root = el(
    "section",
    {},
    heading(words.title),
    el(
      "fieldset",
      { class: "govuk-fieldset" },
      el("legend", { class: "govuk-fieldset__legend" }, words.hint),
      el("div", { class: "govuk-checkboxes" }, ...choices.map((choice) => choice.root)),
    ),
    // Both answers at once in reach: neither is easier to give than the other.
    wayOn(problem, agree, button(words.decline, () => dispatch({ type: "tap", tap: "decline" }), "secondary")),
  );
  const update = (now: SharingModel): void => {
    for (const choice of choices) updateChoice(choice.scope, choice.root, now);
    setText(problem, problemText(now, words.problems));
    setShown(problem, problem.textContent !== "");
    setText(agree, now.isGiving ? words.sending : words.agree);
  };
  return { root, update };
}

/** The approved words may be in another language than the page: then they are read out, and set, as that language. */
function asWorded<E extends HTMLElement>(element: E, { wording }: SharingModel): E {
  return wording === null ? element : inLanguage(element, wording.language);
}

function offeredScopes(model: SharingModel): Scope[] {
  switch (model.session?.link_kind) {
    case "location_video":
      return ["location", "video", "recording"];
    case "location_upload":
      return ["location", "upload"];
    case "location":
    case undefined:
      return ["location"];
  }
}

/**
 * The approved words of one scope: a short name and what it means.
 *
 * A wording may bring its own name, as in "Live video: what the camera sees"; else the page's own name stands above it.
 */
export function splitWording(text: string, fallback: string): { name: string; meaning: string } {
  const [, name, rest] = /^([^:.]{3,40}): +(.+)$/s.exec(text) ?? [];
  if (name === undefined || rest === undefined) return { name: fallback, meaning: text };
  return { name, meaning: rest.charAt(0).toUpperCase() + rest.slice(1) };
}

/** Recording is offered with the video only; without it the tick goes too. */
function updateChoice(scope: Scope, root: HTMLElement, model: SharingModel): void {
  if (scope === "recording") setShown(root, model.choices.includes("video"));
  const input = root.querySelector("input");
  if (input !== null) input.checked = model.choices.includes(scope);
}

function problemText(model: SharingModel, problems: ScreenContext["texts"]["agree"]["problems"]): string {
  if (model.wording === null) return problems.no_wording;
  if (model.problem === null) return "";
  return model.problem === "nothing_chosen" ? problems.nothing_chosen : problems.other;
}

function checkbox(
  id: string,
  said: { name: string; meaning: string },
  isOn: boolean,
  onChange: (on: boolean) => void,
): HTMLElement {
  const input = el("input", { id, class: "govuk-checkboxes__input", attributes: { type: "checkbox" } });
  input.checked = isOn;
  input.addEventListener("change", () => onChange(input.checked));
  return el(
    "div",
    { class: "govuk-checkboxes__item choice" },
    input,
    el(
      "label",
      { class: "govuk-label govuk-checkboxes__label", attributes: { for: id } },
      el("strong", {}, said.name),
      el("span", { class: "choice-meaning" }, said.meaning),
    ),
  );
}

/** Nothing is shared, and the way back is open. */
export function declinedScreen(_model: SharingModel, { texts, dispatch }: ScreenContext): Screen {
  const words = texts.declined;
  const root = el(
    "section",
    {},
    heading(words.title),
    paragraph(words.body),
    button(words.reconsider, () => dispatch({ type: "tap", tap: "reconsider" }), "secondary"),
  );
  return { root };
}
