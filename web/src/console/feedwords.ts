/** How a flight's picture comes into Sightline, in words. It says nothing of the picture on the screen: that is the tile's truth. Pure. */

import type { FeedView, FlightRefused } from "../signalling/messages";

/** How it stands, what to do about it, and how loudly that is said. Never the tone of a live picture. */
export interface FeedWords {
  tone: "info" | "plain" | "warning";
  label: string;
  detail: string;
}

/** What stands beside a feed: how the aircraft's picture may come; null while that is not known. */
export type Protocols = readonly string[] | null;

const CODECS: Readonly<Record<string, string>> = { h264: "H.264", hevc: "H.265", av1: "AV1", vp8: "VP8", vp9: "VP9" };
const CHANGE_CODEC = "Change the codec to H.264 in the controller or encoder";

/** Why it is not passed on, by the stable codes of the bridges (docs/drones.md). */
export const TROUBLES: Readonly<Record<string, string>> = {
  ended: "The sender stopped, or its line was lost. It may begin again at any time.",
  silent: "Ten seconds without a byte. Look at the line from the controller.",
  no_media: "What arrives is no video.",
  no_picture: "Only sound arrives: the camera is off, or not sent.",
  b_frames: "It comes with B-frames: set the encoder to none, or wait until it is encoded anew.",
  pixels: "Its colours are of a kind that browsers do not show: it is encoded anew.",
  codec: `It is no H.264, as H.265. ${CHANGE_CODEC}; it is looked at again every ten seconds.`,
  unreachable: "The camera does not answer at its address.",
  not_admitted: "The camera refuses the user and password that the force admin typed.",
  address: "The camera’s address is in no network that the force allows. The force admin changes either.",
  redirected: "The camera leads to another address, which is not followed.",
  door_refuses: "Another sender has this flight’s picture, as by WHIP, or the drone’s key was just revoked.",
  door_away: "Sightline’s own video service did not take it.",
  port_taken: "Something else listens on its SRT port. Tell whoever runs the server.",
  failed: "Sightline’s own trouble, not the drone’s.",
};

/** Of what the RTMP server takes and hands to no bridge. */
const UNHEARD = `What is pushed is no H.264, as H.265. ${CHANGE_CODEC}.`;

const WAITING: Readonly<Record<string, string>> = {
  rtmp: "Nothing arrives by RTMP. Is the controller sending, with the drone’s own key? With a wrong one it is refused.",
  srt: "Nothing arrives by SRT. Is the encoder sending, to the drone’s own port and with its passphrase?",
  rtsp: "The camera was asked, and has shown nothing yet.",
};

/** What is known of a feed, in words; `undefined` while nothing is. */
export function feedWords(feed: FeedView | null | undefined, protocols: Protocols): FeedWords {
  if (feed === undefined) return { tone: "plain", label: "Not known yet", detail: "" };
  if (feed === null) return unbridged(protocols);
  switch (feed.state) {
    case "waiting":
      return { tone: "plain", label: "Waiting for a picture", detail: WAITING[feed.protocol] ?? "Nothing arrives." };
    case "passing":
      return passing(feed);
    case "paused":
      return { tone: "warning", label: "Begins anew by itself", detail: troubleWords(feed.trouble) };
    case "refused":
      return { tone: "warning", label: "Cannot be passed on", detail: feed.trouble === "no_media" ? UNHEARD : troubleWords(feed.trouble) };
  }
}

function passing({ is_transcoded, codec }: FeedView): FeedWords {
  const what = codec === null ? "" : (CODECS[codec] ?? codec);
  return is_transcoded
    ? { tone: "info", label: "Passed on, encoded anew", detail: `${what === "" ? "It" : what} comes as browsers cannot show it: a little later, and worse than it was sent.` }
    : { tone: "info", label: "Passed on to Sightline", detail: what === "" ? "" : `${what}, as it is sent.` };
}

/** Nothing stands between the drone and Sightline, or what should does not say a word. */
function unbridged(protocols: Protocols): FeedWords {
  if (protocols === null) return { tone: "plain", label: "Not bridged", detail: "" };
  if (protocols.every((one) => one === "whip")) return { tone: "plain", label: "Sent by the drone itself", detail: "By WHIP: there is no bridge that could say more." };
  const bridged = protocols.filter((one) => one !== "whip").map((one) => one.toUpperCase()).join(" or ");
  return { tone: "warning", label: "No bridge", detail: `Nothing waits for its picture by ${bridged}. Has the drone a key that stands? If so, tell whoever runs the server.` };
}

/** A code that is not known becomes readable text. */
function troubleWords(trouble: string | null): string {
  if (trouble === null) return "";
  return TROUBLES[trouble] ?? `${trouble.charAt(0).toUpperCase()}${trouble.slice(1).replace(/_/g, " ")}.`;
}

const SENDERS: Readonly<Record<FlightRefused["reason"], string>> = {
  key_revoked: "A sender was refused: its key was revoked or replaced. The pilot needs the newest one.",
  second_sender: "A second sender was refused: the first one has the line.",
};

/** Who was refused, and what to do. */
export function senderWords(reason: FlightRefused["reason"]): string {
  return SENDERS[reason];
}

/** The way by which it comes, as pilots call it. */
export function feedWay(feed: FeedView): string {
  return feed.protocol.toUpperCase();
}
