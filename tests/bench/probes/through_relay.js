// In a caller's page: its media goes through the relay that the driver opens (`throughRelay`), and no other way: the
// other side's addresses are the relay's, those that no relay leads to are left out, and its own are told nobody.
(() => {
  const HOST = / ([0-9.]+) ([0-9]+) typ host/g;
  const through = async (text) => {
    for (const [found, host, port] of [...text.matchAll(HOST)]) {
      text = text.replaceAll(found, ` 127.0.0.1 ${await window.throughRelay(host, Number(port))} typ host`);
    }
    return text;
  };
  const withoutAddresses = (sdp, isKept = () => false) =>
    sdp.split("\r\n").filter((line) => !line.startsWith("a=candidate:") || isKept(line)).join("\r\n");
  const isLed = (line) => / 127\.0\.0\.1 [0-9]+ typ host/.test(line);
  const Real = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Real {
    set onicecandidate(_) {}
    addEventListener(type, ...rest) {
      if (type !== "icecandidate") super.addEventListener(type, ...rest);
    }
    get localDescription() {
      const own = super.localDescription;
      return own && new RTCSessionDescription({ type: own.type, sdp: withoutAddresses(own.sdp) });
    }
    async setRemoteDescription({ type, sdp }) {
      return super.setRemoteDescription({ type, sdp: withoutAddresses(await through(sdp), isLed) });
    }
    async addIceCandidate(candidate) {
      const led = await through(candidate.candidate);
      if (isLed(led)) await super.addIceCandidate({ ...candidate, candidate: led });
    }
  };
})();
