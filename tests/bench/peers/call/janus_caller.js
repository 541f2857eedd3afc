// A bare page that publishes into a room of Janus at the tap; session and handle are there before it.

import { Janus, PLACE } from "./janus.js";
import { sayReady, sendCamera } from "./sending.js";

const janus = await Janus.open(PLACE.url, PLACE.secret);
const handle = await janus.attach();

document.querySelector("button").addEventListener("click", async () => {
  const connection = await sendCamera();
  connection.onicecandidate = ({ candidate }) => handle.trickle(candidate);
  await connection.setLocalDescription(await connection.createOffer());
  const body = { request: "joinandconfigure", ptype: "publisher", room: PLACE.room, bitrate: Number(PLACE.bitrate) };
  const { jsep } = await handle.message(body, connection.localDescription);
  await connection.setRemoteDescription(jsep);
});

sayReady();
