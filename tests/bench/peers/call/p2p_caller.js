// A direct call: offers its camera on the line at the tap.

import { openLine } from "./p2p_line.js";
import { sayReady, sendCamera } from "./sending.js";

let connection = null;

const line = openLine(async (message) => {
  if (message.answer) await connection.setRemoteDescription(message.answer);
  if (message.candidate) await connection.addIceCandidate(message.candidate);
});

document.querySelector("button").addEventListener("click", async () => {
  connection = await sendCamera();
  connection.onicecandidate = ({ candidate }) => candidate && line.say({ candidate });
  await connection.setLocalDescription(await connection.createOffer());
  line.say({ offer: connection.localDescription });
  connection.oniceconnectionstatechange = () => connection.iceConnectionState === "failed" && restart();
  window.addEventListener("online", restart);
});

/** The network was lost: look for a way anew, in the same connection. */
async function restart() {
  connection.restartIce();
  await connection.setLocalDescription(await connection.createOffer());
  await line.opened;
  line.say({ offer: connection.localDescription, isRestart: true });
}

await line.opened;
sayReady();
