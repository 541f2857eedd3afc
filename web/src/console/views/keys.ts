/** The list of keys, and the links that lead past what is in the way. */

import { html, nothing, type TemplateResult } from "lit-html";

import type { Desk } from "../desk";
import { ALT_KEYS, SINGLE_KEYS, type Shortcut } from "../keyboard";
import { dialogView } from "./dialog";

/** Every key and what it does. */
export function keysView(desk: Desk): TemplateResult | typeof nothing {
  if (desk.state.dialog !== "keys") return nothing;
  const { singleKeys } = desk.state.preferences;
  return dialogView(desk, { title: "Keys", testId: "keys-dialog" }, html`
    <h3>Always</h3>
    <dl class="keys">${Object.values(ALT_KEYS).map(keyLine)}
      <dt><kbd>Arrows</kbd></dt><dd>From session to session in the list, from picture to picture on the wall</dd>
      <dt><kbd>Enter</kbd></dt><dd>Open what has the focus</dd>
      <dt><kbd>Esc</kbd></dt><dd>Close a dialog; what was typed is kept</dd></dl>
    <h3>Letters alone, not while you type</h3>
    <dl class="keys ${singleKeys ? "" : "is-off"}">${Object.values(SINGLE_KEYS).map(keyLine)}</dl>
    <label class="tick"><input type="checkbox" data-testid="single-keys" .checked=${singleKeys}
      @change=${(event: Event) => desk.acts.prefer({ singleKeys: (event.target as HTMLInputElement).checked })} /> Use letters alone as keys</label>`);
}

function keyLine({ keys, label }: Shortcut): TemplateResult {
  return html`<dt><kbd>${keys}</kbd></dt><dd>${label}</dd>`;
}

/** The first thing that Tab comes to: the way past the bar. */
export function skipView(desk: Desk): TemplateResult {
  const hasMap = desk.state.mode !== "wall" || desk.state.preferences.wall.hasMap;
  const link = (id: string, label: string): TemplateResult => html`<a class="skip" href="#${id}"
    @click=${(event: Event) => { event.preventDefault(); focusPart(id); }}>${label}</a>`;
  return html`<nav class="skips" aria-label="Skip">${link("sessions", "To the sessions")}${link("stage", "To the picture")}${hasMap ? link("map", "To the map") : nothing}</nav>`;
}

/** Brings the focus to a part of the page; to a chosen row or the first picture where there is one. */
export function focusPart(id: string): void {
  const part = document.getElementById(id);
  (part?.querySelector<HTMLElement>(".row[tabindex='0'], .tile[tabindex='0']") ?? part)?.focus();
}
