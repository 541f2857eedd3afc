/** The controls of a call: large targets at the bottom, the rest behind "More" on a phone. */

import { html, nothing, type TemplateResult } from "lit-html";

import type { Call, Panel } from "./call";
import { Feeds } from "./feeds";
import { roomIcon, type RoomIcon } from "./icons";

/** The bar. */
export function barView(call: Call): TemplateResult {
  const { own, parts, chat } = call;
  const words = parts.texts.room.bar;
  const canShare = Feeds.canShare && !call.isPrivate;
  return html`<div class="bar" role="group" aria-label=${words.label} data-testid="call-bar">
    ${control({ icon: own.isMuted ? "microphone_off" : "microphone", label: own.isMuted ? words.unmute : words.mute, isOff: own.isMuted, key: "m", testId: "mute", act: () => own.toggleMute() })}
    ${control({ icon: own.isCameraOff ? "camera_off" : "camera", label: own.isCameraOff ? words.cameraOn : words.cameraOff, isOff: own.isCameraOff, key: "v", testId: "camera", act: () => own.toggleCamera() })}
    ${call.isPrivate ? nothing : control({ icon: "hand", label: own.isHandUp ? words.handDown : words.hand, isOn: own.isHandUp, key: "h", testId: "hand", act: () => own.toggleHand() })}
    ${canShare ? control({ icon: "screen", label: own.isSharing ? words.unshare : words.share, isOn: own.isSharing, testId: "share", isWide: true, act: () => void own.toggleShare() }) : nothing}
    ${call.isPrivate ? nothing : panelButton(call, "chat", "chat", words.chat, chat.unread)}
    ${call.isPrivate ? nothing : panelButton(call, "people", "people", words.people, 0)}
    ${call.isPrivate ? nothing : panelButton(call, "files", "files", words.files, 0)}
    ${control({ icon: "more", label: words.more, isOn: call.panel === "more", testId: "more", badge: chat.unread, act: () => call.open("more") })}
    ${control({ icon: "leave", label: words.leave, isStop: true, testId: "leave-call", act: () => call.open("leave") })}
  </div>`;
}

interface Control {
  icon: RoomIcon;
  label: string;
  testId: string;
  act: () => void;
  isOn?: boolean;
  isOff?: boolean;
  isStop?: boolean;
  /** Stands in the bar only where there is room; "More" has it, too. */
  isWide?: boolean;
  key?: string;
  badge?: number;
}

function control({ icon, label, testId, act, isOn, isOff, isStop, isWide, key, badge = 0 }: Control): TemplateResult {
  const classes = ["control", isOn === true ? "is-on" : "", isOff === true ? "is-off" : "", isStop === true ? "is-stop" : "", isWide === true ? "is-wide" : ""];
  return html`<button type="button" class=${classes.filter((name) => name !== "").join(" ")} data-testid=${testId} aria-keyshortcuts=${key ?? nothing}
    title=${key === undefined ? label : `${label} (${key.toUpperCase()})`} @click=${act}>${roomIcon(icon)}<span>${label}</span>
    ${badge > 0 ? html`<b class="badge">${badge}</b>` : nothing}</button>`;
}

function panelButton(call: Call, panel: Panel, icon: RoomIcon, label: string, badge: number): TemplateResult {
  return html`<button type="button" class="control is-wide ${call.panel === panel ? "is-on" : ""}" aria-expanded=${call.panel === panel} data-testid="open-${panel}"
    @click=${() => call.open(panel)}>${roomIcon(icon)}<span>${label}</span>${badge > 0 ? html`<b class="badge">${badge}</b>` : nothing}</button>`;
}
