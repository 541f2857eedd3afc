/** Which cameras, microphones and loudspeakers there are, and choosing among them. */

import { html, nothing, type TemplateResult } from "lit-html";

import type { Capture, DeviceChoice } from "../media/capture";
import { Hearing } from "../room/hearing";

/** One device, as the browser names it. */
export interface Device {
  id: string;
  label: string;
}

export interface DeviceLists {
  cameras: readonly Device[];
  microphones: readonly Device[];
  speakers: readonly Device[];
}

export const NO_DEVICES: DeviceLists = { cameras: [], microphones: [], speakers: [] };

/** The words of the choice. */
export interface ChooserWords {
  camera: string;
  microphone: string;
  speaker: string;
  byDefault: string;
}

/** The devices that the browser names; it names none before they were allowed. */
export async function listDevices(media: Partial<MediaDevices> | null = mediaOf(navigator)): Promise<DeviceLists> {
  const all = media?.enumerateDevices === undefined ? [] : await media.enumerateDevices().catch(() => []);
  const of = (kind: MediaDeviceKind): Device[] =>
    all.filter((one) => one.kind === kind && one.deviceId !== "" && one.label !== "").map(({ deviceId, label }) => ({ id: deviceId, label }));
  return { cameras: of("videoinput"), microphones: of("audioinput"), speakers: of("audiooutput") };
}

/** Browsers leave the devices out of insecure pages. */
function mediaOf({ mediaDevices }: { mediaDevices?: MediaDevices }): MediaDevices | null {
  return mediaDevices ?? null;
}

/** Three choices; one that leaves nothing to choose is left out. */
export function chooserView(capture: Capture, lists: DeviceLists, words: ChooserWords, onSpeaker: (id: string) => void): TemplateResult {
  const { choice } = capture;
  const take = (wish: Partial<DeviceChoice>): void => void capture.choose(wish);
  return html`<div class="devices" data-testid="devices">
    ${select("camera", words.camera, lists.cameras, choice.camera, words, (id) => take({ camera: id }))}
    ${select("microphone", words.microphone, lists.microphones, choice.microphone, words, (id) => take({ microphone: id }))}
    ${Hearing.canChoose ? select("speaker", words.speaker, lists.speakers, choice.speaker, words, (id) => {
      take({ speaker: id });
      onSpeaker(id);
    }) : nothing}</div>`;
}

function select(name: string, label: string, devices: readonly Device[], chosen: string, words: ChooserWords, act: (id: string) => void): TemplateResult | typeof nothing {
  if (devices.length < 2) return nothing;
  const isKnown = devices.some((device) => device.id === chosen);
  return html`<label class="choose"><span>${label}</span>
    <select data-testid="choose-${name}" @change=${(event: Event) => act((event.target as HTMLSelectElement).value)}>
      ${isKnown ? nothing : html`<option value=${chosen} selected>${words.byDefault}</option>`}
      ${devices.map((device) => html`<option value=${device.id} ?selected=${device.id === chosen}>${device.label}</option>`)}
    </select></label>`;
}
