/** Settings of this workstation: sound, colours, blurring, keys. */

import { html, nothing, type TemplateResult } from "lit-html";

import type { Desk } from "../desk";
import { signalPhrase } from "../phrases";
import type { Theme } from "../preferences";
import { SOUNDS, type SoundSetting } from "../sound";
import type { SignalKind } from "../state";
import { dialogView } from "./dialog";
import { icon } from "./icons";

const THEMES: Record<Theme, string> = { system: "As the workstation", dark: "Dark", light: "Light" };
const SETTINGS: Record<SoundSetting, string> = { off: "No sound", mine: "My sessions, and alarms", all: "All sessions" };

/** The dialog. */
export function settingsView(desk: Desk): TemplateResult | typeof nothing {
  if (desk.state.dialog !== "settings") return nothing;
  return dialogView(desk, { title: "Settings of this workstation", testId: "settings-dialog" }, html`
    ${soundPart(desk)}
    <fieldset class="block"><legend>Colours</legend>
      <div class="choices">${Object.entries(THEMES).map(([theme, label]) => themeChoice(desk, theme as Theme, label))}</div></fieldset>
    <fieldset class="block"><legend>Pictures and keys</legend>
      ${tick("Blur every new picture until I ask to see it", "blurs-new", desk.state.preferences.blursNew, (blursNew) => desk.acts.prefer({ blursNew }))}
      ${tick("Use letters alone as keys", "single-keys", desk.state.preferences.singleKeys, (singleKeys) => desk.acts.prefer({ singleKeys }))}
    </fieldset>`);
}

function soundPart(desk: Desk): TemplateResult {
  const { preferences } = desk.state;
  const volume = (event: Event): void => desk.acts.prefer({ volume: Number((event.target as HTMLInputElement).value) / 100 });
  return html`<fieldset class="block"><legend>Sound</legend>
    ${desk.sound.isReady || desk.sound.setting === "off"
      ? nothing
      : html`<p class="quiet-text">Browsers are silent until the first click or key in the page. Try a sound: it is heard from then on.</p>`}
    <div class="choices">${Object.entries(SETTINGS).map(([setting, label]) => soundChoice(desk, setting as SoundSetting, label))}</div>
    <label class="field"><span>Volume</span>
      <input type="range" min="0" max="100" step="5" data-testid="volume" .value=${String(Math.round(preferences.volume * 100))} @change=${volume} /></label>
    <ul class="sounds">${SOUNDS.map((kind) => soundLine(desk, kind))}</ul>
  </fieldset>`;
}

/** One signal: whether it is heard, and how it sounds. */
function soundLine(desk: Desk, kind: SignalKind): TemplateResult {
  const { silenced } = desk.state.preferences;
  const others = silenced.filter((one) => one !== kind);
  return html`<li>${tick(signalPhrase(kind), `sound-${kind}`, !silenced.includes(kind), (isOn) => desk.acts.prefer({ silenced: isOn ? others : [...others, kind] }))}
    <button type="button" class="button small" aria-label=${`Try: ${signalPhrase(kind)}`} data-testid="try-${kind}"
      @click=${() => desk.acts.tryOut(kind)}>${icon("sound")}Try</button></li>`;
}

function tick(label: string, testId: string, isOn: boolean, change: (isOn: boolean) => void): TemplateResult {
  return html`<label class="tick"><input type="checkbox" data-testid=${testId} .checked=${isOn}
    @change=${(event: Event) => change((event.target as HTMLInputElement).checked)} /> ${label}</label>`;
}

function soundChoice(desk: Desk, setting: SoundSetting, label: string): TemplateResult {
  return choice("sound-setting", setting, label, desk.sound.setting === setting, () => desk.acts.setSound(setting));
}

function themeChoice(desk: Desk, theme: Theme, label: string): TemplateResult {
  return choice("theme", theme, label, desk.state.preferences.theme === theme, () => desk.acts.prefer({ theme }));
}

function choice(name: string, value: string, label: string, isOn: boolean, choose: () => void): TemplateResult {
  return html`<label class="choice ${isOn ? "is-chosen" : ""}"><input type="radio" name=${name} data-testid="${name}-${value}"
    .checked=${isOn} @change=${choose} />${label}</label>`;
}
