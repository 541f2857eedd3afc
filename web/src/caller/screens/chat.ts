/** Messages between the caller and the control room. */

import type { Phrase } from "../../signalling/messages";
import { el, setShown } from "../../public/dom";
import { inLanguage } from "../../public/languages";
import type { SharingModel, ChatLine } from "../../sharing/model";
import { pageLanguage, type Texts } from "../texts";
import type { Screen, ScreenContext } from "./screen";

/** A random id for a message: what is sent twice is kept once. Works on insecure pages too. */
export function newClientId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Answers to a question by one tap; the rest stands behind them. */
const SHORT = new Set(["yes", "no", "cannot-say"]);

/** The list, answers by a tap, and a field to write in; in safe mode a tap comes before writing. */
export function chatPanel(model: SharingModel, context: ScreenContext): Screen {
  const { texts, dispatch, isSafe } = context;
  const words = texts.chat;
  const say = (text: string, phrase?: string): void => {
    const said = { type: "say", text, clientId: newClientId(), at: new Date().toISOString() } as const;
    dispatch(phrase === undefined ? said : { ...said, phrase });
  };
  // It scrolls, so the keyboard must be able to reach it.
  const log = el("div", { class: "chat-log", attributes: { role: "log", tabindex: "0", "aria-labelledby": "chat-title" } });
  const end = el("div", { class: "chat-end" });
  const empty = el("p", { class: "govuk-hint" }, words.empty);
  const root = el(
    "section",
    { class: "chat", attributes: { "aria-labelledby": "chat-title" } },
    el("h2", { id: "chat-title", class: "govuk-heading-m" }, words.title),
    empty,
    log,
    end,
    answers(model.phrases.filter((phrase) => SHORT.has(phrase.code)), say),
    ...answersAndForm(model, words, say, isSafe),
  );
  const fresh = newMessageNotice(root, end, words);
  root.append(fresh.button);
  let shown: ChatLine[] = [];
  const update = (model: SharingModel): void => {
    // A list without lines has nothing to scroll, and measuring it would lay the new screen out before its time.
    if (model.chat === shown || model.chat.length + shown.length === 0) return;
    const isFirst = shown.length === 0;
    shown = model.chat;
    setShown(empty, shown.length === 0);
    placeLines(log, shown, context);
    log.scrollTop = log.scrollHeight;
    const last = shown[shown.length - 1];
    if (!isFirst || model.chat.length === 1) fresh.note(last);
  };
  return { root, update };
}

type Say = (text: string, phrase?: string) => void;

function answers(phrases: readonly Phrase[], say: Say): HTMLElement {
  const buttons = phrases.map(({ code, text }) =>
    el("button", { class: "govuk-button govuk-button--secondary", attributes: { type: "button", "data-phrase": code }, onClick: () => say(text, code) }, text),
  );
  return el("div", { class: "chat-quick" }, ...buttons);
}

function answersAndForm(model: SharingModel, words: Texts["chat"], say: Say, isSafe: boolean): HTMLElement[] {
  const more = answers(model.phrases.filter((phrase) => !SHORT.has(phrase.code)), say);
  const form = writeForm(words, say);
  return isSafe ? [more, folded(words.write, form)] : [form, folded(words.more, more)];
}

function folded(title: string, content: HTMLElement): HTMLElement {
  return el(
    "details",
    { class: "govuk-details chat-more" },
    el("summary", { class: "govuk-details__summary" }, el("span", { class: "govuk-details__summary-text" }, title)),
    el("div", { class: "govuk-details__text" }, content),
  );
}

/** A message that arrived below the edge of the screen is shown above STOP; touching it goes there. */
function newMessageNotice(
  chat: HTMLElement,
  end: HTMLElement,
  words: Texts["chat"],
): { button: HTMLButtonElement; note: (line: ChatLine | undefined) => void } {
  const text = el("span", {});
  const button = el(
    "button",
    { class: "govuk-button chat-new", attributes: { type: "button" }, onClick: () => chat.scrollIntoView() },
    el("strong", {}, words.arrived),
    text,
  );
  setShown(button, false);
  let isInSight = false;
  new IntersectionObserver(([entry]) => {
    isInSight = entry?.isIntersecting === true;
    if (isInSight) setShown(button, false);
  }, { rootMargin: "0px 0px -120px 0px" }).observe(end);
  const note = (line: ChatLine | undefined): void => {
    if (line?.sender !== "operator") return;
    inLanguage(text, line.shown_language).textContent = line.shown_text;
    setShown(button, !isInSight);
  };
  return { button, note };
}

function writeForm(words: Texts["chat"], say: Say): HTMLFormElement {
  const field = el("input", {
    id: "chat-text",
    class: "govuk-input",
    attributes: { type: "text", maxlength: "1000", dir: "auto", autocomplete: "off", enterkeyhint: "send" },
  });
  const form = el(
    "form",
    { class: "chat-form" },
    el("label", { class: "govuk-visually-hidden", attributes: { for: "chat-text" } }, words.label),
    field,
    el("button", { class: "govuk-button", attributes: { type: "submit" } }, words.send),
  );
  field.placeholder = words.label;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    say(field.value);
    field.value = "";
  });
  return form;
}

/** Put the lines in order, keeping those that stand: a screen reader reads out what is new and no more. */
function placeLines(log: HTMLElement, lines: ChatLine[], context: ScreenContext): void {
  const standing = new Map([...log.children].map((child) => [(child as HTMLElement).dataset.id, child]));
  lines.forEach((line, index) => {
    const id = `${line.client_id}/${String(line.isPending)}`;
    const node = standing.get(id) ?? chatLine(line, id, context);
    if (log.children[index] !== node) log.insertBefore(node, log.children[index] ?? null);
  });
  while (log.children.length > lines.length) log.lastElementChild?.remove();
}

function chatLine(line: ChatLine, id: string, { texts, isSafe }: ScreenContext): HTMLElement {
  const words = texts.chat;
  const isOwn = line.sender === "caller";
  const who = isOwn ? words.you : line.sender_name === "" ? words.controlRoom : line.sender_name;
  const time = new Date(line.sent_at).toLocaleTimeString(texts.locale, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const isForeign = !isOwn && line.phrase === null && pageLanguage(line.shown_language) !== pageLanguage(texts.locale);
  const said = inLanguage(el("span", { class: "bubble-text" }, isOwn ? line.text : line.shown_text), isOwn ? line.language : line.shown_language);
  if (line.phrase === null) said.dir = "auto";
  return el(
    "div",
    { class: isOwn ? "govuk-body bubble bubble-own" : "govuk-body bubble", attributes: { "data-id": id } },
    el("span", { class: "bubble-who" }, ...(isOwn || !isSafe ? [el("bdi", {}, who), " · "] : []), line.isPending ? words.pending : time),
    said,
    isForeign ? el("span", { class: "bubble-note" }, words.notTranslated) : null,
  );
}
