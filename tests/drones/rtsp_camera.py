"""A camera that speaks RTSP over TCP: it passes on the RTP packets that an ffmpeg beside it makes of a clip."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

SDP = (
    "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=camera\r\nt=0 0\r\nm=video 0 RTP/AVP 96\r\nc=IN IP4 0.0.0.0\r\n"
    "a=rtpmap:96 H264/90000\r\na=fmtp:96 packetization-mode=1\r\na=control:track1\r\n"
)


class RtspCamera(asyncio.DatagramProtocol):
    """One camera; with a user it asks for them, with `moved_to` it sends everybody there."""

    def __init__(self, user: str = "", password: str = "", moved_to: str = "") -> None:
        self.asked: list[str] = []
        self.connections: set[asyncio.StreamWriter] = set()
        self.is_stalled = False
        self.port = self.rtp_port = 0
        self._moved_to = moved_to
        pair = base64.b64encode(f"{user}:{password}".encode()).decode()
        self._wanted = f"Authorization: Basic {pair}" if user else ""
        self._watchers: set[asyncio.StreamWriter] = set()

    def datagram_received(self, data: bytes, addr: object) -> None:
        """Pass a packet on to whoever watches, as channel 0."""
        if not self.is_stalled:
            for watcher in self._watchers:
                watcher.write(struct.pack("!cBH", b"$", 0, len(data)) + data)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection."""
        self.connections.add(writer)
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                while (await reader.readexactly(1)) == b"$":
                    # Reports of the receiver.
                    await reader.readexactly(struct.unpack("!xH", await reader.readexactly(3))[0])
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                self._answer(head, writer)
                await writer.drain()
        self._watchers.discard(writer)
        self.connections.discard(writer)
        writer.close()

    def _answer(self, head: str, writer: asyncio.StreamWriter) -> None:
        # Its first letter was read to tell it from a report.
        method = {"PTIONS": "OPTIONS", "ESCRIBE": "DESCRIBE", "ETUP": "SETUP", "LAY": "PLAY"}.get(head.split()[0], "")
        self.asked.append(method)
        number = next(line.partition(":")[2].strip() for line in head.splitlines() if line.startswith("CSeq"))
        status, lines, body = "200 OK", "Session: 1\r\n", ""
        if method == "OPTIONS":
            lines = "Public: OPTIONS, DESCRIBE, SETUP, PLAY\r\n"
        elif self._moved_to:
            status, lines = "302 Moved", f"Location: {self._moved_to}\r\n"
        elif self._wanted and self._wanted not in head:
            status, lines = "401 Unauthorized", 'WWW-Authenticate: Basic realm="camera"\r\n'
        elif method == "DESCRIBE":
            lines, body = "Content-Type: application/sdp\r\n", SDP
        elif method == "SETUP":
            lines += "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n"
        length = f"Content-Length: {len(body)}\r\n" if body else ""
        writer.write(f"RTSP/1.0 {status}\r\nCSeq: {number}\r\n{lines}{length}\r\n{body}".encode())
        if method == "PLAY" and status == "200 OK":
            self._watchers.add(writer)


@asynccontextmanager
async def rtsp_camera(user: str = "", password: str = "", moved_to: str = "") -> AsyncIterator[RtspCamera]:
    """A camera with a port of its own, and one for the packets that it is to pass on."""
    camera = RtspCamera(user, password, moved_to)
    server = await asyncio.start_server(camera.serve, "127.0.0.1", 0)
    camera.port = server.sockets[0].getsockname()[1]
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: camera, local_addr=("127.0.0.1", 0)
    )
    camera.rtp_port = transport.get_extra_info("sockname")[1]
    try:
        yield camera
    finally:
        transport.close()
        server.close()
        for connection in list(camera.connections):
            connection.close()
        # What serves them sees their end in the next round of the loop.
        await asyncio.sleep(0)
