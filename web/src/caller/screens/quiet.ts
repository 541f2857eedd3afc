/** Screens with nothing to do: before the first word of the server, after the end, and where the server says no. */

import { el, heading, paragraph, setText } from "../../public/dom";
import type { SharingModel } from "../../sharing/model";
import { receiptLink } from "./receipt";
import type { Screen, ScreenContext } from "./screen";

/** Waiting for the server. */
export function connectingScreen(_model: SharingModel, { texts }: ScreenContext): Screen {
  const words = texts.connecting;
  return {
    root: el("section", { class: "quiet" }, heading(words.title), paragraph(words.body)),
  };
}

/** Everything is off; says so, and whether the control room knows already. */
export function endedScreen(model: SharingModel, context: ScreenContext): Screen {
  const { texts, isSafe } = context;
  const words = texts.ended;
  const body = el("p", { class: "govuk-body", attributes: { role: "status" } });
  const root = el(
    "section",
    { class: "quiet" },
    heading(words[model.ending?.by ?? "unknown"]),
    body,
    paragraph(words.again),
    paragraph(words.emergency),
    model.scopes === null || isSafe ? null : receiptLink(context),
  );
  const update = (now: SharingModel): void => {
    setText(body, now.ending?.isTold === false ? words.telling : words.body);
  };
  return { root, update };
}

/** The server will not talk to this browser. */
export function refusedScreen(model: SharingModel, { texts }: ScreenContext): Screen {
  const words = texts.refused;
  const code = model.refusalCode;
  const { title, body } = code === 4401 || code === 4409 || code === 4410 ? words[code] : words.other;
  return {
    root: el("section", { class: "quiet" }, heading(title), paragraph(body)),
  };
}
