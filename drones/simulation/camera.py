"""A drone's controller as an RTSP server: it passes on the RTP packets that an ffmpeg beside it makes of a clip."""

from __future__ import annotations

import asyncio
import contextlib
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

# Whoever reads too slowly is cut off, as a controller with little memory does.
MOST_WAITING_BYTES = 2_000_000
_SDP = (
    "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=drone\r\nt=0 0\r\nm=video 0 RTP/AVP 96\r\nc=IN IP4 0.0.0.0\r\n"
    "a=rtpmap:96 H264/90000\r\na=fmtp:96 packetization-mode=1\r\na=control:track1\r\n"
)
_LINES = {
    "OPTIONS": "Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN\r\n",
    "DESCRIBE": "Content-Type: application/sdp\r\n",
    "SETUP": "Session: 1\r\nTransport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n",
}


class _Camera(asyncio.DatagramProtocol):
    def __init__(self) -> None:
        self._watchers: set[asyncio.StreamWriter] = set()

    def datagram_received(self, data: bytes, addr: object) -> None:
        """Pass a packet on to whoever watches, as channel 0."""
        for watcher in list(self._watchers):
            if watcher.transport.get_write_buffer_size() > MOST_WAITING_BYTES:
                watcher.transport.abort()
                self._watchers.discard(watcher)
            else:
                watcher.write(struct.pack("!cBH", b"$", 0, len(data)) + data)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection, until it ends."""
        try:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
                while method := await self._answer(reader, writer):
                    if method == "PLAY":
                        self._watchers.add(writer)
        finally:
            self._watchers.discard(writer)
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> str:
        """Answer one request and return its method; "" at the end."""
        first = await reader.readexactly(1)
        while first == b"$":
            # Reports of the receiver.
            await reader.readexactly(struct.unpack("!xH", await reader.readexactly(3))[0])
            first = await reader.readexactly(1)
        head = (first + await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        method = head.split(maxsplit=1)[0]
        number = next((line.split(":")[1].strip() for line in head.splitlines() if line.startswith("CSeq:")), "0")
        body = _SDP if method == "DESCRIBE" else ""
        length = f"Content-Length: {len(body)}\r\n" if body else ""
        lines = _LINES.get(method, "Session: 1\r\n")
        writer.write(f"RTSP/1.0 200 OK\r\nCSeq: {number}\r\n{lines}{length}\r\n{body}".encode())
        await writer.drain()
        return "" if method == "TEARDOWN" else method


@asynccontextmanager
async def camera(port: int) -> AsyncIterator[int]:
    """Serve RTSP on a port of loopback; yields the UDP port that takes RTP packets to pass on."""
    served = _Camera()
    server = await asyncio.start_server(served.serve, "127.0.0.1", port)
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: served, local_addr=("127.0.0.1", 0)
    )
    try:
        yield int(transport.get_extra_info("sockname")[1])
    finally:
        transport.close()
        server.close()
