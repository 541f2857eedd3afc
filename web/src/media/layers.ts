/** In which sizes a picture is sent, and which of them are sent now. */

import type { Sending } from "./ladder";

/** High, middle, low, in this order: the media server counts on it. Browsers serve the low ones first. */
export interface LayerPlan {
  readonly layers: readonly RTCRtpEncodingParameters[];
  /** One layer whatever the browser can. */
  readonly isSingle?: boolean;
}

function plan(high: number, middle: number, low: number): LayerPlan {
  return {
    layers: [
      { rid: "h", maxBitrate: high },
      { rid: "m", maxBitrate: middle, scaleResolutionDownBy: 2 },
      { rid: "l", maxBitrate: low, scaleResolutionDownBy: 4 },
    ],
  };
}

/** A caller's or an officer's picture: few watch it, and it may be evidence. */
export const CALLER: LayerPlan = plan(2_000_000, 400_000, 120_000);
/** Somebody's camera in a call, 1280 x 720. */
export const CALL: LayerPlan = plan(1_100_000, 350_000, 110_000);
/** A phone's camera in a call of many, 640 x 360: nobody shows it larger. */
export const PHONE_CALL: LayerPlan = plan(450_000, 150_000, 60_000);
/** A screen: letters must stay sharp, and it moves seldom. */
export const SCREEN: LayerPlan = { layers: [{ maxBitrate: 1_200_000, maxFramerate: 8 }], isSingle: true };

const ACTIVE: Record<Sending, string> = { all: "hml", lower: "ml", lowest: "l", nothing: "" };
/** What a phone without layers sends instead: the same layer alone. */
const SINGLE: Record<Sending, { layer: number; active: boolean }> = {
  all: { layer: 0, active: true },
  lower: { layer: 1, active: true },
  lowest: { layer: 2, active: true },
  nothing: { layer: 2, active: false },
};

/** Whether this browser can send layers: of VP8 only, for H.264 in layers is not to be had everywhere. */
export function hasLayers(): boolean {
  const sender = (globalThis as { RTCRtpSender?: typeof RTCRtpSender }).RTCRtpSender;
  const codecs = sender?.getCapabilities("video")?.codecs ?? [];
  return codecs.some((codec) => codec.mimeType.toLowerCase() === "video/vp8");
}

/** The encodings of a new sender. */
export function encodingsFor(sending: Sending, isLayered: boolean, { layers, isSingle = false }: LayerPlan = CALLER): RTCRtpEncodingParameters[] {
  if (isLayered && !isSingle) return layers.map((layer) => ({ ...layer, active: ACTIVE[sending].includes(layer.rid ?? "") }));
  const { layer, active } = SINGLE[sending];
  const chosen = { ...(layers[layer] ?? layers[layers.length - 1]) };
  delete chosen.rid;
  return [{ ...chosen, active, scaleResolutionDownBy: chosen.scaleResolutionDownBy ?? 1 }];
}

/** How much sound a call sends where its picture is off, and else, in bit/s: speech, with something to mend losses from. */
const SOUND_BPS = { alone: 24_000, beside: 48_000 } as const;

/** Change how much of the sound is sent; a browser that refuses goes on as it was. */
export async function limitSound(sender: RTCRtpSender, beside: keyof typeof SOUND_BPS): Promise<void> {
  const parameters = sender.getParameters();
  const [encoding] = parameters.encodings;
  if (encoding === undefined) return;
  encoding.maxBitrate = SOUND_BPS[beside];
  await sender.setParameters(parameters).catch(() => undefined);
}

/** Change what a sender sends; a browser that refuses goes on as it was. */
export async function choose(sender: RTCRtpSender, sending: Sending, layers: LayerPlan = CALLER): Promise<void> {
  const parameters = sender.getParameters();
  const isLayered = parameters.encodings.length > 1;
  const wanted = encodingsFor(sending, isLayered, layers);
  for (const encoding of parameters.encodings) {
    const found = isLayered ? wanted.find((one) => one.rid === encoding.rid) : wanted[0];
    Object.assign(encoding, found);
  }
  await sender.setParameters(parameters).catch(() => undefined);
}
