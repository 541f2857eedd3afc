/** The banner after a caution: everybody in the call reads it, in the force's own words, for as long as it stands. */

import { html, nothing, type TemplateResult } from "lit-html";

import type { CallTexts } from "./texts";

/** Nothing while no caution stands. */
export function cautionBanner(caution: { text: string } | null, { recording: words }: CallTexts): TemplateResult | typeof nothing {
  if (caution === null) return nothing;
  return html`<section class="caution-banner" role="alert" aria-label=${words.caution} data-testid="caution-banner"><p>${caution.text}</p></section>`;
}
