// In a caller's page: its media goes through the relay that the driver opens (`throughRelay`), and no other way: the
// other side's addresses are the relay's, and its own are told nobody.
(() => {
  const HOST = / ([0-9.]+) ([0-9]+) typ host/g;
  const through = async (text) => {
    for (const [found, host, port] of [...text.matchAll(HOST)]) {
      text = text.replaceAll(found, ` 127.0.0.1 ${await window.throughRelay(host, Number(port))} typ host`);
    }
    return text;
  };
  const Real = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Real {
    set onicecandidate(_) {}
    addEventListener(type, ...rest) {
      if (type !== "icecandidate") super.addEventListener(type, ...rest);
    }
    async setRemoteDescription({ type, sdp }) {
      return super.setRemoteDescription({ type, sdp: await through(sdp) });
    }
    async addIceCandidate(candidate) {
      return super.addIceCandidate({ ...candidate, candidate: await through(candidate.candidate) });
    }
  };
})();
