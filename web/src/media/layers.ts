/** In which sizes a phone sends its picture, and which of them it sends now. */

import type { Sending } from "./ladder";

/** High, middle, low, in this order: the media server counts on it. Browsers serve the low ones first. */
const LAYERS: readonly RTCRtpEncodingParameters[] = [
  { rid: "h", maxBitrate: 2_000_000 },
  { rid: "m", maxBitrate: 400_000, scaleResolutionDownBy: 2 },
  { rid: "l", maxBitrate: 120_000, scaleResolutionDownBy: 4 },
];
const ACTIVE: Record<Sending, string> = { all: "hml", lower: "ml", lowest: "l", nothing: "" };
/** What a phone without layers sends instead. */
const SINGLE: Record<Sending, RTCRtpEncodingParameters> = {
  all: { active: true, maxBitrate: 2_000_000, scaleResolutionDownBy: 1 },
  lower: { active: true, maxBitrate: 400_000, scaleResolutionDownBy: 2 },
  lowest: { active: true, maxBitrate: 120_000, scaleResolutionDownBy: 4 },
  nothing: { active: false, maxBitrate: 120_000, scaleResolutionDownBy: 4 },
};

/** Whether this browser can send layers: of VP8 only, for H.264 in layers is not to be had everywhere. */
export function hasLayers(): boolean {
  const sender = (globalThis as { RTCRtpSender?: typeof RTCRtpSender }).RTCRtpSender;
  const codecs = sender?.getCapabilities("video")?.codecs ?? [];
  return codecs.some((codec) => codec.mimeType.toLowerCase() === "video/vp8");
}

/** The encodings of a new sender. */
export function encodingsFor(sending: Sending, isLayered: boolean): RTCRtpEncodingParameters[] {
  if (!isLayered) return [{ ...SINGLE[sending] }];
  return LAYERS.map((layer) => ({ ...layer, active: ACTIVE[sending].includes(layer.rid ?? "") }));
}

/** Change what a sender sends; a browser that refuses goes on as it was. */
export async function choose(sender: RTCRtpSender, sending: Sending): Promise<void> {
  const parameters = sender.getParameters();
  const isLayered = parameters.encodings.length > 1;
  const wanted = encodingsFor(sending, isLayered);
  for (const encoding of parameters.encodings) {
    const found = isLayered ? wanted.find((one) => one.rid === encoding.rid) : wanted[0];
    Object.assign(encoding, found);
  }
  await sender.setParameters(parameters).catch(() => undefined);
}
