/** Fixed phrases: one tap, and the caller reads it in the own language. */

import { html, nothing, type TemplateResult } from "lit-html";

import type { SessionSummary } from "../../signalling/messages";
import type { Desk } from "../desk";
import type { OperatorPhrase } from "../rest";
import { languageWord } from "../languages";

/** Folded away, but in safe mode: there a question that yes or no answers is the way to talk. */
export function phrasesView(desk: Desk, session: SessionSummary): TemplateResult | typeof nothing {
  const phrases = desk.fetched.phrases;
  if (phrases.length === 0) return nothing;
  const reader = session.language === "en" ? "" : `, read in ${languageWord(session.language)}`;
  return html`<details class="sayings" ?open=${session.safe_mode} data-testid="phrases">
    <summary>Phrases${reader}</summary>
    ${group(desk, session, "Yes or no", phrases.filter((phrase) => phrase.is_question))}
    ${group(desk, session, "To tell", phrases.filter((phrase) => !phrase.is_question))}
  </details>`;
}

function group(desk: Desk, session: SessionSummary, title: string, phrases: readonly OperatorPhrase[]): TemplateResult {
  return html`<div class="sayings-group" role="group" aria-label=${title}><h4>${title}</h4>
    ${phrases.map((phrase) => html`<button type="button" class="button small" data-testid="phrase-${phrase.code}" ?disabled=${!desk.state.isSynced}
      @click=${() => desk.acts.sendPhrase(session.id, phrase)}>${phrase.text}</button>`)}</div>`;
}

/** Beside the chat, for as long as somebody may see the caller's phone. */
export function safeModeView(session: SessionSummary): TemplateResult | typeof nothing {
  if (!session.safe_mode) return nothing;
  return html`<div class="safe-notice" role="note" data-testid="safe-mode">
    <strong>SAFE MODE</strong>
    <p>Somebody may see the caller’s phone. Do not call back, and do not send another text. Ask questions that yes or no answers.</p>
  </div>`;
}
