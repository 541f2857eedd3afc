/** One permission at a time, each explained before the phone asks; and what to do when it was refused. */

import { button, el, heading, paragraph, setShown, wayOn } from "../../public/dom";
import type { SharingModel, DeviceState, Tap } from "../../sharing/model";
import type { Screen, ScreenContext } from "./screen";

interface AskWords {
  title: string;
  body: string;
  answer: string;
  safe: string | null;
  ask: string;
  asking: string;
}

function askScreen(
  words: AskWords,
  tap: Tap,
  state: (model: SharingModel) => DeviceState,
  { dispatch }: ScreenContext,
): Screen {
  const ask = button(words.ask, () => dispatch({ type: "tap", tap }));
  const asking = el("p", { class: "govuk-inset-text", attributes: { role: "status" } }, words.asking);
  const root = el(
    "section",
    {},
    heading(words.title),
    paragraph(words.body),
    el("p", { class: "govuk-body answer" }, words.answer),
    words.safe === null ? null : el("p", { class: "govuk-inset-text" }, words.safe),
    wayOn(ask, asking),
  );
  const update = (model: SharingModel): void => {
    setShown(ask, state(model) !== "asking");
    setShown(asking, state(model) === "asking");
  };
  return { root, update };
}

/** Explains and asks for the location. */
export function locationScreen(_model: SharingModel, context: ScreenContext): Screen {
  return askScreen(context.texts.location, "ask_location", (model) => model.position.state, context);
}

/** Explains and asks for the camera. */
export function cameraScreen(_model: SharingModel, context: ScreenContext): Screen {
  return askScreen(context.texts.camera, "ask_camera", (model) => model.camera.state, context);
}

/** The location was refused: why, what to do in this browser, and the way on without it. */
export function locationTroubleScreen(model: SharingModel, context: ScreenContext): Screen {
  const { texts, dispatch } = context;
  const fault = model.position.fault ?? "denied";
  return troubleScreen(
    {
      title: texts.location.troubleTitle,
      reason: texts.positionFaults[fault],
      hasHelp: fault === "denied",
      mayRetry: fault !== "unsupported" && fault !== "insecure",
      skip: texts.location.skip,
      skipBody: texts.location.skipBody,
    },
    { again: () => dispatch({ type: "tap", tap: "ask_location" }), skip: () => dispatch({ type: "tap", tap: "skip_location" }) },
    context,
  );
}

/** The camera was refused or did not start. */
export function cameraTroubleScreen(model: SharingModel, context: ScreenContext): Screen {
  const { texts, dispatch } = context;
  const fault = model.camera.fault ?? "unknown";
  const needsHelp = fault === "denied" || fault === "denied_by_system" || fault === "unsupported";
  const screen = troubleScreen(
    {
      title: texts.camera.troubleTitle,
      reason: texts.cameraFaults[fault],
      hasHelp: needsHelp,
      mayRetry: fault !== "unsupported" && fault !== "insecure",
      isInApp: fault === "unsupported",
      skip: texts.camera.skip,
      skipBody: model.position.state === "off" ? texts.camera.skipBodyNoLocation : texts.camera.skipBody,
    },
    { again: () => dispatch({ type: "tap", tap: "ask_camera" }), skip: () => dispatch({ type: "tap", tap: "skip_camera" }) },
    context,
  );
  if (model.wording !== null && model.session?.link_kind === "location_video") offerFiles(screen, model.wording.upload_text, context);
  return screen;
}

/** Whoever cannot show it live may send what was filmed: with one more consent, in the wording's own words. */
function offerFiles(screen: Screen, wording: string, { texts, dispatch }: ScreenContext): void {
  const words = texts.camera;
  screen.root.append(
    el("h2", { class: "govuk-heading-m" }, words.filesTitle),
    el("p", { class: "govuk-hint" }, wording),
    button(words.files, () => dispatch({ type: "tap", tap: "send_files" }), "secondary"),
  );
}

interface Trouble {
  title: string;
  reason: string;
  hasHelp: boolean;
  /** Whether another try can end differently. */
  mayRetry: boolean;
  isInApp?: boolean;
  skip: string;
  skipBody: string;
}

function troubleScreen(
  trouble: Trouble,
  act: { again: () => void; skip: () => void },
  { texts, browser }: ScreenContext,
): Screen {
  const help = texts.permissionHelp[trouble.isInApp === true ? "in_app" : browser];
  const root = el(
    "section",
    {},
    heading(trouble.title),
    paragraph(trouble.reason),
    trouble.hasHelp ? el("ol", { class: "govuk-list govuk-list--number govuk-list--spaced" }, ...help.map((step) => el("li", {}, step))) : null,
    trouble.mayRetry ? button(texts.common.tryAgain, act.again) : null,
    button(trouble.skip, act.skip, trouble.mayRetry ? "secondary" : "primary"),
    el("p", { class: "govuk-hint" }, trouble.skipBody),
  );
  return { root };
}

/** The page was loaded again: one touch, since phones start a camera only after one. */
export function resumeScreen(_model: SharingModel, { texts, dispatch }: ScreenContext): Screen {
  const words = texts.resume;
  const go = button(words.go, () => dispatch({ type: "tap", tap: "resume" }));
  const busy = el("p", { class: "govuk-inset-text", attributes: { role: "status" } }, words.busy);
  const root = el("section", {}, heading(words.title), paragraph(words.body), go, busy);
  const update = (model: SharingModel): void => {
    const isBusy = model.camera.state === "asking" || model.position.state === "asking";
    setShown(go, !isBusy);
    setShown(busy, isBusy);
  };
  return { root, update };
}
