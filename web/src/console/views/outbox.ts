/** Where no texts are sent (development and training): the message itself, with QR code and copy button. */

import { html, nothing, type TemplateResult } from "lit-html";

import type { SessionSummary } from "../../signalling/messages";
import type { Desk } from "../desk";
import type { OutboxMessage } from "../rest";
import { clock } from "../times";
import { copyButton, panel } from "./pieces";

/** Messages of a session whose caller has not arrived yet, newest first. */
export function outboxView(desk: Desk, session: SessionSummary): TemplateResult | typeof nothing {
  if (desk.fetched.outbox === null || session.consent !== null) return nothing;
  const messages = desk.fetched.outbox.filter((message) => message.session_id === session.id);
  if (messages.length === 0) return nothing;
  return panel("Outbox", messages.map((message) => messageView(desk, message)), {
    name: "outbox", aside: html`<span class="tag">no text is sent</span>`,
  });
}

function messageView(desk: Desk, message: OutboxMessage): TemplateResult {
  return html`<article class="outbox" data-testid="outbox-message">
    ${qrCode(message)}
    <div class="outbox-text">
      <p class="quiet-text">To ${message.to}, ${clock(message.sent_at)}</p>
      <p class="outbox-body">${message.body}</p>
      <div class="outbox-acts">
        <a class="button small" href=${message.link} target="_blank" rel="noopener noreferrer" data-testid="outbox-link">Open link</a>
        ${copyButton(desk, message.link, "Copy the link", "copy-link")}
      </div>
    </div>
  </article>`;
}

/** The code as an image: a drawing inside an image cannot run anything. */
function qrCode(message: OutboxMessage): TemplateResult | typeof nothing {
  if (message.qr_svg === "") return nothing;
  const source = `data:image/svg+xml,${encodeURIComponent(message.qr_svg)}`;
  return html`<img class="qr" src=${source} alt="QR code of the link" width="132" height="132" data-testid="outbox-qr" />`;
}
