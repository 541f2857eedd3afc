/** On the live screen, when there is something to say: a picture that the control room asked for, and files to send. */

import { el, setShown, setText } from "../../public/dom";
import type { UploadLine } from "../../sharing/uploader";
import type { Screen, ScreenContext } from "./screen";

/** How the picture that was asked for stands. */
export function stillPart({ texts }: ScreenContext): Screen {
  const line = el("p", { class: "govuk-body still-line", attributes: { role: "status", "data-testid": "still-line" } });
  const root = el("div", { class: "still" }, line);
  return {
    root,
    update: (model) => {
      setShown(root, model.still !== null);
      setText(line, model.still === null ? "" : texts.live.still[model.still]);
      root.dataset.state = model.still ?? "";
    },
  };
}

/** Choosing files, and how each of them stands. */
export function uploadsPart({ texts, dispatch }: ScreenContext): Screen {
  const words = texts.live.uploads;
  const input = el("input", {
    id: "upload-files", class: "govuk-visually-hidden", attributes: { type: "file", multiple: true, accept: "image/*,video/*" },
  });
  input.addEventListener("change", () => {
    dispatch({ type: "files", files: [...(input.files ?? [])] });
    input.value = "";
  });
  const choose = el("label", { class: "govuk-button upload-choose", attributes: { for: "upload-files" } }, words.choose);
  const list = el("ul", { class: "govuk-list uploads", attributes: { "data-testid": "uploads" } });
  const root = el("section", { class: "upload-part" }, el("h2", { class: "govuk-heading-m" }, words.title), el("p", { class: "govuk-hint" }, words.hint), input, choose, list);
  const rows = new Map<string, Row>();
  return {
    root,
    update: (model) => {
      setShown(root, model.scopes?.includes("upload") === true);
      for (const upload of model.uploads) {
        const row = rows.get(upload.key) ?? makeRow(upload);
        if (!rows.has(upload.key)) list.append(row.root);
        rows.set(upload.key, row);
        row.update(upload, wordsOf(upload, words));
      }
    },
  };
}

interface Row {
  root: HTMLElement;
  update(upload: UploadLine, text: string): void;
}

function makeRow(upload: UploadLine): Row {
  const bar = el("progress", { attributes: { max: "100", "aria-label": upload.name } });
  const said = el("span", { class: "upload-said" });
  const root = el("li", { attributes: { "data-testid": "upload" } }, el("strong", {}, upload.name), bar, said);
  return {
    root,
    update: (now, text) => {
      root.dataset.state = now.state;
      bar.value = shareOf(now);
      setShown(bar, now.state !== "done" && now.state !== "refused");
      setText(said, text);
    },
  };
}

function shareOf(upload: UploadLine): number {
  return upload.bytes === 0 ? 0 : Math.floor((100 * upload.sent) / upload.bytes);
}

function wordsOf(upload: UploadLine, words: ScreenContext["texts"]["live"]["uploads"]): string {
  if (upload.state === "sending") return words.states.sending(shareOf(upload));
  if (upload.state !== "refused") return words.states[upload.state];
  const problems: Record<string, string> = words.problems;
  return problems[upload.problem ?? ""] ?? words.problems.other;
}
