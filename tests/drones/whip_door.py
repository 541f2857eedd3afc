"""A WHIP door of aiortc, which decodes what a bridge brings: the far end in tests of the real ffmpeg."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError
from av import VideoFrame

BEARER = "b3arer-of-this-test"


class WhipDoor:
    """Admits whoever has the bearer; counts the frames of pictures and sound, and who gave their place back."""

    def __init__(self) -> None:
        self.frames = 0
        self.sounds = 0
        self.sizes: set[tuple[int, int]] = set()
        self.deleted = 0
        self.refused = 0
        self.is_shut = False
        self._peers: list[RTCPeerConnection] = []
        self._counting: list[asyncio.Task[None]] = []

    async def until_frames(self, count: int, seconds: float = 30) -> None:
        """Wait until so many more frames are decoded."""
        wanted = self.frames + count
        async with asyncio.timeout(seconds):
            while self.frames < wanted:  # noqa: ASYNC110 (counted by another library's task)
                await asyncio.sleep(0.02)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request, and close."""
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head.splitlines())}
            body = (await reader.readexactly(int(headers.get("content-length", 0)))).decode()
            writer.write(await self._answer(head.split()[0], headers.get("authorization", ""), body))
            await writer.drain()
        writer.close()

    async def close(self) -> None:
        for task in self._counting:
            task.cancel()
        for peer in self._peers:
            await peer.close()

    async def _answer(self, method: str, authorization: str, offer: str) -> bytes:
        if method == "DELETE":
            self.deleted += 1
            return b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        if self.is_shut or authorization != f"Bearer {BEARER}":
            self.refused += 1
            return b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self._peers.append(peer)
        peer.on("track", self._take)
        await peer.setRemoteDescription(RTCSessionDescription(offer, "offer"))
        await peer.setLocalDescription(await peer.createAnswer())
        answer = peer.localDescription.sdp.encode()
        head = f"HTTP/1.1 201 Created\r\nContent-Type: application/sdp\r\nContent-Length: {len(answer)}\r\n"
        return f"{head}Location: /whip/1\r\nConnection: close\r\n\r\n".encode() + answer

    def _take(self, track: MediaStreamTrack) -> None:
        self._counting.append(asyncio.create_task(self._count(track)))

    async def _count(self, track: MediaStreamTrack) -> None:
        with contextlib.suppress(MediaStreamError):
            while True:
                frame = await track.recv()
                if isinstance(frame, VideoFrame):
                    self.frames += 1
                    self.sizes.add((frame.width, frame.height))
                else:
                    self.sounds += 1


@asynccontextmanager
async def whip_door() -> AsyncIterator[tuple[WhipDoor, str]]:
    """A door, and its address."""
    door = WhipDoor()
    server = await asyncio.start_server(door.serve, "127.0.0.1", 0)
    try:
        yield door, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/whip"
    finally:
        server.close()
        await door.close()
