/** The little that this side must read of a session description. */

/** Whether a description refuses its video: port 0 is how a missing codec is said, and nothing else reports it. */
export function refusesVideo(sdp: string): boolean {
  const video = sdp.split(/\r?\n/).filter((line) => line.startsWith("m=video "));
  return video.length > 0 && video.every((line) => line.startsWith("m=video 0 "));
}

/** A candidate in the form of the wire; null for the end of candidates. */
export function wireCandidate(
  candidate: RTCIceCandidate | null,
): { candidate: string; sdpMid: string | null; sdpMLineIndex: number | null } | null {
  if (candidate === null || candidate.candidate === "") return null;
  return {
    candidate: candidate.candidate,
    sdpMid: candidate.sdpMid,
    sdpMLineIndex: candidate.sdpMLineIndex,
  };
}
