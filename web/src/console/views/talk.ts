/** Speaking to an officer: hold the button, or keep it open. What it says is what is so. */

import { html, nothing, type TemplateResult } from "lit-html";

import type { SessionSummary } from "../../signalling/messages";
import type { Desk } from "../desk";
import { hasEnded } from "../select";
import { may } from "../state";
import type { TalkStatus } from "../talking";
import { icon } from "./icons";

/** The buttons, over an officer's picture alone. */
export function talkView(desk: Desk, session: SessionSummary): TemplateResult | typeof nothing {
  if (session.kind !== "officer" || hasEnded(session) || !may(desk.state, "session.control")) return nothing;
  const { talk } = desk;
  const status = talk.status(session.id);
  // Whoever holds the button keeps it, also while the officer's page loads anew.
  const isSent = session.stream !== null && session.stream.state !== "ended";
  const isKept = status.other?.speaking === true || (status.state === "off" && !isSent);
  return html`<div class="talk" data-testid="talk" data-state=${status.state}>
    <button type="button" class="button talk-hold ${status.state === "speaking" ? "is-speaking" : ""}" data-testid="talk-hold" aria-pressed=${status.state === "speaking"}
      title="Hold down to speak to the officer (V)" ?disabled=${!desk.state.isSynced || isKept}
      @pointerdown=${(event: PointerEvent) => {
        if (event.button !== 0) return;
        keepPointer(event);
        talk.press(session.id);
      }}
      @pointerup=${() => talk.release()} @pointercancel=${() => talk.release()} @lostpointercapture=${() => talk.release()} @blur=${() => talk.release()}
      @contextmenu=${(event: Event) => event.preventDefault()}
      @keydown=${(event: KeyboardEvent) => {
        if (!isPressKey(event)) return;
        event.preventDefault();
        if (!event.repeat) talk.press(session.id);
      }}
      @keyup=${(event: KeyboardEvent) => { if (isPressKey(event)) talk.release(); }}>${icon("mic")}<span>${wordOf(status)}</span></button>
    <button type="button" class="switch talk-open" role="switch" aria-checked=${status.isOpen} data-testid="talk-open" ?disabled=${!desk.state.isSynced || isKept}
      @click=${() => talk.setOpen(session.id, !status.isOpen)}><span class="switch-knob"></span><span>Keep open</span></button>
    ${talkLine(status)}
  </div>`;
}

/** What is wrong, or who else speaks. */
function talkLine({ other, fault }: TalkStatus): TemplateResult | typeof nothing {
  if (other?.speaking === true) return html`<p class="talk-line" role="status" data-testid="talk-other">${other.name} is speaking to this officer.</p>`;
  return fault === "" ? nothing : html`<p class="failure" role="alert" data-testid="talk-fault">${fault}</p>`;
}

function wordOf({ state }: TalkStatus): string {
  const words = { off: "Hold to speak", asking: "Allow the microphone…", connecting: "Connecting…", ready: "Hold to speak", speaking: "You are heard" } as const;
  return words[state];
}

function isPressKey({ key }: KeyboardEvent): boolean {
  return key === " " || key === "Enter";
}

/** The pointer may leave the button while it is held down. */
function keepPointer(event: PointerEvent): void {
  (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
}
