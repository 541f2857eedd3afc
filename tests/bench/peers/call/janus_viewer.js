// A bare page that waits in a room of Janus and shows whoever publishes; the handle for the picture is there before.

import { Janus, PLACE } from "./janus.js";
import { sayReady } from "./sending.js";

const video = document.querySelector("video");
const janus = await Janus.open(PLACE.url, PLACE.secret);
const listener = await janus.attach((event) => hear(event.plugindata?.data ?? {}));
let handle = await janus.attach();
let connection = null;

async function hear(news) {
  if (news.publishers?.length) await watch(news.publishers[0].id);
  if (news.unpublished || news.leaving) await hangUp();
}

async function watch(feed) {
  connection = new RTCPeerConnection({ bundlePolicy: "max-bundle" });
  connection.ontrack = ({ streams }) => (video.srcObject = streams[0]);
  connection.onicecandidate = ({ candidate }) => handle.trickle(candidate);
  const body = { request: "join", ptype: "subscriber", room: PLACE.room, streams: [{ feed }] };
  const { jsep } = await handle.message(body);
  await connection.setRemoteDescription(jsep);
  await connection.setLocalDescription(await connection.createAnswer());
  await handle.message({ request: "start" }, connection.localDescription);
}

async function hangUp() {
  if (connection === null) return;
  connection.close();
  connection = null;
  video.srcObject = null;
  await handle.detach();
  handle = await janus.attach();
}

await listener.message({
  request: "create",
  admin_key: PLACE.adminKey,
  room: PLACE.room,
  publishers: 6,
  bitrate: Number(PLACE.bitrate),
  videocodec: "vp8,h264",
  audiocodec: "opus",
});
await listener.message({ request: "join", ptype: "publisher", room: PLACE.room });
sayReady();
