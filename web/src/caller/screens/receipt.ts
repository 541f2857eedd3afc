/** The way to what was agreed to. */

import { el } from "../../public/dom";
import type { ScreenContext } from "./screen";

/** What was agreed to, in a window of its own: this one goes on sharing. */
export function receiptLink({ texts }: ScreenContext): HTMLElement {
  const link = el("a", { class: "govuk-link", attributes: { href: "/live/receipt/", target: "_blank", rel: "noopener" } }, texts.receipt);
  return el("p", { class: "govuk-body receipt-link" }, link);
}
