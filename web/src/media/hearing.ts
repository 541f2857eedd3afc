/** Whether anything still comes back over a peer connection: what it says of its own state is seconds old. */

/** The fields of statistics that are read; browsers leave some out. */
interface Stat {
  type: string;
  bytesReceived?: number;
  responsesReceived?: number;
}

/** All that was heard so far: bytes and answers to ICE's own questions, in one number that only rises. */
export async function heardSoFar(connection: RTCPeerConnection): Promise<number> {
  const stats = [...(await connection.getStats()).values()] as Stat[];
  const ways = stats.filter(({ type }) => type === "candidate-pair" || type === "transport");
  return ways.reduce((sum, way) => sum + (way.bytesReceived ?? 0) + (way.responsesReceived ?? 0), 0);
}
