/** How long a picture takes from this phone's camera to the media server. */

import { candidateTrip, Mean, OneWay, type Stats } from "./delay";

/** From the camera's picture to the media server. */
export class SendingMeter {
  private readonly encoding = new Mean();
  private readonly waiting = new Mean();
  private readonly way = new OneWay();

  /** Milliseconds at this look; null where the browser does not count enough, or nothing was sent. */
  take(stats: Stats): number | null {
    const entries = [...stats];
    const sent = entries.find((one) => one.type === "outbound-rtp" && one.kind === "video");
    const trip = reportedTrip(entries) ?? candidateTrip(entries);
    if (sent === undefined || trip === null) return null;
    const encoding = this.encoding.take(sent.totalEncodeTime, sent.framesEncoded);
    const waiting = this.waiting.take(sent.totalPacketSendDelay, sent.packetsSent);
    if (encoding === null) return null;
    return Math.round(encoding + (waiting ?? 0) + this.way.take(trip));
  }
}

/** The round trip that the media server's reports give: measured where the pictures go. */
function reportedTrip(entries: Record<string, unknown>[]): number | null {
  const report = entries.find((one) => one.type === "remote-inbound-rtp" && one.kind === "video");
  return typeof report?.roundTripTime === "number" ? report.roundTripTime * 1000 : null;
}
