// What both callers share: the same camera and the same limit as the page they are compared with.

export const CAMERA = {
  audio: false,
  video: { facingMode: { ideal: "environment" }, width: { ideal: 1280 }, height: { ideal: 720 } },
};
const MAX_BITRATE = 2_000_000;

/** Open the camera and make a connection that sends it. */
export async function sendCamera() {
  const stream = await navigator.mediaDevices.getUserMedia(CAMERA);
  document.querySelector("video").srcObject = stream;
  const connection = new RTCPeerConnection({ bundlePolicy: "max-bundle" });
  for (const track of stream.getVideoTracks()) {
    connection.addTransceiver(track, {
      direction: "sendonly",
      streams: [stream],
      sendEncodings: [{ maxBitrate: MAX_BITRATE }],
    });
  }
  return connection;
}

/** Say on the page that it is ready, for whoever drives it. */
export function sayReady() {
  document.querySelector("button")?.removeAttribute("disabled");
  document.body.dataset.ready = "yes";
}
