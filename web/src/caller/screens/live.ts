/** While sharing: what is true now, the own picture, the location, and messages. STOP stands below, in the shell. */

import { button, el, heading, setShown, setText } from "../../public/dom";
import type { SharingModel } from "../../sharing/model";
import { statusOf, toneOf, wantsVideo } from "../../sharing/status";
import { chatPanel } from "./chat";
import { stillPart, uploadsPart } from "./extras";
import { receiptLink } from "./receipt";
import type { Screen, ScreenContext } from "./screen";

/** The live screen, made of parts that are each brought up to date. */
export function liveScreen(model: SharingModel, context: ScreenContext): Screen {
  const title = heading(context.texts.live.title);
  title.className = "govuk-visually-hidden";
  const [picture, position, chat] = [picturePart(context), positionPart(context), chatPanel(model, context)];
  const [still, uploads] = [stillPart(context), uploadsPart(context)];
  const order = context.isSafe ? [chat, position, still, uploads, picture] : [still, picture, uploads, position, chat];
  const parts = [statusPart(context), ...order];
  const root = el("section", { class: "live" }, title, ...parts.map((part) => part.root));
  if (!context.isSafe) root.append(receiptLink(context));
  const update = (now: SharingModel): void => {
    for (const part of parts) part.update?.(now);
  };
  return { root, update };
}

function statusPart({ texts }: ScreenContext): Screen {
  const words = texts.live;
  const headline = el("strong", { class: "status-headline" });
  const detail = el("span", {});
  const said = el("div", { class: "status-words", attributes: { role: "status" } }, headline, detail);
  const recorded = el("p", { class: "govuk-body recorded" }, el("span", { class: "recorded-dot", attributes: { "aria-hidden": "true" } }), words.recorded);
  const root = el("div", { class: "govuk-body status" }, said, recorded);
  const update = (model: SharingModel): void => {
    const status = statusOf(model);
    root.dataset.tone = toneOf(status);
    setText(headline, words.statuses[status]);
    setText(detail, detailText(model, words.details[status], texts.cameraFaults));
    setShown(recorded, model.isRecorded);
  };
  return { root, update };
}

/** A camera that failed says why, beside what still works. */
function detailText(model: SharingModel, detail: string, faults: ScreenContext["texts"]["cameraFaults"]): string {
  const isFailed = model.line === "open" && model.camera.state === "off" && model.camera.fault !== null;
  return isFailed && model.camera.fault !== null ? `${faults[model.camera.fault]} ${detail}` : detail;
}

function picturePart({ texts, dispatch, preview }: ScreenContext): Screen {
  const words = texts.live;
  preview.setAttribute("aria-label", words.preview);
  const frame = el("div", { class: "preview" }, preview);
  const turn = button(words.switchToFront, () => dispatch({ type: "tap", tap: "switch_camera" }), "secondary");
  const off = button(words.cameraOff, () => dispatch({ type: "tap", tap: "camera_off" }), "secondary");
  const on = button(words.cameraOn, () => dispatch({ type: "tap", tap: "camera_on" }));
  const root = el("div", { class: "picture" }, frame, el("div", { class: "picture-buttons" }, turn, off, on));
  const update = (model: SharingModel): void => {
    const isOn = model.camera.state === "on";
    setShown(root, wantsVideo(model));
    setShown(frame, isOn);
    setShown(turn, isOn);
    setShown(off, isOn);
    setShown(on, model.camera.state === "off");
    setText(turn, model.camera.facing === "user" ? words.switchToRear : words.switchToFront);
    frame.classList.toggle("is-mirrored", model.camera.facing === "user");
  };
  return { root, update };
}

function positionPart({ texts, dispatch }: ScreenContext): Screen {
  const words = texts.live.position;
  const line = el("p", { class: "govuk-body position" });
  const ask = button(words.ask, () => dispatch({ type: "tap", tap: "ask_location" }), "secondary");
  const root = el("div", {}, line, ask);
  const update = (model: SharingModel): void => {
    setText(line, positionText(model, texts));
    setShown(ask, model.position.state === "off" && model.scopes?.includes("location") === true);
  };
  return { root, update };
}

function positionText(model: SharingModel, texts: ScreenContext["texts"]): string {
  const words = texts.live.position;
  const { last, fault, state } = model.position;
  if (state === "off") return fault === null ? words.off : `${words.off}. ${texts.positionFaults[fault]}`;
  if (fault !== null) return texts.positionFaults[fault];
  if (model.line !== "open") return words.held;
  return last === null ? words.waiting : words.on(Math.max(1, Math.round(last.accuracy_m)));
}
