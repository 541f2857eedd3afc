// A direct call: answers whoever offers a picture, and shows it.

import { openLine } from "./p2p_line.js";
import { sayReady } from "./sending.js";

const video = document.querySelector("video");
let connection = null;

const line = openLine(async (message) => {
  if (message.offer) await (message.isRestart ? answerAgain(message.offer) : answer(message.offer));
  else if (message.candidate) await connection.addIceCandidate(message.candidate);
  else if (message.bye) hangUp();
});

async function answer(offer) {
  hangUp();
  connection = new RTCPeerConnection({ bundlePolicy: "max-bundle" });
  connection.ontrack = ({ streams }) => (video.srcObject = streams[0]);
  connection.onicecandidate = ({ candidate }) => candidate && line.say({ candidate });
  await answerAgain(offer);
}

async function answerAgain(offer) {
  await connection.setRemoteDescription(offer);
  await connection.setLocalDescription(await connection.createAnswer());
  line.say({ answer: connection.localDescription });
}

function hangUp() {
  connection?.close();
  connection = null;
  video.srcObject = null;
}

await line.opened;
sayReady();
