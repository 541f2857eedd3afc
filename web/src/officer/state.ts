/** What the officer's page knows besides the picture itself. */

import type { MicrophoneState } from "../media/microphone";
import type { SharingModel } from "../sharing/model";
import type { ErrorMessage, OfficerLive, OfficerState } from "../signalling/messages";
import type { SocketState } from "../signalling/socket";

/** Why the officer is not live any more, for a moment on the first screen. */
export type Notice = "stopped" | "ended" | "elsewhere" | "failed" | "over" | "changed" | "not_said" | null;

export interface OfficerPage {
  line: SocketState;
  /** Close code of a line that the server refused. */
  refusalCode: number | null;
  /** The server's last word; null before the first. */
  server: OfficerState | null;
  /** The session that this page shares in; null: it does not, whatever other phones of the officer do. */
  joined: OfficerLive["session"] | null;
  sharing: SharingModel;
  /** How many people see the picture now. */
  watchers: number;
  /** How many of them are another force's or an agency's. */
  guests: number;
  /** Who sees the picture: people of the own force by name, another force or an agency by its name and how many. */
  names: readonly string[];
  microphone: MicrophoneState;
  /** Whether the lamp is on; null: this camera has none. */
  torch: boolean | null;
  /** The officer chooses an incident. */
  isChoosing: boolean;
  /** Going live was asked for, and the answer is not here yet. */
  isStarting: boolean;
  notice: Notice;
}

/** The one thing that the screen is about. */
export type Screen = "connecting" | "refused" | "home" | "choosing" | "elsewhere" | "live" | "trouble";

/** Which screen is shown. */
export function screenOf(page: OfficerPage): Screen {
  if (page.joined !== null) return page.sharing.step === "camera_trouble" ? "trouble" : "live";
  if (page.line === "refused") return "refused";
  if (page.server === null) return "connecting";
  if (page.server.live !== null && !page.isStarting) return "elsewhere";
  return page.isChoosing ? "choosing" : "home";
}

/** Who watches, by name. */
export function watchersNames(page: OfficerPage): string {
  return page.line === "open" && page.watchers > 0 ? page.names.join(", ") : "";
}

/** How many watch, as the officer reads it: always said, and never hoped for. */
export function watchersLine(page: OfficerPage): string {
  if (page.line !== "open") return "Not connected: nobody is sure to see this";
  if (page.watchers === 0) return "Control room: nobody is watching";
  if (page.guests === 0) return `Control room: ${page.watchers} watching`;
  const abroad = `${page.guests} from outside the force`;
  return page.guests < page.watchers ? `Control room: ${page.watchers} watching, ${abroad}` : `Control room: nobody is watching, but ${abroad}`;
}

/** What the officer reads when something was not done: it stands otherwise by now, or `otherwise`. */
export function refusalNotice({ code }: ErrorMessage, otherwise: Notice): Notice {
  if (code === "request_over") return "over";
  return code === "invalid_transition" || code === "not_found" ? "changed" : otherwise;
}
